import { StudioError } from '../../protocol/wire/errors';

export type UnavailableReason =
  | 'badAddress'
  | 'unreachable'
  | 'refused'
  | 'diskFull'
  | 'readOnly'
  | 'storage'
  | 'damaged'
  | 'incompatible'
  | 'tooOld'
  | 'closed';

/** `details.reason` tells the cases of one kind apart. */
export function unavailable(
  reason: UnavailableReason,
  message: string,
  options: { cause?: unknown; retryable?: boolean; details?: Record<string, unknown> } = {},
): StudioError {
  return new StudioError('database.unavailable', message, {
    retryable: options.retryable ?? false,
    details: { reason, ...options.details },
    cause: options.cause,
  });
}

/** SQLSTATE, errno name, or undefined. */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

const full = new Set(['ENOSPC', 'EDQUOT', '53100']);
const readOnly = new Set(['EROFS', 'EACCES', 'EPERM']);

/** What a failed file operation on the storage means for its user; undefined when it is something else. */
export function storageError(error: unknown, folder: string): StudioError | undefined {
  const code = errorCode(error) ?? '';
  if (full.has(code)) {
    return unavailable(
      'diskFull',
      `The disk that holds the database (${folder}) is full. Free some space and try again; nothing that was saved is lost.`,
      { cause: error, retryable: true, details: { folder } },
    );
  }
  if (readOnly.has(code)) {
    return unavailable(
      'readOnly',
      `The database in ${folder} cannot be written to (${code}). Give yourself write access to that folder, or choose another storage folder.`,
      { cause: error, details: { folder } },
    );
  }
  if (/^E[A-Z]+$/.test(code)) {
    return unavailable(
      'storage',
      `The database folder ${folder} cannot be used (${code}). Check that path and its disk, or choose another storage folder.`,
      { cause: error, details: { folder } },
    );
  }
  return undefined;
}
