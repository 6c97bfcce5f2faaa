/** Tables of an evaluation: the confusion matrix with its heat, and figures for each label. */
import { h } from '../common/dom';
import type { MessageKey } from '../common/i18n/translate';
import type { Page } from '../common/page';
import type { Report } from './report';

export interface Column {
  readonly head: MessageKey | { readonly name: string };
  readonly isNumber?: boolean;
}

/** A captioned table of its own that scrolls where it does not fit; the first cell of each row names the row. */
export function reportTable(
  { t }: Page<unknown>,
  caption: MessageKey,
  columns: readonly Column[],
  rows: readonly (readonly (Node | string)[])[],
): HTMLElement {
  const classOf = ({ isNumber }: Column): string => (isNumber === true ? 'number' : '');
  const heads = columns.map((column) => {
    const { head } = column;
    const text = typeof head === 'string' ? t(head) : h('bdi', {}, head.name);
    return h('th', { class: classOf(column), attrs: { scope: 'col' } }, text);
  });
  const body = rows.map((cells) =>
    h(
      'tr',
      {},
      ...cells.map((cell, i) =>
        i === 0
          ? h('th', { attrs: { scope: 'row' } }, cell)
          : h('td', { class: classOf(columns[i] ?? { head: caption }) }, cell),
      ),
    ),
  );
  return h(
    'div',
    { class: 'scroll card', attrs: { tabindex: 0, role: 'group', 'aria-label': t(caption) } },
    h(
      'table',
      {},
      h('caption', {}, t(caption)),
      h('thead', {}, h('tr', {}, ...heads)),
      h('tbody', {}, ...body),
    ),
  );
}

/** Shares of each row's examples colour its cells; a cell's words for a screen reader are its heads and its count. */
export function confusionMatrix({ t, format }: Page<unknown>, { labels, confusion }: Report): HTMLElement {
  const heads = labels.map((label) => h('th', { attrs: { scope: 'col' } }, h('bdi', {}, label)));
  const rows = confusion.map((row, i) => {
    const total = Math.max(
      1,
      row.reduce((sum, each) => sum + each, 0),
    );
    const cells = row.map((count, j) => {
      const names = { truth: labels[i] ?? '', answer: labels[j] ?? '', n: format.integer(count) };
      const kind = i === j ? 'hit' : count === 0 ? 'none' : 'miss';
      const cell = h('td', { class: kind, title: t('report.cell', names) }, format.integer(count));
      cell.style.setProperty('--share', String(count / total));
      return cell;
    });
    return h('tr', {}, h('th', { attrs: { scope: 'row' } }, h('bdi', {}, labels[i] ?? '')), ...cells);
  });
  return h(
    'div',
    {
      class: 'scroll card matrix',
      attrs: { tabindex: 0, role: 'group', 'aria-label': t('report.matrix') },
    },
    h(
      'table',
      { class: 'confusion' },
      h('caption', {}, t('report.matrix')),
      h('thead', {}, h('tr', {}, h('td', { class: 'corner muted' }, t('report.corner')), ...heads)),
      h('tbody', {}, ...rows),
    ),
  );
}

export function labelTable(page: Page<unknown>, { perLabel }: Report): HTMLElement {
  const { format } = page;
  const columns: Column[] = [
    { head: 'report.label' },
    ...(['report.precision', 'report.recall', 'report.f1', 'report.support'] as const).map((head) => ({
      head,
      isNumber: true,
    })),
  ];
  const rows = perLabel.map(({ label, precision, recall, f1, support }) => [
    h('bdi', { dir: 'auto' }, label),
    ...[precision, recall, f1].map((value) => format.number(value, 3)),
    format.integer(support),
  ]);
  return reportTable(page, 'report.perLabel', columns, rows);
}
