import { StudioError } from '../../protocol/wire/errors';

export function cancelled(cause?: unknown): StudioError {
  return new StudioError('cancelled', 'The operation was cancelled.', cause === undefined ? {} : { cause });
}

export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(signal.reason);
}
