import { type MetricSeries, type Series } from './metricSeries';

export const throughputName = 'steps_per_second';

interface Known {
  readonly from: Series;
  readonly length: number;
  readonly result: Series;
}
const known = new WeakMap<MetricSeries, Known>();

/** Steps per second between points of the batches at least a stretch apart: a second, less in a run of seconds. */
export function throughputOf(metrics: MetricSeries): Series | undefined {
  const batches = metrics.byName.get('batch_loss');
  if (batches === undefined || batches.steps.length < 2) return undefined;
  const before = known.get(metrics);
  if (before?.from === batches && before.length === batches.steps.length) return before.result;
  const result = rates(batches);
  known.set(metrics, { from: batches, length: batches.steps.length, result });
  return result.steps.length === 0 ? undefined : result;
}

function rates({ steps, epochs, times }: Series): Series {
  const result: Series = { steps: [], epochs: [], times: [], values: [] };
  const took = (times.at(-1) ?? 0) - (times[0] ?? 0);
  const stretch = Math.min(1000, Math.max(100, took / 20));
  let from = 0;
  for (let i = 1; i < steps.length; i++) {
    const time = times[i] ?? 0;
    const step = steps[i] ?? 0;
    const elapsed = time - (times[from] ?? 0);
    if (elapsed < stretch) continue;
    result.steps.push(step);
    result.epochs.push(epochs[i] ?? 0);
    result.times.push(time);
    result.values.push(((step - (steps[from] ?? 0)) * 1000) / elapsed);
    from = i;
  }
  return result;
}
