/** Values to start from, so that a form can run before anything is typed. */
import type { TabularColumn } from '../../ml/trained/metadata';

/** The mean of the training rows, as exact as its spread makes sensible; the first of the known values. */
export function exampleValue(column: TabularColumn): string {
  if (column.kind === 'categorical') return column.values[0] ?? '';
  const decimals = Math.min(8, Math.max(0, 2 - Math.floor(Math.log10(column.std))));
  return String(Number(column.mean.toFixed(decimals)));
}

export function exampleRow(columns: readonly TabularColumn[]): Record<string, string> {
  return Object.fromEntries(columns.map((column) => [column.name, exampleValue(column)]));
}

/** What is kept of a row typed before: the columns that this model has. */
export function fittingRow(
  columns: readonly TabularColumn[],
  row: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    columns.map((column) => {
      const value = row[column.name];
      const known = column.kind === 'numeric' || (value !== undefined && column.values.includes(value));
      return [column.name, value !== undefined && known ? value : exampleValue(column)];
    }),
  );
}
