/** An output as a matrix, as CSV and as JSON. */
import type { PlainOutput } from '../../../ml/bare/outputs';

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** Row after row; NaN for what is no number. */
  readonly data: Float64Array;
}

/** Axes of length 1 go; of what is left all but the last become rows. Undefined for texts. */
export function matrixOf({ shape, data }: PlainOutput): Matrix | undefined {
  if (data.some((value) => typeof value === 'string')) return undefined;
  const axes = shape.filter((length) => length !== 1);
  const columns = axes.at(-1) ?? 1;
  const values = Float64Array.from(data as readonly (number | null)[], (value) => value ?? NaN);
  return { rows: columns === 0 ? 0 : values.length / columns, columns, data: values };
}

/** Its first picture, `[height, width]` or `[height, width, 1 | 3 | 4]`. */
export function pictureOf({ shape, data }: PlainOutput) {
  const axes = shape.length > 2 && shape[0] === 1 ? shape.slice(1) : [...shape];
  const last = axes.at(-1) ?? 0;
  const channels = axes.length >= 3 && (last === 1 || last === 3 || last === 4) ? last : 1;
  const size = channels === 1 && last !== 1 ? axes.slice(-2) : axes.slice(-3, -1);
  const [height = 0, width = 0] = size;
  return { height, width, channels, data: data.slice(0, height * width * channels) };
}

export function csvOf(output: PlainOutput): string {
  const columns = output.shape.filter((length) => length !== 1).at(-1) ?? 1;
  const lines: string[] = [];
  for (let at = 0; at < output.data.length; at += columns) {
    lines.push(
      output.data
        .slice(at, at + columns)
        .map(cell)
        .join(','),
    );
  }
  return `${lines.join('\n')}\n`;
}

function cell(value: PlainOutput['data'][number]): string {
  if (typeof value !== 'string') return value === null ? '' : String(value);
  return /[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

export function jsonOf({ name, dtype, shape, data }: PlainOutput): string {
  return JSON.stringify({ name, dtype, shape, data });
}
