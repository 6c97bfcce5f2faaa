import { isStudioError, StudioError, type ErrorKind } from '../../../protocol/wire/errors';
import type { InspectionProgress } from '../context';
import type { WorkName } from '../work';

export interface ThreadStart {
  readonly storagePath: string;
  readonly locale: string;
}

/** To the thread: work, or that some is no longer wanted. */
export type ToThread =
  | { readonly id: number; readonly name: WorkName; readonly params: unknown }
  | { readonly id: number; readonly cancel: true };

export type FromThread =
  | { readonly id: number; readonly progress: InspectionProgress }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };

/** An error as far as it survives the way between threads. */
export type Failure =
  | {
      readonly kind: ErrorKind;
      readonly message: string;
      readonly retryable: boolean;
      readonly details?: Readonly<Record<string, unknown>> | undefined;
    }
  | {
      readonly kind?: undefined;
      readonly name: string;
      readonly message: string;
      readonly stack?: string | undefined;
      readonly code?: string | undefined;
      readonly path?: string | undefined;
    };

export function toFailure(error: unknown): Failure {
  if (isStudioError(error)) {
    const { kind, message, retryable, details } = error;
    return { kind, message, retryable, details };
  }
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { code, path } = error as NodeJS.ErrnoException;
  return { name: error.name, message: error.message, stack: error.stack, code, path };
}

export function toError(failure: Failure): Error {
  if (failure.kind !== undefined) {
    const { kind, message, retryable, details } = failure;
    return new StudioError(kind, message, { retryable, ...(details && { details }) });
  }
  const { name, message, stack, code, path } = failure;
  return Object.assign(new Error(message), { name, stack, code, path });
}
