/** What `datasets/inspect` says of a data set, as far as a config can be guessed from it. Pure. */
import * as z from 'zod';
import type { DatasetReport } from '../../protocol/model/dataset';

const column = z.object({
  name: z.string(),
  kind: z.enum(['numeric', 'text']),
  missing: z.number().default(0),
  /** Absent: too many to follow. */
  distinct: z.number().optional(),
});
export type ColumnFacts = z.infer<typeof column>;

const stats = z.object({
  columns: z.array(column).default([]),
  labels: z.record(z.string(), z.number()).optional(),
  seconds: z.number().optional(),
  sampleRates: z.record(z.string(), z.number()).optional(),
});

export interface DataFacts {
  readonly format: DatasetReport['format'];
  readonly items: number;
  readonly columns: readonly ColumnFacts[];
  /** Items of each label, where the data says which column that is. */
  readonly labels: Readonly<Record<string, number>> | undefined;
  /** Mean length of a clip in seconds; undefined without sound. */
  readonly clipSeconds: number | undefined;
  /** Hz, the lowest of all clips. */
  readonly lowestRate: number | undefined;
}

export function factsOf(report: DatasetReport): DataFacts {
  const found = stats.safeParse(report.stats);
  const { columns = [], labels, seconds = 0, sampleRates = {} } = found.data ?? {};
  const rates = Object.keys(sampleRates).map(Number);
  const hasSound = rates.length > 0 && seconds > 0 && report.items > 0;
  return {
    format: report.format,
    items: report.items,
    columns,
    labels,
    clipSeconds: hasSound ? seconds / report.items : undefined,
    lowestRate: hasSound ? Math.min(...rates) : undefined,
  };
}
