/** What a hub's refusal, or the lack of an answer, means to a person. */
import { StudioError, type ErrorKind } from '../../protocol/wire/errors';
import { say, sentences } from '../language/say';
import { networkReason, wayRound } from './networkReasons';

/** What a refusal is told from; `url` without its query, which may carry a signature. */
export interface Refusal {
  readonly url: string;
  readonly status: number;
  readonly header: (name: string) => string | null;
  /** The first few hundred characters of the body. */
  readonly body: string;
  readonly withToken: boolean;
  /** The origin that the token in hand was given for, when it is another than this one's. */
  readonly heldBackFor?: string | undefined;
  /** What was asked for: a repository, `the search`, `the account`. */
  readonly subject: string;
}

export function errorFromResponse(refusal: Refusal): StudioError {
  const { status, header, subject, withToken } = refusal;
  const code = header('x-error-code');
  const said = serverMessage(refusal);
  const host = hostOf(refusal.url);
  const make = (kind: ErrorKind, message: string, retryable = false, more: object = {}): StudioError =>
    new StudioError(kind, message, {
      retryable,
      details: {
        status,
        host,
        ...(code === null ? {} : { code }),
        ...(said === '' ? {} : { said }),
        ...(withToken || refusal.heldBackFor === undefined ? {} : { heldBackFor: refusal.heldBackFor }),
        ...more,
      },
    });

  const kept = withToken ? '' : keptBack(refusal, host);
  if (code === 'GatedRepo') {
    return make(
      'hub.gated',
      sentences(
        withToken
          ? say`${subject} is gated: its conditions must be accepted on its page at ${host} first, by the account that the token belongs to.`
          : say`${subject} is gated: its conditions must be accepted on its page at ${host} first, and a token of that account set in Goya.`,
        kept,
      ),
    );
  }
  if (status === 401 && withToken) {
    return make(
      'hub.unauthorized',
      say`${host} refuses the token (401), so it answers nothing, public models included. Set a valid token or delete it.`,
    );
  }
  if (code === 'RevisionNotFound')
    return make('hub.notFound', say`${subject} has no such revision at ${host}.`);
  if (code === 'EntryNotFound') return make('hub.notFound', say`${subject} is not there at ${host}.`);
  if (code === 'RepoNotFound' || status === 404 || status === 410) {
    const hidden = withToken
      ? say`It may be private to another account.`
      : say`If it is private, set a token that may read it.`;
    const missing = say`${subject} was not found at ${host}. Check the spelling.`;
    return make('hub.notFound', sentences(missing, hidden, kept));
  }
  if (status === 401)
    return make(
      'hub.unauthorized',
      sentences(say`${subject} needs a token at ${host}.`, kept === '' ? say`Set one and try again.` : kept),
    );
  if (status === 403) return forbidden(refusal, said, host, make);
  if (status === 407) {
    return make(
      'hub.unreachable',
      say`The proxy asks for a user and password (407) before it lets Goya reach ${host}. Put them into the proxy's address (http://user:password@host:port).`,
      false,
      { reason: 'proxy' },
    );
  }
  if (status === 429) {
    const seconds = retryAfterSeconds(header);
    return make(
      'hub.rateLimited',
      say`${host} limits the number of requests (429). Try again ${seconds === undefined ? say`in a few minutes` : say`in ${seconds} s`}${withToken ? '' : say`; with a token the limit is higher`}.`,
      true,
      seconds === undefined ? {} : { retryAfterSeconds: seconds },
    );
  }
  if (status >= 500) {
    return make(
      'hub.unreachable',
      said === ''
        ? say`${host} has a problem of its own (${status}). Try again later.`
        : say`${host} has a problem of its own (${status}: ${said}). Try again later.`,
      true,
      { reason: 'server' },
    );
  }
  return make(
    'hub.invalidResponse',
    said === ''
      ? say`${host} answered ${status} for ${subject}.`
      : say`${host} answered ${status} for ${subject}: ${said}`,
  );
}

/** A token goes only where it was given for: who wonders why it did not help is told so, and how to send it. */
function keptBack({ heldBackFor }: Refusal, host: string): string {
  if (heldBackFor === undefined) return '';
  return say`Your token was given for ${hostOf(heldBackFor)} and was kept back from ${host}: set the token again to send it to this mirror.`;
}

type Make = (kind: ErrorKind, message: string, retryable?: boolean, more?: object) => StudioError;

/** A hub explains its 403; one without a word comes from something on the way that blocks this network. */
function forbidden(refusal: Refusal, said: string, host: string, make: Make): StudioError {
  if (refusal.header('x-error-message') !== null || /"error"/.test(refusal.body)) {
    const token = refusal.withToken
      ? say`The token may lack the permission to read it: a fine-grained one must name this repository.`
      : sentences(say`A token may be needed.`, keptBack(refusal, host));
    const refused = say`${host} does not allow ${refusal.subject} (403: ${said}).`;
    return make('hub.unauthorized', sentences(refused, token));
  }
  return make(
    'hub.unreachable',
    sentences(
      said === ''
        ? say`${host} refuses this network (403), for ${refusal.subject}.`
        : say`${host} refuses this network (403: ${said}), for ${refusal.subject}.`,
      wayRound(),
    ),
    false,
    { reason: 'blocked' },
  );
}

function serverMessage(refusal: Refusal): string {
  const header = refusal.header('x-error-message');
  if (header !== null && header !== '') return header.slice(0, 300);
  const json = /"(?:error|message)"\s*:\s*"([^"]{1,300})/.exec(refusal.body)?.[1];
  if (json !== undefined) return json;
  const text = refusal.body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.slice(0, 200);
}

/** `Retry-After` as seconds or date, else the reset time of the `RateLimit` header; seconds, rounded up. */
export function retryAfterSeconds(
  header: (name: string) => string | null,
  now = Date.now(),
): number | undefined {
  const after = header('retry-after');
  if (after !== null && /^\d+(\.\d+)?$/.test(after.trim())) return Math.ceil(Number(after));
  if (after !== null) {
    const at = Date.parse(after);
    if (!Number.isNaN(at)) return Math.max(0, Math.ceil((at - now) / 1000));
  }
  const reset = /(?:^|;)\s*t=(\d+)/.exec(header('ratelimit') ?? '')?.[1];
  return reset === undefined ? undefined : Number(reset);
}

/** No answer at all. The message names the host, the cause and what a person can do; `details.reason` is a code. */
export function errorFromNetwork(url: string, cause: unknown): StudioError {
  const host = hostOf(url);
  const { reason, said, advice, retryable, codes, proxy, proxyStatus } = networkReason(cause);
  return new StudioError('hub.unreachable', sentences(say`${host} cannot be reached: ${said}.`, advice), {
    retryable,
    details: { host, reason, codes, ...(proxy && { proxy }), ...(proxyStatus && { proxyStatus }) },
    cause,
  });
}

export function offlineError(endpoint: string): StudioError {
  const host = hostOf(endpoint);
  return new StudioError(
    'hub.unreachable',
    say`${host} is not asked because HF_HUB_OFFLINE is set. Unset it and restart the backend to go online.`,
    { details: { host, reason: 'offline', offline: true } },
  );
}

export function invalidResponse(url: string, what: string, cause?: unknown): StudioError {
  const host = hostOf(url);
  return new StudioError(
    'hub.invalidResponse',
    say`${host} answered something that is not what a hub answers: ${what}. Check the hub endpoint, and that no login page stands between.`,
    { retryable: true, details: { host }, ...(cause === undefined ? {} : { cause }) },
  );
}

export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
