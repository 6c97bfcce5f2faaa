/** One authenticated exchange with the hub: redirects, retries, and refusals as typed errors. */
import { isStudioError } from '../../protocol/wire/errors';
import { cancelled, throwIfAborted } from './cancelled';
import { errorFromNetwork, errorFromResponse, invalidResponse, offlineError } from './errors';
import type { Http, HttpResponse } from './http';
import type { HubOptions } from './options';
import { backoff, sleep, type BackoffOptions } from './retry';

export interface HubApiOptions {
  readonly http: Http;
  readonly options: () => HubOptions;
  /** Waits between attempts; shorter in tests. */
  readonly backoff?: BackoffOptions;
  /** Longest time for one answer with its body, in milliseconds. */
  readonly timeout?: number;
}

export interface Ask {
  /** Absolute, or from the endpoint on when it begins with `/`. */
  readonly url: string;
  readonly method?: 'GET' | 'HEAD' | 'POST';
  readonly accept?: string;
  readonly body?: string;
  /** What is asked for, as the subject of an error's sentence. */
  readonly subject: string;
  readonly signal?: AbortSignal | undefined;
  /** Instead of the one in force. */
  readonly token?: string;
  /** Answers redirects to other hosts as they are: their headers tell of the file behind. */
  readonly stopAtOtherHost?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sees every answer of the hub itself, redirects included; what it throws ends the request. */
  readonly onHubAnswer?: (answer: HttpResponse) => void;
}

export interface ReadAnswer {
  readonly status: number;
  readonly header: (name: string) => string | null;
  readonly body: Buffer;
}

const attempts = 3;
/** A person waits for the answer: a longer wait is left to them. */
const longestRetryAfter = 5;
const longestBody = 64 * 1024 * 1024;
const userAgent = 'goya-studio';

export class HubApi {
  constructor(private readonly config: HubApiOptions) {}

  get endpoint(): string {
    return this.config.options().endpoint;
  }

  get token(): string | undefined {
    return this.config.options().token;
  }

  /** The origin of a token that is not sent to this endpoint. */
  private get heldBackFor(): string | undefined {
    return this.config.options().heldBack?.origin;
  }

  /** As the end of a sentence; never the token itself. */
  get tokenSource(): string | undefined {
    const { token, tokenSource } = this.config.options();
    return token === undefined ? undefined : (tokenSource ?? 'Goya');
  }

  /** A successful answer with its body still to be read; anything else throws. */
  request(ask: Ask): Promise<HttpResponse> {
    return this.retrying(ask, () => this.follow(ask));
  }

  /** The same without trying again: for callers that know better when and from where. */
  async requestOnce(ask: Ask): Promise<HttpResponse> {
    const { endpoint, offline } = this.config.options();
    if (offline) throw offlineError(endpoint);
    return this.follow(ask);
  }

  /** A successful answer read to its end. */
  async read(ask: Ask, limit = longestBody): Promise<ReadAnswer> {
    const timeout = AbortSignal.timeout(this.config.timeout ?? 60_000);
    const signal = ask.signal === undefined ? timeout : AbortSignal.any([ask.signal, timeout]);
    return this.retrying(ask, async () => {
      try {
        const answer = await this.follow({ ...ask, signal });
        return {
          status: answer.status,
          header: answer.header,
          body: await this.readBody(ask, answer, limit),
        };
      } catch (error) {
        if (isStudioError(error) && error.kind !== 'cancelled') throw error;
        throw errorFromNetwork(this.absolute(ask.url), timeout.aborted ? new Error('ETIMEDOUT') : error);
      }
    });
  }

  /** The parsed JSON of an answer. */
  async json(ask: Ask): Promise<unknown> {
    const { body } = await this.read(ask);
    try {
      return JSON.parse(body.toString('utf8')) as unknown;
    } catch (error) {
      throw invalidResponse(this.absolute(ask.url), `${ask.subject} did not come as JSON`, error);
    }
  }

  absolute(url: string): string {
    return url.startsWith('/') ? `${this.endpoint}${url}` : url;
  }

  /** The token goes to the hub's own origin and nowhere else. */
  authorization(url: string, token = this.token): Record<string, string> {
    return token !== undefined && this.isHub(url) ? { authorization: `Bearer ${token}` } : {};
  }

  private isHub(url: string): boolean {
    return new URL(url).origin === new URL(this.endpoint).origin;
  }

