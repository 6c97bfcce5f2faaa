/** The charts as numbers: one row for each epoch, for copying and for those who do not see a canvas. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import type { MetricSeries } from './metricSeries';

export interface EpochRow {
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

/** The last value of every metric in each epoch, newest epoch first, at most `most` rows. */
export function epochRows(metrics: MetricSeries, most = 500): EpochRow[] {
  const rows = new Map<number, Record<string, number>>();
  for (const [name, series] of metrics.byName) {
    series.epochs.forEach((epoch, i) => {
      const row = rows.get(epoch) ?? {};
      rows.set(epoch, row);
      row[name] = series.values[i] ?? NaN;
    });
  }
  return [...rows]
    .map(([epoch, values]) => ({ epoch, values }))
    .sort((a, b) => b.epoch - a.epoch)
    .slice(0, most);
}

/** Filled only while it is open: a closed table costs nothing during a run. */
export function epochTable(page: Page<unknown>, nameOf: (metric: string) => string) {
  const { t, format } = page;
  const place = h('div', {
    class: 'scroll epoch-table',
    attrs: { tabindex: 0, role: 'group', 'aria-label': t('chart.table') },
  });
  const element = h('details', { class: 'section' }, h('summary', {}, t('chart.table')), place);
  let metrics: MetricSeries | undefined;
  element.addEventListener('toggle', fill);
  return {
    element,
    show: (next: MetricSeries | undefined): void => {
      metrics = next;
      element.hidden = next === undefined || next.byName.size === 0;
      fill();
    },
  };

  function fill(): void {
    if (!element.open || metrics === undefined) {
      place.replaceChildren();
      return;
    }
    const names = metrics.names;
    const head = (text: string): HTMLElement => h('th', { class: 'number', attrs: { scope: 'col' } }, text);
    place.replaceChildren(
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, head(t('checkpoint.epoch')), ...names.map((name) => head(nameOf(name))))),
        h(
          'tbody',
          {},
          ...epochRows(metrics).map(({ epoch, values }) =>
            h(
              'tr',
              {},
              h('td', { class: 'number' }, format.integer(epoch)),
              ...names.map((name) => {
                const value = values[name];
                return h('td', { class: 'number' }, value === undefined ? '–' : format.number(value));
              }),
            ),
          ),
        ),
      ),
    );
  }
}
