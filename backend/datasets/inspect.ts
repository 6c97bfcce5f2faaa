import type { DatasetFormat, DatasetReport } from '../../protocol/model/dataset';
import { detectFormat, insistOn } from '../sdk/data/detect';
import { sourceOf, type DataSource } from '../sdk/data/source';
import { noMemory, type ClipMemory } from './clipCache';
import type { Inspection, InspectionProgress } from './context';
import { Findings } from './findings';
import { inspectFolders } from './folderPerLabel';
import { RowIndex } from './indexedRow';
import { inspectParquet } from './parquet';
import { inspectTable } from './table';

export interface FullReport extends DatasetReport {
  /** Where the data set begins: for a `metadata.csv` its folder. */
  readonly path: string;
  readonly sizeBytes: number;
  /** All there are, also those that `problems` leaves out for their number. */
  readonly errors: number;
  readonly warnings: number;
}

export interface Inspected {
  readonly report: FullReport;
  readonly source: DataSource;
  readonly index: RowIndex;
}

export interface InspectOptions {
  /** Found out when left out. */
  readonly format?: DatasetFormat | undefined;
  readonly signal: AbortSignal;
  readonly clips?: ClipMemory | undefined;
  onProgress?(progress: InspectionProgress): void;
}

/**
 * Reads a data set once, rows as they come and sound in blocks, and says what it holds and what is wrong with it.
 * Bad data is no error but problems; rejects with `dataset.notFound` or `dataset.unsupported`, or when aborted.
 * @param target absolute path
 */
export async function inspectDataset(target: string, options: InspectOptions): Promise<Inspected> {
  const { format, signal } = options;
  signal.throwIfAborted();
  const detected = format === undefined ? await detectFormat(target) : await insistOn(format, target);
  const source = await sourceOf(detected.format, detected.path);
  const findings = new Findings();
  const index = new RowIndex();
  const { items, stats } = await inspectSource({
    source,
    findings,
    index,
    clips: options.clips ?? noMemory,
    signal,
    onProgress: (progress) => options.onProgress?.(progress),
  });
  const report = {
    ...detected,
    items,
    stats: { ...stats, findings: findings.byCode() },
    sizeBytes: stats.bytes,
    problems: findings.problems(),
    errors: findings.errors,
    warnings: findings.warnings,
  };
  return { report, source, index };
}

function inspectSource(inspection: Inspection) {
  const { table, format } = inspection.source;
  if (format === 'parquet') return inspectParquet(inspection);
  return table === undefined ? inspectFolders(inspection) : inspectTable(inspection, table);
}