  private async inspect(look: (answer: HttpResponse) => void, answer: HttpResponse): Promise<void> {
    try {
      look(answer);
    } catch (error) {
      await answer.discard();
      throw error;
    }
  }

  /** Failures that may pass by themselves are tried again, as long as a person would wait. */
  private async retrying<T>(ask: Ask, work: () => Promise<T>): Promise<T> {
    const { endpoint, offline } = this.config.options();
    if (offline) throw offlineError(endpoint);
    for (let failures = 1; ; failures += 1) {
      try {
        return await work();
      } catch (error) {
        throwIfAborted(ask.signal);
        const wait = waitBeforeRetry(error, failures, this.config.backoff ?? { base: 250, cap: 2000 });
        if (wait === undefined) throw error;
        await sleep(wait, ask.signal);
      }
    }
  }

  private async readBody(ask: Ask, answer: HttpResponse, limit: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of answer.body) {
      size += chunk.length;
      if (size > limit) {
        throw invalidResponse(this.absolute(ask.url), `${ask.subject} is longer than ${limit} bytes`);
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  private async follow(ask: Ask): Promise<HttpResponse> {
    let url = this.absolute(ask.url);
    for (let hops = 0; hops <= 5; hops += 1) {
      const authorization = this.authorization(url, ask.token);
      const answer = await this.exchange(url, ask, authorization);
      if (ask.onHubAnswer !== undefined && answer.status < 400 && this.isHub(url)) {
        await this.inspect(ask.onHubAnswer, answer);
      }
      if (answer.status >= 200 && answer.status < 300) return answer;
      const location = answer.header('location');
      if (answer.status < 300 || answer.status >= 400 || location === null) {
        const withToken = 'authorization' in authorization;
        throw await refusal(url, answer, ask, withToken, this.isHub(url) ? this.heldBackFor : undefined);
      }
      const next = new URL(location, url);
      if (ask.stopAtOtherHost === true && next.origin !== new URL(url).origin) return answer;
      await answer.discard();
      url = next.href;
    }
    throw invalidResponse(url, 'it redirects in circles');
  }

  private async exchange(
    url: string,
    ask: Ask,
    authorization: Record<string, string>,
  ): Promise<HttpResponse> {
    try {
      return await this.config.http.send({
        url,
        method: ask.method ?? 'GET',
        headers: {
          'user-agent': userAgent,
          accept: ask.accept ?? 'application/json',
          // Compressed answers lose their length, and their ranges are ranges of something else.
          'accept-encoding': 'identity',
          ...ask.headers,
          ...(ask.body === undefined ? {} : { 'content-type': 'application/json' }),
          ...authorization,
        },
        ...(ask.body === undefined ? {} : { body: ask.body }),
        signal: ask.signal,
      });
    } catch (error) {
      if (ask.signal?.aborted === true) throw cancelled(error);
      // A slip of ours, not of the network.
      if (error instanceof TypeError) throw error;
      throw errorFromNetwork(url, error);
    }
  }
}

/** Reads as much of a refusal's body as an error can show. */
export async function refusal(
  url: string,
  answer: HttpResponse,
  { subject }: { readonly subject: string },
  withToken: boolean,
  heldBackFor?: string,
): Promise<Error> {
  let body = '';
  try {
    for await (const chunk of answer.body) {
      body += chunk.toString('utf8');
      if (body.length > 2000) break;
    }
  } catch {
    // The status alone says enough.
  }
  const { status, header } = answer;
  return errorFromResponse({ url, status, header, body, withToken, heldBackFor, subject });
}

/** Milliseconds to wait before another attempt at a request that a person waits for; undefined when none helps. */
function waitBeforeRetry(error: unknown, failures: number, options: BackoffOptions): number | undefined {
  if (!isStudioError(error) || !error.retryable || failures >= attempts) return undefined;
  if (error.kind === 'hub.rateLimited') {
    const seconds = error.details?.['retryAfterSeconds'];
    return typeof seconds === 'number' && seconds <= longestRetryAfter ? seconds * 1000 : undefined;
  }
  // A host that refuses or has no name answers the same a second later.
  const codes = error.details?.['codes'];
  if (typeof codes === 'string' && !/ECONNRESET|EPIPE|UND_ERR_SOCKET|other side closed/.test(codes))
    return undefined;
  return backoff(failures, options);
}
