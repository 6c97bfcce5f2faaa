import { h } from '../common/dom';
import { isolate } from '../common/i18n/translate';
import type { Page } from '../common/page';
import type { HistoryEntry } from './history';

/** What was tried before; a row that can be put back is a button. */
export function historyView(page: Page<unknown>, onRestore: (entry: HistoryEntry) => void) {
  const { t, format } = page;
  const list = h('ol', { class: 'history' });
  const element = h(
    'section',
    { class: 'card stack', attrs: { 'aria-labelledby': 'history-heading' } },
    h('h2', { id: 'history-heading' }, t('history.heading')),
    list,
  );
  return {
    element,
    show: (history: readonly HistoryEntry[]): void => {
      element.hidden = history.length === 0;
      list.replaceChildren(...history.map((entry) => h('li', {}, item(entry))));
    },
  };

  function item(entry: HistoryEntry): HTMLElement {
    const score = entry.score === undefined ? '' : ` ${format.percent(entry.score)}`;
    const parts = [
      h('span', { class: 'history-input' }, h('bdi', {}, entry.input)),
      h('strong', {}, h('bdi', {}, entry.label), score),
      h('span', { class: 'muted figure' }, `${isolate(entry.engine)} · ${format.milliseconds(entry.runMs)}`),
    ];
    if (entry.row === undefined && entry.text === undefined)
      return h('div', { class: 'history-item' }, ...parts);
    return h(
      'button',
      {
        class: 'history-item',
        attrs: { type: 'button', title: t('history.restore') },
        on: { click: () => onRestore(entry) },
      },
      ...parts,
    );
  }
}
