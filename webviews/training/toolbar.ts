/** How the charts are read: smoothing, scale and axis, shared by all of them. */
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { button, checkbox } from '../common/toolkit';
import { xAxes, type SavedView, type XAxis } from './runs';

export type ChartView = Pick<SavedView, 'smoothing' | 'logScale' | 'xAxis'>;

export interface ToolbarActions {
  change(view: ChartView): void;
  exportCsv(): void;
  exportTensorBoard(): void;
}

export function toolbar(page: Page<unknown>, view: ChartView, actions: ToolbarActions) {
  const { t, format } = page;
  let current = view;
  const change = (part: Partial<ChartView>): void => {
    current = { ...current, ...part };
    actions.change(current);
  };
  const shown = h(
    'output',
    { class: 'figure', attrs: { for: 'smoothing' } },
    format.number(view.smoothing, 2),
  );
  const slider = h('input', {
    id: 'smoothing',
    attrs: { type: 'range', min: 0, max: 0.99, step: 0.01, value: view.smoothing, dir: 'ltr' },
  });
  slider.addEventListener('input', () => {
    shown.textContent = format.number(slider.valueAsNumber, 2);
    change({ smoothing: slider.valueAsNumber });
  });
  const log = checkbox({
    id: 'log-scale',
    label: t('chart.log'),
    checked: view.logScale,
    onChange: (logScale) => change({ logScale }),
  });
  const axis = h(
    'select',
    { id: 'x-axis' },
    ...xAxes.map((name) =>
      h('option', { attrs: { value: name, selected: name === view.xAxis } }, t(`chart.axis.${name}`)),
    ),
  );
  axis.addEventListener('change', () => {
    const chosen = xAxes.find((name): name is XAxis => name === axis.value);
    if (chosen !== undefined) change({ xAxis: chosen });
  });
  return h(
    'div',
    { class: 'row chart-tools', attrs: { role: 'group', 'aria-label': t('chart.tools') } },
    h('label', { class: 'inline', attrs: { for: 'smoothing' } }, t('chart.smoothing')),
    slider,
    shown,
    log.element,
    h('label', { class: 'inline' }, t('chart.axis'), axis),
    h(
      'span',
      { class: 'row exports' },
      button({ id: 'export-csv', label: t('export.csv'), icon: 'save', onClick: () => actions.exportCsv() }),
      button({
        id: 'export-tensorboard',
        label: t('export.tensorBoard'),
        icon: 'save',
        onClick: () => actions.exportTensorBoard(),
      }),
    ),
  );
}
