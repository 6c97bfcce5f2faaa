/** Requests to a package index and the hosts of its files: redirects followed, a login kept to its own origin. */
import type { HttpResponse, HttpSend } from '../../../hub/http';
import { StudioError } from '../../../../protocol/wire/errors';

export interface Asked {
  readonly send: HttpSend;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly response: HttpResponse;
  /** Where it came from in the end, without login. */
  readonly url: string;
}

const mostRedirects = 8;

/** Rejects with `engine.unavailable` when nobody answers, and with what aborted the signal. */
export async function exchange(address: string, { send, headers = {}, signal }: Asked): Promise<Answered> {
  const first = new URL(address);
  const login = loginOf(first);
  let url = first;
  for (let i = 0; i <= mostRedirects; i++) {
    url.username = '';
    url.password = '';
    const authorization = url.origin === first.origin ? login : {};
    const response = await ask(send, url.href, { ...headers, ...authorization }, signal);
    const target = response.header('location');
    if (response.status < 300 || response.status > 399 || target === null) return { response, url: url.href };
    await response.discard();
    url = new URL(target, url);
  }
  throw unreachable(first.host, 'it redirects for ever');
}

async function ask(
  send: HttpSend,
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<HttpResponse> {
  try {
    return await send({ url, headers, signal });
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(new URL(url).host, error instanceof Error ? error.message : String(error), error);
  }
}

function loginOf({ username, password }: URL): Record<string, string> {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

export function unreachable(host: string, why: string, cause?: unknown): StudioError {
  return new StudioError(
    'engine.unavailable',
    `The package index cannot be used: ${host}: ${why}. Check the connection and the proxy, or choose another index, ` +
      'then install again: what has come is kept.',
    { retryable: true, details: { host }, cause },
  );
}
