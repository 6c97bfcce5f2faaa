/** What the database's thread is asked, and answers. Both ends are of one build: nothing is parsed. */

export interface ThreadData {
  readonly folder: string;
  readonly startParams: readonly string[];
}

export type Ask =
  | { readonly id: number; readonly what: 'query'; readonly sql: string; readonly params: readonly unknown[] }
  | { readonly id: number; readonly what: 'exec'; readonly sql: string }
  | { readonly id: number; readonly what: 'close' };

/** An error as it goes from one thread to the other: SQLSTATE, constraint and the like are among `fields`. */
export interface SentError {
  readonly message: string;
  readonly stack?: string | undefined;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** The answer to `id`; to 0: whether it started. */
export interface Answer {
  readonly id: number;
  readonly rows?: readonly unknown[];
  readonly error?: SentError;
  /** What PostgreSQL said last, once it has stopped. */
  readonly stopped?: string | undefined;
}

export function toSent(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), fields: {} };
  const fields = Object.entries(error).filter((entry): entry is [string, string | number | boolean] =>
    ['string', 'number', 'boolean'].includes(typeof entry[1]),
  );
  return { message: error.message, stack: error.stack, fields: Object.fromEntries(fields) };
}

export function fromSent({ message, stack, fields }: SentError): Error {
  return Object.assign(new Error(message), fields, stack === undefined ? {} : { stack });
}
