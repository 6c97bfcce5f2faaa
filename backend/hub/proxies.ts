/**
 * Which proxy a request goes through. The settings win over the environment; the hosts that either of them excepts are
 * excepted, and loopback always is.
 */
import { say } from '../language/say';

/** What the client's settings say; empty texts say nothing. */
export interface NetworkSettings {
  /** An address; `direct`: none, whatever the environment says; `environment`: what that says. */
  readonly proxy?: string | undefined;
  readonly noProxy?: readonly string[] | undefined;
  /** False: certificates are not checked. */
  readonly strictTls?: boolean | undefined;
  /** A whole `Proxy-Authorization` header; wins over the user and password of the address. */
  readonly proxyAuthorization?: string | undefined;
}

export interface Proxy {
  /** Without user and password. */
  readonly uri: string;
  readonly host: string;
  readonly kind: 'http' | 'socks';
  /** The `Proxy-Authorization` header; for SOCKS `user:password`. */
  readonly authorization?: string;
  /** Which setting or variable named it. */
  readonly source: string;
}

/** A proxy whose address nobody can use. Never shows the address: it may hold a password. */
export class ProxyAddressError extends Error {
  readonly code = 'ERR_PROXY_ADDRESS';
  constructor(readonly source: string) {
    super(say`the proxy address in ${source} is not one of http://, https:// or socks5://host:port`);
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined: no proxy. Throws `ProxyAddressError`. */
export function proxyFor(url: URL, settings: NetworkSettings, env: Environment): Proxy | undefined {
  const set = settings.proxy?.trim() ?? '';
  if (set === 'direct') return undefined;
  const found =
    set === '' || set === 'environment'
      ? fromEnvironment(url, env)
      : { address: set, source: 'the settings' };
  if (found === undefined || isExcepted(url, settings, env)) return undefined;
  return readProxy(found.address, found.source, settings.proxyAuthorization);
}

/** Lower case first, as everybody does; an HTTP proxy alone serves HTTPS too, by its tunnel. */
function fromEnvironment(url: URL, env: Environment): { address: string; source: string } | undefined {
  const names = [
    ...(url.protocol === 'https:' ? ['HTTPS_PROXY'] : ['HTTP_PROXY']),
    'ALL_PROXY',
    'HTTP_PROXY',
  ];
  for (const name of names) {
    for (const key of [name.toLowerCase(), name]) {
      const address = env[key]?.trim() ?? '';
      if (address !== '') return { address, source: key };
    }
  }
  return undefined;
}

export function readProxy(address: string, source: string, authorization?: string): Proxy {
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  const socks = /^socks(5h?)?:$/.test(url?.protocol ?? '');
  if (url === undefined || url.hostname === '' || !(socks || /^https?:$/.test(url.protocol))) {
    throw new ProxyAddressError(source);
  }
  const login = url.username === '' ? undefined : `${decoded(url.username)}:${decoded(url.password)}`;
  const basic = login === undefined ? undefined : `Basic ${Buffer.from(login).toString('base64')}`;
  const header = socks ? login : authorization?.trim() || basic;
  return {
    uri: `${socks ? 'socks5:' : url.protocol}//${url.host}`,
    host: url.host,
    kind: socks ? 'socks' : 'http',
    ...(header === undefined ? {} : { authorization: header }),
    source,
  };
}

/** A password may hold a `%` that nobody escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?)$/i.test(hostname);
}

function isExcepted(url: URL, settings: NetworkSettings, env: Environment): boolean {
  // A proxy elsewhere could not reach this machine's own loopback anyway.
  if (isLoopback(url.hostname)) return true;
  const listed = (env['no_proxy'] || env['NO_PROXY']) ?? '';
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  const host = url.hostname.toLowerCase();
  return [...(settings.noProxy ?? []), ...listed.split(/[,\s]/)].some((entry) => {
    const [, name = '', only] = /^(.+?)(?::(\d+))?$/.exec(entry.trim().toLowerCase()) ?? [];
    if (name === '') return false;
    if (name === '*') return true;
    const bare = name.replace(/^\*?\./, '');
    return (only === undefined || only === port) && (host === bare || host.endsWith(`.${bare}`));
  });
}
