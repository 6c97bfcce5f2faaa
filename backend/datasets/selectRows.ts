import type { DatasetFilter, DatasetSort } from '../../protocol/model/datasetRows';
import type { IndexedRow } from './indexedRow';

type Key = (row: IndexedRow, number: number) => number | string;

const text = (row: IndexedRow): string => row.edited ?? row.text ?? '';

const keys: Readonly<Record<DatasetSort['by'], Key>> = {
  row: (_, number) => number,
  id: ({ id }) => id,
  text,
  seconds: ({ seconds = -1 }) => seconds,
  pace: (row) => ((row.seconds ?? 0) > 0 ? text(row).length / (row.seconds ?? 1) : -1),
  speaker: ({ speaker = '' }) => speaker,
  label: ({ label = '' }) => label,
  findings: ({ codes }) => codes.length,
  verdict: ({ verdict = '' }) => verdict,
};

/** The numbers of the rows that the filter leaves, in order; rows that are alike keep the order of the data set. */
export function selectRows(
  rows: readonly IndexedRow[],
  sort: DatasetSort | undefined,
  filter: DatasetFilter | undefined,
): number[] {
  const numbers: number[] = [];
  const search = filter?.search?.trim().toLowerCase() ?? '';
  rows.forEach((row, number) => {
    if (filter === undefined || matches(row, filter, search)) numbers.push(number);
  });
  if (sort === undefined || (sort.by === 'row' && sort.descending !== true)) return numbers;
  const key = keys[sort.by];
  const values = rows.map(key);
  const turn = sort.descending === true ? -1 : 1;
  const collator = new Intl.Collator('fa', { numeric: true });
  const compare = (a: number | string | undefined, b: number | string | undefined): number =>
    typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
  return numbers.sort((a, b) => turn * compare(values[a], values[b]) || a - b);
}

function matches(row: IndexedRow, filter: DatasetFilter, search: string): boolean {
  const { code, state, speaker, label } = filter;
  if (code !== undefined && !row.codes.includes(code)) return false;
  if (speaker !== undefined && row.speaker !== speaker) return false;
  if (label !== undefined && row.label !== label) return false;
  if (state === 'changed' && row.edited === undefined) return false;
  if (state === 'open' && row.verdict !== undefined) return false;
  if ((state === 'accepted' || state === 'rejected') && row.verdict !== state) return false;
  if (search === '') return true;
  return text(row).toLowerCase().includes(search) || row.id.toLowerCase().includes(search);
}
