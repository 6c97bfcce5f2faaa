import { MlError } from '../../ml/errors';
import { StudioError } from '../../protocol/wire/errors';

export interface Refusal {
  readonly kind: string;
  readonly message: string;
}

/** An error in one line. */
export function refusalOf(error: unknown): Refusal {
  const kind = error instanceof MlError ? error.code : error instanceof StudioError ? error.kind : 'internal';
  const message = error instanceof Error ? error.message : String(error);
  return { kind, message: message.replace(/\s*\n\s*/g, ' ').slice(0, 500) };
}
