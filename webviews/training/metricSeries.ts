/** The points of one run by metric name, in step order; growing as the run goes on. */
import type { MetricPoint } from '../../protocol/model/run';

export interface Series {
  readonly steps: number[];
  readonly epochs: number[];
  /** Milliseconds since the epoch. */
  readonly times: number[];
  readonly values: number[];
}

/** Points may come twice (each question overlaps the last) and a resumed run repeats steps: the newest value counts. */
export class MetricSeries {
  readonly byName = new Map<string, Series>();
  private newest = 0;

  get names(): string[] {
    return [...this.byName.keys()];
  }

  /** The time to ask from next: a little before the newest point, since points of one moment arrive in pieces. */
  since(overlapMs = 2000): string | undefined {
    return this.newest === 0 ? undefined : new Date(this.newest - overlapMs).toISOString();
  }

  /** True when anything changed. */
  add(points: readonly MetricPoint[]): boolean {
    let changed = false;
    for (const point of points) changed = this.addOne(point) || changed;
    return changed;
  }

  private addOne(point: MetricPoint): boolean {
    const at = Date.parse(point.at);
    this.newest = Math.max(this.newest, at);
    const series = this.byName.get(point.name) ?? { steps: [], epochs: [], times: [], values: [] };
    this.byName.set(point.name, series);
    const index = lowerBound(series.steps, point.step);
    if (series.steps[index] === point.step) {
      if (series.times[index] === at && Object.is(series.values[index], point.value)) return false;
      if ((series.times[index] ?? 0) > at) return false;
      series.epochs[index] = point.epoch;
      series.times[index] = at;
      series.values[index] = point.value;
      return true;
    }
    series.steps.splice(index, 0, point.step);
    series.epochs.splice(index, 0, point.epoch);
    series.times.splice(index, 0, at);
    series.values.splice(index, 0, point.value);
    return true;
  }
}

/** First index whose value is not less than `wanted`, in a rising list. */
export function lowerBound(list: ArrayLike<number>, wanted: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
