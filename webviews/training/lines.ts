/** What the charts show: metrics grouped by their base name, one line for each run and split. */
import type { Run } from '../../protocol/model/run';
import { groupOf } from './chartGroups';
import { lowerBound, type MetricSeries, type Series } from './metricSeries';
import type { XAxis } from './runs';
import { throughputName, throughputOf } from './throughput';

/** `batch`: the mean since the point before, while an epoch runs; the other two after each epoch. */
export const splits = ['batch', 'train', 'validation'] as const;
export type Split = (typeof splits)[number];
const prefixes: Record<Split, string> = { batch: 'batch_', train: '', validation: 'val_' };

export interface Line {
  readonly runId: string;
  readonly runName: string;
  readonly split: Split;
  /** Index into the theme's series colours. */
  readonly color: number;
  /** Rising. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

const order = [
  'loss',
  'accuracy',
  'macro_f1',
  'per',
  'wer',
  'cer',
  'learning_rate',
  throughputName,
  'system/cpu',
  'system/rss',
  'system/tensors',
  'system/overhead',
];

/** Base names (`loss` for `loss`, `val_loss` and `batch_loss`) in the order of the charts. */
export function chartNames(all: Iterable<MetricSeries>): string[] {
  const names = new Set<string>();
  for (const metrics of all) {
    for (const name of metrics.names) names.add(baseName(name));
    if (throughputOf(metrics) !== undefined) names.add(throughputName);
  }
  const rank = (name: string): number => {
    const at = order.indexOf(name);
    if (at !== -1) return at;
    // What a task measures of its own stands before speed and system.
    return groupOf(name) === 'quality' ? order.indexOf('learning_rate') - 0.5 : order.length;
  };
  return [...names].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b));
}

export function baseName(name: string): string {
  const prefix = Object.values(prefixes).find((each) => each !== '' && name.startsWith(each)) ?? '';
  return name.slice(prefix.length);
}

/** The lines of one chart. A single run gets a colour for each split, several get one for each run. */
export function linesOf(
  name: string,
  runs: readonly Run[],
  metrics: ReadonlyMap<string, MetricSeries>,
  xAxis: XAxis,
): Line[] {
  const alone = runs.length === 1;
  return runs.flatMap((run, index) => {
    const known = metrics.get(run.id);
    if (known === undefined) return [];
    return splits.flatMap((split) => {
      const series = seriesOf(known, name, split);
      if (series === undefined) return [];
      const color = alone ? Number(split === 'validation') : index;
      const x = xValues(series, known, xAxis);
      return [{ runId: run.id, runName: run.name, split, color, x, y: series.values }];
    });
  });
}

function seriesOf(metrics: MetricSeries, name: string, split: Split): Series | undefined {
  if (name === throughputName && split === 'train') return throughputOf(metrics);
  return metrics.byName.get(prefixes[split] + name);
}

/** Steps, epochs with their fraction, or seconds since the run's first point. */
export function xValues(series: Series, all: MetricSeries, xAxis: XAxis): number[] {
  switch (xAxis) {
    case 'step':
      return series.steps;
    case 'epoch': {
      const perEpoch = stepsPerEpoch(all);
      return series.steps.map((step) => step / perEpoch);
    }
    case 'time': {
      const start = firstTime(all);
      let latest = 0;
      // A resumed run may hold an older point behind a newer one: the axis must rise all the same.
      return series.times.map((time) => (latest = Math.max(latest, (time - start) / 1000)));
    }
  }
}

/** Where a checkpoint stands on the axis. */
export function xOfStep(step: number, all: MetricSeries, xAxis: XAxis): number | undefined {
  if (xAxis === 'step') return step;
  if (xAxis === 'epoch') return step / stepsPerEpoch(all);
  let best: number | undefined;
  const start = firstTime(all);
  for (const { steps, times } of all.byName.values()) {
    const time = times[lowerBound(steps, step)];
    if (time !== undefined) best = Math.min(best ?? Infinity, (time - start) / 1000);
  }
  return best;
}

/** The first point that counts a finished epoch stands at its end. Before there is one, all steps are one epoch. */
function stepsPerEpoch(all: MetricSeries): number {
  let best: number | undefined;
  let last = 1;
  for (const { steps, epochs } of all.byName.values()) {
    last = Math.max(last, steps.at(-1) ?? 0);
    const index = epochs.findIndex((epoch) => epoch > 0);
    const [step, epoch] = [steps[index], epochs[index]];
    if (step !== undefined && epoch !== undefined) best = Math.min(best ?? Infinity, step / epoch);
  }
  return Math.max(1, best ?? last);
}

function firstTime(all: MetricSeries): number {
  let first = Infinity;
  for (const series of all.byName.values()) first = Math.min(first, series.times[0] ?? Infinity);
  return first;
}
