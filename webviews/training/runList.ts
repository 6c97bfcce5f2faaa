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
    const name = h('span', { class: 'run-name', dir: 'auto' });
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

/** `epoch 7/30 · val. accuracy 0.97`, the best figure there is. */
export function figuresOf(run: Run, { t, format }: Page<unknown>): string {
  const epoch = t('run.epoch', { n: format.integer(run.epoch), total: format.integer(run.epochs) });
  const best = (['val_accuracy', 'accuracy', 'val_loss', 'loss'] as const).find(
    (name) => run.metrics[name] !== undefined,
  );
  if (best === undefined) return epoch;
  return `${epoch} · ${t(`metric.${best}`)} ${format.number(run.metrics[best] ?? NaN, 3)}`;
}
