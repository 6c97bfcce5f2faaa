import type { DatasetFormat, DatasetReport } from '../../protocol/model/dataset';
import type { Inspected, Inspection } from './context';
import { inspectDelimited } from './delimited';
import { detectFormat, insistOn } from './detect';
import { Findings } from './findings';
import { inspectFolders } from './folderPerLabel';
import { inspectJsonl } from './jsonl';
import { inspectLjspeech } from './ljspeech';

const inspectors: Record<DatasetFormat, (inspection: Inspection) => Promise<Inspected>> = {
  'folder-per-label': inspectFolders,
  csv: inspectDelimited,
  tsv: inspectDelimited,
  jsonl: inspectJsonl,
  ljspeech: inspectLjspeech,
};

export interface FullReport extends DatasetReport {
  /** Where the data set begins: for a `metadata.csv` its folder. */
  readonly path: string;
  readonly sizeBytes: number;
  /** All there are, also those that `problems` leaves out for their number. */
  readonly errors: number;
  readonly warnings: number;
}

/**
 * Reads a data set once, rows as they come and sound by its headers, and says what it holds and what is wrong with it.
 * Bad data is no error but problems; rejects with `dataset.notFound` or `dataset.unsupported`, or when aborted.
 * @param target absolute path
 */
export async function inspectDataset(
  target: string,
  format: DatasetFormat | undefined,
  signal: AbortSignal,
): Promise<FullReport> {
  signal.throwIfAborted();
  const detected = format === undefined ? await detectFormat(target) : await insistOn(format, target);
  const findings = new Findings();
  const { items, stats } = await inspectors[detected.format]({ path: detected.path, findings, signal });
  return {
    ...detected,
    items,
    stats,
    sizeBytes: stats.bytes,
    problems: findings.problems(),
    errors: findings.errors,
    warnings: findings.warnings,
  };
}
