/** Numbers that would be read as something else, or that would drown the others of their column. */
import { parseNumber } from '../../../ml/trained/tabularFeatures';
import { linesOf } from '../../sdk/problems';
import { problem, warning, type ConfigProblem } from '../../sdk/trainingTask';
import { say } from './words';

/** 32-bit floats end at 3.4e38, and a variance is a square. */
const largest = 1e18;
/** So many deviations from the mean: nothing but a slip, or a code for "unknown". */
const farOut = 50;
/** `1,5` and `1.234,5` with a decimal comma; `1,234`, `۱٬۲۳۴` and `1 234` with thousands set apart. No dates, no versions. */
const grouped =
  /^[+-]?([\d۰-۹٠-٩]+,[\d۰-۹٠-٩]+|[\d۰-۹٠-٩]{1,3}([,٬،' \u00a0\u202f][\d۰-۹٠-٩]{3})+([.٫][\d۰-۹٠-٩]+)?|[\d۰-۹٠-٩]{1,3}(\.[\d۰-۹٠-٩]{3})+,[\d۰-۹٠-٩]+)$/;
/** Of a column's cells; fewer are categories that happen to look so. */
const groupedShare = 0.9;

/** Of a column that is not numeric: whether it would be if its numbers were written plainly. */
export function groupedNumbers(name: string, cells: readonly string[]): ConfigProblem[] {
  const odd = cells.filter((cell) => grouped.test(cell) && parseNumber(cell) === undefined);
  const plain = cells.filter((cell) => parseNumber(cell) !== undefined);
  if (odd.length === 0 || odd.length + plain.length < cells.length * groupedShare) return [];
  const message = say`Column "${name}" has numbers such as ${odd[0] ?? ''}, which are read as texts. Write them plainly, as 1234.5, or list the column in data.categorical.`;
  return [problem('/data/path', message)];
}

/** Of a numeric column: numbers that no model can hold, and single ones far from all others. */
export function extremes(name: string, cells: readonly string[], lines: readonly number[]): ConfigProblem[] {
  const numbers = cells.flatMap((cell, i) => {
    const value = parseNumber(cell);
    return value === undefined ? [] : [{ value, line: lines[i] ?? 0 }];
  });
  const huge = numbers.filter(({ value }) => Math.abs(value) > largest);
  if (huge.length > 0) {
    const where = linesOf(huge.map(({ line }) => line));
    const message = say`Column "${name}" has numbers beyond ${largest} on ${where}: a model cannot hold them. Correct them, or delete the lines.`;
    return [problem('/data/path', message)];
  }
  const middle = [...numbers].sort((a, b) => a.value - b.value);
  const at = (share: number): number => middle[Math.floor((middle.length - 1) * share)]?.value ?? 0;
  const [low, median, high] = [at(0.05), at(0.5), at(0.95)];
  const spread = high - low;
  if (spread <= 0) return [];
  const far = numbers.filter(({ value }) => Math.abs(value - median) > farOut * spread);
  if (far.length === 0) return [];
  const where = linesOf(far.map(({ line }) => line));
  return [
    warning(
      '/data/path',
      say`Column "${name}" has numbers far from all others (${far[0]?.value ?? 0}) on ${where}: beside them the others look the same. Correct them, or delete the lines.`,
    ),
  ];
}
