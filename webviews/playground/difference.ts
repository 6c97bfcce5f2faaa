/** How far two answers to the same input lie apart. */
import type { ModelOutput } from './model';

/** Largest difference of the same label's score, of the same amount, or of the same place of the same tensor. */
export function largestDifference(a: ModelOutput, b: ModelOutput): number | undefined {
  if (a.labels !== undefined && b.labels !== undefined) {
    const scores = new Map(b.labels.map(({ label, score }) => [label, score]));
    return Math.max(...a.labels.map(({ label, score }) => Math.abs(score - (scores.get(label) ?? NaN))));
  }
  if (a.amounts !== undefined && b.amounts !== undefined) {
    const others = new Map(b.amounts.map(({ name, value }) => [name, value]));
    return Math.max(...a.amounts.map(({ name, value }) => Math.abs(value - (others.get(name) ?? NaN))));
  }
  const left = a.values?.flatMap(({ data }) => data) ?? [];
  const right = b.values?.flatMap(({ data }) => data) ?? [];
  if (left.length === 0 || left.length !== right.length) return undefined;
  return left.reduce<number>((most, value, i) => {
    const other = right[i];
    const apart = typeof value === 'number' && typeof other === 'number' ? Math.abs(value - other) : NaN;
    return value === other ? most : Math.max(most, apart);
  }, 0);
}
