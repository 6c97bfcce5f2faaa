/** Fewer points for the same picture: at most four for each pixel column, so that no peak is lost. */
import { lowerBound } from './metricSeries';

export interface Points {
  readonly x: number[];
  readonly y: number[];
}

/**
 * First, lowest, highest and last point of each of `columns` equal parts of `[from, to]`, and one point on either
 * side of the range, so that lines reach its edges. `x` rises; NaN values are left out.
 */
export function downsample(
  x: readonly number[],
  y: readonly number[],
  range: readonly [number, number],
  columns: number,
): Points {
  const [from, to] = range;
  const start = Math.max(0, lowerBound(x, from) - 1);
  const end = Math.min(x.length, lowerBound(x, to) + 2);
  const out: Points = { x: [], y: [] };
  if (end - start <= columns * 4) {
    for (let i = start; i < end; i++) push(out, x, y, i);
    return out;
  }
  const scale = columns / (to - from);
  let index = start;
  while (index < end) {
    const column = Math.floor(((x[index] ?? 0) - from) * scale);
    const first = index;
    let low = first;
    let high = first;
    for (; index < end && Math.floor(((x[index] ?? 0) - from) * scale) === column; index++) {
      const value = y[index] ?? NaN;
      if (value < (y[low] ?? Infinity) || Number.isNaN(y[low])) low = index;
      if (value > (y[high] ?? -Infinity) || Number.isNaN(y[high])) high = index;
    }
    for (const i of [...new Set([first, low, high, index - 1])].sort((a, b) => a - b)) push(out, x, y, i);
  }
  return out;
}

function push(out: Points, x: readonly number[], y: readonly number[], i: number): void {
  const value = y[i];
  const at = x[i];
  if (value === undefined || at === undefined || Number.isNaN(value)) return;
  out.x.push(at);
  out.y.push(value);
}

/** Joins point lists on one rising x axis; where a list has no point at an x it says undefined: lines run through. */
export function align(lists: readonly Points[]): [number[], ...(number | undefined)[][]] {
  const all = [...new Set(lists.flatMap((list) => list.x))].sort((a, b) => a - b);
  const place = new Map(all.map((x, i) => [x, i]));
  const columns = lists.map((list) => {
    const column = new Array<number | undefined>(all.length).fill(undefined);
    list.x.forEach((x, i) => {
      const at = place.get(x);
      if (at !== undefined) column[at] = list.y[i];
    });
    return column;
  });
  return [all, ...columns];
}
