/** What runs a published model, wherever: the page's worker, or the backend. */
import type { Hearing } from '../../../ml/published/listener';
import type { WrittenPiece } from '../../../ml/published/writer';
import type { Answer } from '../resultView';

export const places = ['page', 'backend'] as const;
export type Place = (typeof places)[number];

export interface Sound {
  readonly samples: Float32Array;
  readonly sampleRate: number;
}

export interface Asked {
  readonly text?: string;
  /** `path`: where the backend finds it; absent for what was dropped. */
  readonly sound?: Sound & { readonly path?: string | undefined };
  readonly parameters?: Record<string, unknown>;
}

/** What comes while the model works. */
export interface WorkEvents {
  readonly signal: AbortSignal;
  onLoading(): void;
  onSound(piece: Sound): void;
  onHearing(hearing: Hearing): void;
  onWritten(piece: WrittenPiece): void;
}

/** What a model held after it was freed. */
export interface Freed {
  readonly bytes: number;
  readonly tensors: number;
}

export interface ModelWorker {
  readonly place: Place;
  /** Loads the model when it is first asked. */
  run(asked: Asked, events: WorkEvents): Promise<Answer>;
  /** Gives back all that it holds; undefined where nothing was loaded, or where it is not the page's. */
  free(): Promise<Freed | undefined>;
}
