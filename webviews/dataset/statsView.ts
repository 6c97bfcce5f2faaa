/** What the data set is made of: hours, lengths, signs, labels, speakers. */
import { h, type Child } from '../common/dom';
import type { Page } from '../common/page';
import type { DatasetStats } from './stats';

const shownCharacters = 60;
const shownNames = 12;

export function statsView(page: Page<unknown>): {
  readonly element: HTMLElement;
  show(items: number, stats: DatasetStats): void;
} {
  const element = h('aside', {
    class: 'stats',
    id: 'stats',
    attrs: { 'aria-label': page.t('dataset.figures'), tabindex: 0 },
  });
  return {
    element,
    show: (items, stats) => element.replaceChildren(...sections(page, items, stats)),
  };
}

function sections(page: Page<unknown>, items: number, stats: DatasetStats): HTMLElement[] {
  const { t, format } = page;
  const fact = (name: string, value: string | undefined): Child[] =>
    value === undefined ? [] : [h('dt', {}, name), h('dd', { class: 'figure' }, h('bdi', {}, value))];
  const seconds = (value: number | undefined): string | undefined =>
    value === undefined ? undefined : format.duration(value);
  const facts = h(
    'dl',
    { class: 'facts' },
    ...fact(t('dataset.items'), format.integer(items)),
    ...fact(t('dataset.total'), seconds(stats.seconds)),
    ...fact(t('dataset.shortest'), seconds(stats.shortestSeconds)),
    ...fact(t('dataset.longest'), seconds(stats.longestSeconds)),
    ...fact(
      t('dataset.pace'),
      stats.charactersPerSecond === undefined ? undefined : format.number(stats.charactersPerSecond, 3),
    ),
    ...fact(t('dataset.size'), format.bytes(stats.bytes)),
    ...fact(
      t('dataset.rates'),
      Object.keys(stats.sampleRates).length === 0
        ? undefined
        : Object.keys(stats.sampleRates)
            .map((rate) => format.hertz(Number(rate)))
            .join(`${t('dataset.comma')} `),
    ),
  );
  return [
    section(t('dataset.figures'), facts),
    ...(stats.durations === undefined
      ? []
      : [section(t('dataset.lengths'), histogram(page, stats.durations))]),
    ...names(page, t('dataset.labels'), Object.entries(stats.labels)),
    ...names(
      page,
      t('dataset.speakers'),
      Object.entries(stats.speakers).map(([name, { items: count }]) => [name, count]),
    ),
    ...characters(page, stats.characterCounts),
  ];
}

function section(title: string, ...children: Child[]): HTMLElement {
  return h('section', {}, h('h2', {}, title), ...children);
}

/** Time runs from left to right in every language. */
function histogram(
  page: Page<unknown>,
  { binSeconds, counts }: NonNullable<DatasetStats['durations']>,
): HTMLElement {
  const { t, format } = page;
  const last = counts.findLastIndex((count) => count > 0);
  const shown = counts.slice(0, Math.max(5, last + 1));
  const most = Math.max(1, ...shown);
  const bars = shown.map((count, i) => {
    const from = format.number(i * binSeconds);
    const words = t('dataset.bin', { from, n: format.integer(count) });
    const bar = h('div', { class: 'bar', title: words });
    bar.style.blockSize = `${count === 0 ? 0 : Math.max(2, (count / most) * 100)}%`;
    return h('div', { class: 'bin' }, bar);
  });
  const label = t('dataset.histogram', { n: format.integer(most) });
  return h(
    'figure',
    { class: 'histogram ltr' },
    h('div', { class: 'bars', attrs: { role: 'img', 'aria-label': label } }, ...bars),
    h(
      'figcaption',
      { class: 'muted figure' },
      h('bdi', {}, format.integer(0)),
      h('bdi', {}, t('unit.seconds', { n: format.integer(shown.length * binSeconds) })),
    ),
  );
}

function names(
  page: Page<unknown>,
  title: string,
  counts: readonly (readonly [string, number])[],
): HTMLElement[] {
  if (counts.length === 0) return [];
  const { t, format } = page;
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const list = sorted
    .slice(0, shownNames)
    .map(([name, count]) =>
      h(
        'li',
        {},
        h('bdi', { class: 'name', title: name }, name),
        h('span', { class: 'figure muted' }, format.integer(count)),
      ),
    );
  const rest = sorted.length - shownNames;
  const more = rest > 0 ? [h('li', { class: 'muted' }, t('dataset.more', { n: format.integer(rest) }))] : [];
  return [section(title, h('ul', { class: 'counts' }, ...list, ...more))];
}

function characters({ t, format }: Page<unknown>, counts: DatasetStats['characterCounts']): HTMLElement[] {
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  if (sorted.length === 0) return [];
  const shown = sorted.slice(0, shownCharacters).map(([sign, count]) => {
    const code = `U+${(sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    const seen = /\S/u.test(sign) && !/\p{Cf}/u.test(sign);
    return h(
      'li',
      { title: t('dataset.counted', { name: code, n: format.integer(count) }) },
      h('bdi', {}, seen ? sign : sign === ' ' ? t('dataset.space') : code),
    );
  });
  const title = t('dataset.characters', { n: format.integer(sorted.length) });
  return [section(title, h('ul', { class: 'characters' }, ...shown))];
}
