/** The grid of charts: one for each metric that the chosen runs have. */
import type { Checkpoint, Run } from '../../protocol/model/run';
import { currentColors, onThemeChange } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { Chart } from './chart';
import type { Mark } from './chartOptions';
import { chartNames, linesOf, xOfStep } from './lines';
import type { MetricSeries } from './metricSeries';
import { metricName } from './metricNames';
import type { ChartView } from './toolbar';

export interface ChartsInput {
  readonly runs: readonly Run[];
  readonly primary: string | undefined;
  readonly view: ChartView;
  readonly metrics: ReadonlyMap<string, MetricSeries>;
  readonly checkpoints: ReadonlyMap<string, readonly Checkpoint[]>;
}

export function chartGrid(page: Page<unknown>) {
  const { t } = page;
  const element = h('div', { class: 'charts' });
  const charts = new Map<string, Chart>();
  let colors = currentColors();
  let last: ChartsInput | undefined;

  const show = (input: ChartsInput): void => {
    last = input;
    const { runs, view, metrics } = input;
    const followed = runs.flatMap((run) => metrics.get(run.id) ?? []);
    const names = chartNames(followed);
    for (const [name, chart] of charts) {
      if (names.includes(name)) continue;
      chart.dispose();
      chart.element.remove();
      charts.delete(name);
    }
    const marks = marksOf(input);
    names.forEach((name, index) => {
      const chart = charts.get(name) ?? new Chart(name, metricName(name, t), t);
      charts.set(name, chart);
      // Moving a canvas about would lose its cursor: only a chart in the wrong place is put elsewhere.
      if (element.children[index] !== chart.element)
        element.insertBefore(chart.element, element.children[index] ?? null);
      chart.show({
        lines: linesOf(name, runs, metrics, view.xAxis),
        marks,
        colors,
        format: page.format,
        smoothed: view.smoothing > 0,
        ...view,
      });
    });
  };
  onThemeChange(() => {
    colors = currentColors();
    if (last !== undefined) show(last);
  });
  return { element, show };
}

function marksOf({ primary, metrics, checkpoints, view }: ChartsInput): Mark[] {
  const series = primary === undefined ? undefined : metrics.get(primary);
  if (primary === undefined || series === undefined) return [];
  return (checkpoints.get(primary) ?? []).flatMap(({ step, best }) => {
    const x = xOfStep(step, series, view.xAxis);
    return x === undefined ? [] : [{ x, best }];
  });
}
