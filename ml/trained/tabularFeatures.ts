import { MlError } from '../errors';
import type { TabularColumn } from './metadata';

/** Numbers that a row of these columns becomes. */
export function tabularWidth(columns: readonly TabularColumn[]): number {
  return columns.reduce((sum, column) => sum + (column.kind === 'numeric' ? 1 : column.values.length), 0);
}

/**
 * A cell as a finite number, or undefined. Surrounding space is allowed, and Persian or Arabic digits with their
 * decimal sign; a list of thousands is not.
 */
export function parseNumber(cell: unknown): number | undefined {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : undefined;
  if (typeof cell !== 'string') return undefined;
  const latin = cell
    .trim()
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x06f0))
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replace('٫', '.');
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(latin)) return undefined;
  const value = Number(latin);
  return Number.isFinite(value) ? value : undefined;
}

const shown = (cell: unknown) => (cell === undefined ? 'nothing' : JSON.stringify(cell));

function asText(cell: unknown): string | undefined {
  if (typeof cell === 'string') return cell.trim();
  return typeof cell === 'number' || typeof cell === 'boolean' ? String(cell) : undefined;
}

function encodeCell(column: TabularColumn, cell: unknown, output: Float32Array, at: number): number {
  if (column.kind === 'numeric') {
    const value = parseNumber(cell);
    if (value === undefined) {
      throw new MlError('input.invalid', `"${column.name}" needs a number, but has ${shown(cell)}.`);
    }
    output[at] = (value - column.mean) / column.std;
    return at + 1;
  }
  const place = column.values.indexOf(asText(cell) ?? '');
  if (place < 0) {
    const known = column.values.slice(0, 8).join(', ') + (column.values.length > 8 ? ', …' : '');
    throw new MlError('input.invalid', `"${column.name}" has ${shown(cell)}; the model knows: ${known}.`);
  }
  output[at + place] = 1;
  return at + column.values.length;
}

/**
 * Rows `{column: value}` as the model's input, `[rows, width]` row after row. More columns than needed are ignored.
 * Throws `input.invalid` that names the column (and, of several, the row from 1).
 */
export function encodeRows(
  columns: readonly TabularColumn[],
  rows: readonly Readonly<Record<string, unknown>>[],
): Float32Array {
  const width = tabularWidth(columns);
  const output = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    try {
      let at = i * width;
      for (const column of columns) {
        at = encodeCell(column, Object.hasOwn(row, column.name) ? row[column.name] : undefined, output, at);
      }
    } catch (error) {
      if (!(error instanceof MlError) || rows.length === 1) throw error;
      throw new MlError(error.code, `Row ${i + 1}: ${error.message}`, { cause: error });
    }
  });
  return output;
}
