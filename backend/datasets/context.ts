import type { Findings } from './findings';

/** What every format's inspection gets. */
export interface Inspection {
  /** Absolute file or folder. */
  readonly path: string;
  readonly findings: Findings;
  readonly signal: AbortSignal;
}

export interface Inspected {
  readonly items: number;
  /** Figures for `DatasetReport.stats`; `bytes` is always there. */
  readonly stats: { readonly bytes: number } & Readonly<Record<string, unknown>>;
}
