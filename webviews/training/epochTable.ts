/** The charts as numbers: one row for each epoch, for copying and for those who do not see a canvas. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { lowerBound, type MetricSeries } from './metricSeries';

export interface EpochRow {
  readonly epoch: number;
  readonly values: Readonly<Record<string, number>>;
}

/** Every metric at the end of each finished epoch, newest first, at most `most` rows. */
export function epochRows(metrics: MetricSeries, most = 500): EpochRow[] {
  // The first point that counts an epoch stands at its end; what follows belongs to the next one.
  const ends = new Map<number, number>();
  for (const { steps, epochs } of metrics.byName.values()) {
    epochs.forEach((epoch, i) => {
      const step = steps[i] ?? Infinity;
      if (epoch > 0 && step < (ends.get(epoch) ?? Infinity)) ends.set(epoch, step);
    });
  }
  const newest = [...ends].sort(([a], [b]) => b - a).slice(0, most);
  return newest.map(([epoch, step]) => ({ epoch, values: valuesAt(metrics, step) }));
}

function valuesAt(metrics: MetricSeries, step: number): Record<string, number> {
  const values: Record<string, number> = {};
  for (const [name, series] of metrics.byName) {
    const value = series.values[lowerBound(series.steps, step + 1) - 1];
    if (value !== undefined) values[name] = value;
  }
  return values;
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
    const names = metrics.names.filter((name) => !name.startsWith('batch_'));
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
