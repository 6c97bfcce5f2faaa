/** The runs at the side: a tick puts one into the charts, its name opens it. */
import type { Run } from '../../protocol/model/run';
import { h, keyed, setAttribute, setText } from '../common/dom';
import type { Page } from '../common/page';
import { checkbox, type Checkbox } from '../common/toolkit';
import { isolate } from '../common/i18n/translate';
import { newestFirst, type RunsState } from './runs';
import { stateIcon } from './stateIcon';

export interface RunListActions {
  toggle(id: string, ticked: boolean): void;
  open(id: string): void;
}

interface Row {
  readonly box: Checkbox;
  readonly name: HTMLElement;
  readonly open: HTMLElement;
  readonly state: HTMLElement;
  readonly figures: HTMLElement;
}

export function runList(page: Page<unknown>, actions: RunListActions) {
  const { t } = page;
  const list = h('ul', { class: 'run-list' });
  const rows = new WeakMap<HTMLElement, Row>();
  const create = (run: Run): HTMLElement => {
    const box = checkbox({
      label: t('runs.compare', { name: isolate(run.name) }),
      labelHidden: true,
      checked: false,
      onChange: (ticked) => actions.toggle(run.id, ticked),
    });
    const name = h('bdi', { class: 'run-name' });
    const state = h('span', { class: 'run-state' });
    const figures = h('span', { class: 'muted figure run-figures' });
    const open = h(
      'button',
      { class: 'run-open', attrs: { type: 'button' }, on: { click: () => actions.open(run.id) } },
      h('span', { class: 'run-line' }, name, state),
      figures,
    );
    const element = h('li', { class: 'run-item', attrs: { 'data-run': run.id } }, box.element, open);
    rows.set(element, { box, name, open, state, figures });
    return element;
  };
  const element = h(
    'nav',
    { class: 'runs', attrs: { 'aria-labelledby': 'runs-heading' } },
    h('h2', { id: 'runs-heading' }, t('runs.heading')),
    list,
  );
  return {
    element,
    show: (shown: RunsState): void => {
      keyed(
        list,
        newestFirst(shown.runs),
        (run) => run.id,
        create,
        (item, run) => {
          const row = rows.get(item);
          if (row === undefined) return;
          const place = shown.chosen.indexOf(run.id);
          if (row.box.checked !== place >= 0) row.box.checked = place >= 0;
          setAttribute(row.open, 'aria-current', run.id === shown.primary ? 'true' : undefined);
          setAttribute(item, 'data-state', run.state);
          item.style.setProperty(
            '--run-color',
            place >= 0 && shown.chosen.length > 1 ? color(place) : 'transparent',
          );
          setText(row.name, run.name);
          row.state.replaceChildren(stateIcon(run.state), t(`state.${run.state}`));
          setText(row.figures, figuresOf(run, page));
        },
      );
    },
  };
}

const colors = ['blue', 'orange', 'green', 'purple', 'red', 'yellow'];
function color(place: number): string {
  return `var(--vscode-charts-${colors[place % colors.length] ?? 'blue'})`;
}

/** `epoch 7/30 · Accuracy 0.97`: the figure that says most, of the validation data where there is one. */
export function figuresOf(run: Run, { t, format }: Page<unknown>): string {
  const epoch = t('run.epoch', { n: format.integer(run.epoch), total: format.integer(run.epochs) });
  for (const name of ['accuracy', 'loss'] as const) {
    const value = run.metrics[`val_${name}`] ?? run.metrics[name];
    if (value !== undefined) return `${epoch} · ${t(`metric.${name}`)} ${format.number(value, 3)}`;
  }
  return epoch;
}
