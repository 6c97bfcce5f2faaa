/**
 * The only sockets to a hub: pooled, through the proxies that the environment names, with time limits.
 * undici is loaded with the first request, not with the backend.
 */
import type { Dispatcher } from 'undici';

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
  /** Where the proxies are read from; `process.env` when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A proxy elsewhere could not reach this machine's own loopback anyway. */
const neverProxied = 'localhost,127.0.0.1,[::1]';

export function createHttp(options: HttpOptions = {}): Http {
  let dispatcher: Promise<Dispatcher> | undefined;
  const open = (): Promise<Dispatcher> => (dispatcher ??= createDispatcher(options));
  return {
    send: async (request) => {
      const { request: exchange } = await import('./sockets');
      const answer = await exchange(request.url, {
        dispatcher: await open(),
        method: request.method ?? 'GET',
        headers: request.headers,
        signal: request.signal ?? null,
        ...(request.body === undefined ? {} : { body: request.body }),
      });
      return toResponse(answer);
    },
    close: async () => {
      const opened = dispatcher;
      dispatcher = undefined;
      if (opened !== undefined) await (await opened).destroy();
    },
  };
}

async function createDispatcher(options: HttpOptions): Promise<Dispatcher> {
  const { EnvHttpProxyAgent } = await import('./sockets');
  const env = options.env ?? process.env;
  const variable = (name: string): string => (env[name.toLowerCase()] || env[name]) ?? '';
  const noProxy = [variable('NO_PROXY'), neverProxied].filter(Boolean).join(',');
  return new EnvHttpProxyAgent({
    httpProxy: variable('HTTP_PROXY'),
    httpsProxy: variable('HTTPS_PROXY'),
    noProxy,
    connect: { timeout: options.connectTimeout ?? 10_000 },
    headersTimeout: options.headersTimeout ?? 30_000,
    // The transfer watches for stalls itself: it alone knows when the waiting is its own.
    bodyTimeout: 0,
    keepAliveTimeout: 10_000,
  });
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
