/** What is done with data sets: by a thread of its own in the backend, in place where a test wants it. */
import type {
  datasetsClip,
  datasetsEdit,
  datasetsFixes,
  datasetsNormalize,
  datasetsPreview,
  datasetsRedo,
  datasetsRows,
  datasetsUndo,
  datasetsWrite,
} from '../../protocol/api/datasets';
import type { DatasetFormat } from '../../protocol/model/dataset';
import type { Params, RequestSpec, ResultIn } from '../../protocol/wire/spec';
import type { ExtractRequest, ExtractState } from './extract';
import type { InspectionProgress } from './context';
import type { FullReport } from './inspect';

export interface Place {
  /** Absolute. */
  readonly path: string;
  readonly format?: DatasetFormat | undefined;
}

export interface Watched {
  readonly signal: AbortSignal;
  onProgress?(progress: InspectionProgress): void;
}

type Work<S extends RequestSpec> = (params: Params<S>, watched: Watched) => Promise<ResultIn<S>>;

/** Paths are absolute. */
export interface DatasetWork {
  inspect(place: Place, watched: Watched): Promise<FullReport>;
  readonly rows: Work<typeof datasetsRows>;
  readonly edit: Work<typeof datasetsEdit>;
  readonly normalize: Work<typeof datasetsNormalize>;
  readonly undo: Work<typeof datasetsUndo>;
  readonly redo: Work<typeof datasetsRedo>;
  readonly preview: Work<typeof datasetsPreview>;
  readonly write: Work<typeof datasetsWrite>;
  readonly clip: Work<typeof datasetsClip>;
  /** Progress counts rows. */
  extract(request: ExtractRequest, watched: Watched): Promise<ExtractState>;
  readonly fixes: Work<typeof datasetsFixes>;
}

export type WorkName = keyof DatasetWork;
