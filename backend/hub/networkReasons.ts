/** Why there was no answer, and what a person can do about each reason. */
import { say, sentences } from '../language/say';
import { ProxyAddressError, type Proxy } from './proxies';

/** Codes that clients may test for in `details.reason`. */
export type NetworkReason =
  'dns' | 'tls' | 'clock' | 'refused' | 'cut' | 'timeout' | 'noRoute' | 'proxy' | 'failed';

/** The way to the proxy, or the proxy itself, failed. */
export class ProxyFailure extends Error {
  constructor(
    readonly proxy: Proxy,
    /** What it answered, if it did. */
    readonly status: number | undefined,
    cause: Error,
  ) {
    super(`by the proxy ${proxy.host}: ${cause.message}`, { cause });
  }
}

export const wayRound = (): string =>
  say`Set a mirror as the hub endpoint (goya.hub.endpoint or HF_ENDPOINT), or a proxy (http.proxy or HTTPS_PROXY), and try again; Goya: Check Connection finds a way that works.`;

interface Told {
  readonly reason: NetworkReason;
  readonly said: string;
  readonly advice: string;
  readonly retryable: boolean;
  /** The proxy's host, and what it answered. */
  readonly proxy?: string;
  readonly proxyStatus?: number;
}

/** What is said of each, and advised; what no row knows is the last of them. */
const words: Readonly<Partial<Record<NetworkReason, () => readonly [string, string]>>> = {
  dns: () => [say`its name cannot be resolved`, say`Check the spelling and the DNS of this network.`],
  refused: () => [say`it refuses the connection`, ''],
  clock: () => [
    say`its certificate is not valid today, by the clock of this machine`,
    say`Check this machine's date first.`,
  ],
  tls: () => [
    say`its certificate cannot be trusted, so something stands between`,
    say`Where that is your own network, name its certificate in NODE_EXTRA_CA_CERTS and restart the editor.`,
  ],
  cut: () => [say`the connection was cut`, ''],
  timeout: () => [say`it did not answer in time`, ''],
  noRoute: () => [say`there is no route to it`, say`Check that this machine is online.`],
  failed: () => [say`the request failed`, ''],
};

const table: readonly (readonly [RegExp, NetworkReason])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'dns'],
  [/ECONNREFUSED/, 'refused'],
  [/CERT_HAS_EXPIRED|CERT_NOT_YET_VALID/, 'clock'],
  [/CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER|SSL|TLS/, 'tls'],
  [/ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed/, 'cut'],
  [/TIMEOUT|ETIMEDOUT/i, 'timeout'],
  [/ENETUNREACH|EHOSTUNREACH|ENETDOWN/, 'noRoute'],
];

/** Of the failure of a request that got no answer. `codes` is one line for the log and for tests of the cause. */
export function networkReason(cause: unknown): Told & { readonly codes: string } {
  const codes = causeCodes(cause);
  const failed = proxyReason(cause);
  if (failed !== undefined) return { ...failed, codes };
  const reason = table.find(([expression]) => expression.test(codes))?.[1] ?? 'failed';
  const [said, advice] = words[reason]?.() ?? ['', ''];
  const retryable = reason !== 'tls' && reason !== 'clock';
  return { reason, said, advice: sentences(advice, wayRound()), retryable, codes };
}

const correct = (): string =>
  say`Correct or clear it (http.proxy in the settings, or HTTPS_PROXY), or set a mirror as the hub endpoint.`;

/** The same of the way to the proxy. */
const proxyWords: Readonly<Partial<Record<NetworkReason, () => string>>> = {
  dns: () => say`has a name that cannot be resolved`,
  refused: () => say`refuses the connection`,
  timeout: () => say`does not answer in time`,
  noRoute: () => say`cannot be reached from here`,
};

function proxyReason(cause: unknown): Told | undefined {
  const address = find(cause, (error) => error instanceof ProxyAddressError);
  if (address instanceof ProxyAddressError) {
    return { reason: 'proxy', said: address.message, advice: correct(), retryable: false };
  }
  const failure = find(cause, (error) => error instanceof ProxyFailure);
  if (!(failure instanceof ProxyFailure)) return undefined;
  const { host, source } = failure.proxy;
  const said = (what: string, advice: string, retryable: boolean): Told => ({
    reason: 'proxy',
    said: say`the proxy ${host} (from ${source}) ${what}`,
    advice,
    retryable,
    proxy: host,
    ...(failure.status === undefined ? {} : { proxyStatus: failure.status }),
  });
  if (failure.status === 407) {
    const where = say`Put them into its address (http://user:password@host:port) or into http.proxyAuthorization.`;
    return said(say`asks for a user and password (407)`, where, false);
  }
  if (failure.status !== undefined)
    return said(say`refuses to connect to it (${failure.status})`, correct(), true);
  const codes = causeCodes(failure.cause);
  const reason = table.find(([expression]) => expression.test(codes))?.[1] ?? 'failed';
  const what = proxyWords[reason]?.() ?? say`does not let the connection through`;
  return said(what, correct(), true);
}

function chain(cause: unknown): Error[] {
  const found: Error[] = [];
  let error: unknown = cause;
  for (let depth = 0; depth < 6 && error instanceof Error; depth += 1) {
    found.push(error);
    error = error instanceof AggregateError ? error.errors[0] : error.cause;
  }
  return found;
}

const find = (cause: unknown, wanted: (error: Error) => boolean): Error | undefined =>
  chain(cause).find(wanted);

/** The error codes and messages along the chain of causes, as one line. */
function causeCodes(cause: unknown): string {
  return chain(cause)
    .map((error) => {
      const { code } = error as { code?: unknown };
      // What a proxy says stands in the message alone.
      const said = typeof code !== 'string' || /proxy/i.test(error.message);
      return [...(typeof code === 'string' ? [code] : []), ...(said ? [error.message] : [])].join(' ');
    })
    .join(' ');
}
