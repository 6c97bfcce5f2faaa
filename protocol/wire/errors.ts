/**
 * The one error type that crosses every border of the studio.
 *
 * A kind is a dotted string that never changes once released: clients test for it, never for the message.
 * A message says what happened, to what, and what can be done about it.
 */

/** Every kind with its JSON-RPC code. Codes are append-only: a released pair is never renumbered. */
export const errorCodes = {
  internal: 1001,
  cancelled: 1002,
  'hub.notFound': 1101,
  'hub.unauthorized': 1102,
  'hub.gated': 1103,
  'hub.rateLimited': 1104,
  'hub.unreachable': 1105,
  'hub.invalidResponse': 1106,
  'download.checksum': 1201,
  'download.diskFull': 1202,
  'download.unsafePath': 1203,
  'download.notFound': 1204,
  'download.writeFailed': 1205,
  'download.invalidState': 1206,
  'model.notFound': 1301,
  'model.unsupported': 1302,
  'model.corrupt': 1303,
  'model.unsafe': 1304,
  'model.inUse': 1305,
  'inference.invalidInput': 1351,
  'training.invalidConfig': 1401,
  'training.invalidData': 1402,
  'training.notFound': 1403,
  'training.invalidState': 1404,
  'training.diverged': 1405,
  'training.outputFailed': 1406,
  'dataset.notFound': 1501,
  'dataset.unsupported': 1502,
  'dataset.changed': 1503,
  'dataset.writeFailed': 1504,
  'dataset.tooLarge': 1505,
  'engine.unavailable': 1601,
  'database.unavailable': 1701,
  'database.locked': 1702,
  'plugin.failed': 1801,
  'settings.invalid': 1901,
} as const;

export type ErrorKind = keyof typeof errorCodes;

export const errorKinds = Object.keys(errorCodes) as ErrorKind[];

export interface StudioErrorOptions {
  /** True when the same call may succeed later without the user changing anything. */
  readonly retryable?: boolean;
  /** Machine-readable facts: paths, urls, problems. Never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    readonly kind: ErrorKind,
    message: string,
    options: StudioErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryable = options.retryable ?? false;
    this.details = options.details;
  }
}

export function isStudioError(error: unknown, kind?: ErrorKind): error is StudioError {
  return error instanceof StudioError && (kind === undefined || error.kind === kind);
}

/** Any thrown value as a StudioError; what is not ours becomes `internal` with the cause kept for the log. */
export function toStudioError(error: unknown): StudioError {
  if (error instanceof StudioError) return error;
  if (error instanceof Error && error.name === 'AbortError') {
    return new StudioError('cancelled', 'The operation was cancelled.', { cause: error });
  }
  return new StudioError('internal', 'An unexpected error occurred in Goya; the log has the details.', {
    cause: error,
  });
}
