/** The sounds of a recording with the times that the voice found for them, as a table. */
import type { SamplePictures } from '../../protocol/model/samplePictures';
import { h } from '../common/dom';
import type { Page } from '../common/page';

export function soundsTable({ t, format }: Page<unknown>) {
  const body = h('tbody');
  const head = (key: 'pictures.sound' | 'pictures.start' | 'pictures.length', number: boolean): HTMLElement =>
    h('th', { class: number ? 'number' : '', attrs: { scope: 'col' } }, t(key));
  const table = h(
    'table',
    {},
    h(
      'thead',
      {},
      h('tr', {}, head('pictures.sound', false), head('pictures.start', true), head('pictures.length', true)),
    ),
    body,
  );
  const scroll = h(
    'div',
    { class: 'scroll', attrs: { tabindex: 0, role: 'group', 'aria-label': t('pictures.sounds') } },
    table,
  );
  const element = h('details', {}, h('summary', {}, t('pictures.sounds')), scroll);
  return {
    element,
    show: ({ secondsPerColumn, alignment: { symbols, frames } }: SamplePictures): void => {
      let at = 0;
      body.replaceChildren(
        ...symbols.map((symbol, i) => {
          const own = (frames[i] ?? 0) * secondsPerColumn;
          const start = at;
          at += own;
          return h(
            'tr',
            {},
            h('td', {}, h('bdi', { class: 'code' }, symbol === ' ' ? t('pictures.gap') : symbol)),
            h('td', { class: 'number' }, format.duration(start)),
            h('td', { class: 'number' }, format.milliseconds(1000 * own)),
          );
        }),
      );
    },
  };
}
