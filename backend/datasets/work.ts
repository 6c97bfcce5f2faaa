/** What is done with data sets: by a thread of its own in the backend, in place where a test wants it. */
import type { DatasetFormat } from '../../protocol/model/dataset';
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

export interface DatasetWork {
  inspect(place: Place, watched: Watched): Promise<FullReport>;
}

export type WorkName = keyof DatasetWork;
