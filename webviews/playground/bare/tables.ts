/** An output as scores of classes, and as numbers in rows. */
import type { PlainOutput } from '../../../ml/bare/outputs';
import { h } from '../../common/dom';
import type { Page } from '../../common/page';
import type { Labels } from './labels';

const shownScores = 12;
const shownRows = 50;
const shownColumns = 20;

/** The highest first; of several rows the first. Bars are as long as the score where they are probabilities, else beside the highest. */
export function scoreList(page: Page<unknown>, output: PlainOutput, labels: Labels | undefined): HTMLElement {
  const { t, format } = page;
  const classes = output.shape.at(-1) ?? 1;
  const scores = output.data
    .slice(0, classes)
    .map((value, i) => ({ label: labels?.names[i] ?? format.integer(i), score: Number(value ?? NaN) }));
  if (scores.some(({ score }) => Number.isNaN(score))) return h('p', { class: 'muted' }, t('bare.noView'));
  const best = scores.sort((a, b) => b.score - a.score).slice(0, shownScores);
  const probable = scores.every(({ score }) => score >= 0 && score <= 1);
  const [top, least] = [scores[0]?.score ?? 1, scores.at(-1)?.score ?? 0];
  const items = best.map(({ label, score }, i) => {
    const words = probable ? format.percent(score) : format.number(score, 4);
    const length = probable ? score : top === least ? 1 : (score - least) / (top - least);
    const bar = h('div', {
      class: 'meter',
      attrs: {
        role: 'meter',
        'aria-label': label,
        'aria-valuemin': probable ? 0 : least,
        'aria-valuemax': probable ? 1 : top,
        'aria-valuenow': score,
        'aria-valuetext': words,
      },
    });
    bar.style.setProperty('--score', String(length));
    return h(
      'li',
      { class: i === 0 ? 'best-label' : '', attrs: { 'data-label': label } },
      h('span', { class: 'label' }, h('bdi', {}, label)),
      h('span', { class: 'figure' }, words),
      bar,
    );
  });
  return h('ul', { class: 'bars', attrs: { role: 'list', 'aria-label': output.name } }, ...items);
}

export function valueTable(page: Page<unknown>, { name, shape, data }: PlainOutput): HTMLElement {
  const { t, format } = page;
  const columns = Math.max(1, shape.filter((length) => length !== 1).at(-1) ?? 1);
  const rows = Math.ceil(data.length / columns);
  const lines = Array.from({ length: Math.min(rows, shownRows) }, (_, r) => {
    const cells = data.slice(r * columns, r * columns + Math.min(columns, shownColumns));
    return h(
      'tr',
      {},
      h('th', { class: 'muted', attrs: { scope: 'row' } }, format.integer(r)),
      ...cells.map((value) =>
        h('td', { dir: 'auto' }, typeof value === 'number' ? format.number(value, 5) : (value ?? '–')),
      ),
    );
  });
  const part = { rows: format.integer(rows), columns: format.integer(columns) };
  return h(
    'div',
    { class: 'stack' },
    h(
      'div',
      { class: 'table-place ltr', dir: 'ltr', attrs: { tabindex: 0, role: 'region', 'aria-label': name } },
      h('table', { attrs: { 'aria-label': name } }, h('tbody', {}, ...lines)),
    ),
    rows > shownRows || columns > shownColumns ? h('p', { class: 'muted' }, t('bare.part', part)) : null,
  );
}
