import type { MetricPoint } from '../../../protocol/model/run';

/**
 * At most `most` points of each metric: the first, lowest, highest and last of equal stretches, so that a curve drawn of them
 * shows every spike. Given and answered in the order of their steps; what has no more than `most` stays whole.
 */
export function thinPoints(points: readonly MetricPoint[], most: number): MetricPoint[] {
  const byName = new Map<string, number[]>();
  points.forEach(({ name }, i) => {
    const indexes = byName.get(name);
    if (indexes === undefined) byName.set(name, [i]);
    else indexes.push(i);
  });
  if ([...byName.values()].every((indexes) => indexes.length <= most)) return [...points];
  const kept = new Uint8Array(points.length);
  for (const indexes of byName.values()) keepOf(indexes, points, most, kept);
  return points.filter((_, i) => kept[i] === 1);
}

function keepOf(
  indexes: readonly number[],
  points: readonly MetricPoint[],
  most: number,
  kept: Uint8Array,
): void {
  const whole = indexes.length <= most;
  const stretches = whole ? 1 : Math.max(1, Math.floor(most / 4));
  for (let stretch = 0; stretch < stretches; stretch++) {
    const from = Math.floor((stretch * indexes.length) / stretches);
    const to = Math.floor(((stretch + 1) * indexes.length) / stretches);
    if (whole) for (const i of indexes) kept[i] = 1;
    else for (const i of extremes(indexes, points, from, to)) kept[i] = 1;
  }
}

function extremes(
  indexes: readonly number[],
  points: readonly MetricPoint[],
  from: number,
  to: number,
): number[] {
  const at = (place: number): number => indexes[place] ?? 0;
  const value = (place: number): number => points[at(place)]?.value ?? NaN;
  let low = from;
  let high = from;
  for (let place = from; place < to; place++) {
    if (value(place) < value(low)) low = place;
    if (value(place) > value(high)) high = place;
  }
  return [at(from), at(low), at(high), at(to - 1)];
}
