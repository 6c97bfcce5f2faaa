import type { DataSource } from '../sdk/data/source';
import type { ClipMemory } from './clipCache';
import type { Findings } from './findings';
import type { RowIndex } from './indexedRow';

export interface InspectionProgress {
  readonly phase: 'rows' | 'sound';
  readonly done: number;
  readonly total?: number;
}

/** What every format's inspection gets. */
export interface Inspection {
  readonly source: DataSource;
  readonly findings: Findings;
  readonly index: RowIndex;
  /** What is known of clips from an earlier look. */
  readonly clips: ClipMemory;
  readonly signal: AbortSignal;
  onProgress(progress: InspectionProgress): void;
}

export interface Inspected {
  readonly items: number;
  /** Figures for `DatasetReport.stats`; `bytes` is always there. */
  readonly stats: { readonly bytes: number } & Readonly<Record<string, unknown>>;
}
