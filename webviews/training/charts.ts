/** The charts in their groups: one for each metric that the chosen runs have. */
import type { Checkpoint, Run } from '../../protocol/model/run';
import { currentColors, onThemeChange } from '../common/colors';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import type { Chart } from './chart';
import { chartGroups, groupNames, groupOf, valueFormat, type ChartGroup } from './chartGroups';
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
  const groups = new Map(chartGroups.map((group) => [group, groupElement(page, group)]));
  const element = h('div', { class: 'chart-groups' }, ...[...groups.values()].map(({ section }) => section));
  const charts = new Map<string, Chart>();
  let colors = currentColors();
  let last: ChartsInput | undefined;
  let NewChart: typeof Chart | undefined;
  // The chart library comes while the runs are asked for: the page is there before it.
  import('./chart').then(
    (loaded) => {
      NewChart = loaded.Chart;
      if (last !== undefined) show(last);
    },
    (error: unknown) => page.banner.show(error),
  );

  const show = (input: ChartsInput): void => {
    last = input;
    const ChartClass = NewChart;
    if (ChartClass === undefined) return;
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
    const filled = new Map<ChartGroup, number>();
    names.forEach((name, index) => {
      const chart =
        charts.get(name) ??
        new ChartClass({ name, title: metricName(name, t), tabbableMarks: index === 0 }, page);
      charts.set(name, chart);
      const group = groupOf(name);
      const grid = groups.get(group)?.grid;
      const at = filled.get(group) ?? 0;
      filled.set(group, at + 1);
      // Moving a canvas about would lose its cursor: only a chart in the wrong place is put elsewhere.
      if (grid?.children[at] !== chart.element) grid?.insertBefore(chart.element, grid.children[at] ?? null);
      chart.show({
        lines: linesOf(name, runs, metrics, view.xAxis),
        marks,
        colors,
        format: page.format,
        value: valueFormat(name, page.format),
        smoothed: view.smoothing > 0,
        ...view,
      });
    });
    for (const [group, { section }] of groups) section.hidden = (filled.get(group) ?? 0) === 0;
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
  return (checkpoints.get(primary) ?? []).flatMap((checkpoint) => {
    const x = xOfStep(checkpoint.step, series, view.xAxis);
    return x === undefined ? [] : [{ x, best: checkpoint.best, checkpoint }];
  });
}

function groupElement({ t }: Page<unknown>, group: ChartGroup) {
  const grid = h('div', { class: 'charts' });
  const id = `charts-${group}`;
  const section = h(
    'section',
    { class: 'section', hidden: true, attrs: { 'aria-labelledby': id } },
    h('h2', { id }, t(groupNames[group])),
    grid,
  );
  return { section, grid };
}
