/**
 * The only sockets to a hub: pooled, through the proxies that settings and environment name, with time limits.
 * undici is loaded with the first request, not with the backend.
 */
import type { Dispatcher } from 'undici';
import { ProxyFailure } from './networkReasons';
import { proxyFor, type Environment, type NetworkSettings, type Proxy } from './proxies';

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  readonly header: (name: string) => string | null;
  /** The bytes as they come from the wire, never decompressed. Leave it unread only after `discard()`. */
  readonly body: AsyncIterable<Buffer>;
  /** Gives the connection back, or closes it when much is still to come. */
  readonly discard: () => Promise<void>;
}

/** One exchange without following redirects; rejects only when there is no answer. */
export type HttpSend = (request: HttpRequest) => Promise<HttpResponse>;

export interface Http {
  readonly send: HttpSend;
  /** Closes idle connections and ends the busy ones. */
  readonly close: () => Promise<void>;
}

export interface HttpOptions {
  /** Longest wait for a connection, in milliseconds. */
  readonly connectTimeout?: number;
  /** Longest wait for the head of an answer, in milliseconds. */
  readonly headersTimeout?: number;
  /** Read for every request, so that a change applies to the next connection. */
  readonly network?: () => NetworkSettings;
  /** Where the proxies are read from that no setting names; `process.env` when left out. */
  readonly env?: Environment;
}

export function createHttp(options: HttpOptions = {}): Http {
  /** By their way: what a connection was made through stays what it is when the settings change. */
  const ways = new Map<string, Promise<Dispatcher>>();
  return {
    send: async (request) => {
      const { request: exchange } = await import('./sockets');
      const network = options.network?.() ?? {};
      const proxy = proxyFor(new URL(request.url), network, options.env ?? process.env);
      const strict = network.strictTls !== false;
      const key = JSON.stringify([proxy?.uri, proxy?.authorization, strict]);
      const way = ways.get(key) ?? createDispatcher(options, proxy, strict);
      ways.set(key, way);
      try {
        const answer = await exchange(request.url, {
          dispatcher: await way,
          method: request.method ?? 'GET',
          headers: request.headers,
          signal: request.signal ?? null,
          ...(request.body === undefined ? {} : { body: request.body }),
        });
        return toResponse(answer);
      } catch (error) {
        throw proxy === undefined ? error : asProxyFailure(proxy, error);
      }
    },
    close: async () => {
      const opened = [...ways.values()];
      ways.clear();
      await Promise.all(opened.map(async (way) => (await way).destroy()));
    },
  };
}

async function createDispatcher(
  options: HttpOptions,
  proxy: Proxy | undefined,
  strict: boolean,
): Promise<Dispatcher> {
  const { Agent, Pool, ProxyAgent } = await import('./sockets');
  const tls = { timeout: options.connectTimeout ?? 10_000, rejectUnauthorized: strict };
  const common = {
    headersTimeout: options.headersTimeout ?? 30_000,
    // The transfer watches for stalls itself: it alone knows when the waiting is its own.
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
  };
  if (proxy === undefined) return new Agent({ ...common, connect: tls });
  const { uri, authorization, kind } = proxy;
  const [username, ...password] = (authorization ?? '').split(':');
  const login =
    kind === 'socks' && authorization !== undefined
      ? { username, password: password.join(':') }
      : authorization === undefined
        ? {}
        : { token: authorization };
  return new ProxyAgent({
    ...common,
    ...login,
    uri,
    requestTls: tls,
    proxyTls: tls,
    // A proxy that takes the connection and says nothing must not be waited for as long as for a download.
    clientFactory: (origin, pool) => new Pool(origin, { ...pool, headersTimeout: tls.timeout }),
  });
}

/** Everything that goes wrong before there is a tunnel is the proxy's doing, not the hub's. */
function asProxyFailure(proxy: Proxy, error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: unknown };
  const connecting =
    typeof code === 'string' &&
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(
      code,
    );
  const told = /Proxy response \((\d+)\)/.exec(error.message)?.[1];
  return connecting || told !== undefined || /socks5/i.test(error.message)
    ? new ProxyFailure(proxy, told === undefined ? undefined : Number(told), error)
    : error;
}

function toResponse(answer: Dispatcher.ResponseData): HttpResponse {
  const { statusCode, headers, body } = answer;
  // A body nobody reads any more may still fail: without a listener that would end the process.
  body.on('error', () => undefined);
  return {
    status: statusCode,
    header: (name) => {
      const value = headers[name.toLowerCase()];
      return value === undefined ? null : Array.isArray(value) ? value.join(', ') : value;
    },
    body: body as AsyncIterable<Buffer>,
    discard: async () => {
      await body.dump({ limit: 64 * 1024 }).catch(() => body.destroy());
    },
  };
}
