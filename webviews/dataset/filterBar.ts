import { datasetFilter, type DatasetFilter } from '../../protocol/model/datasetRows';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { findingName, rowFindings } from './findingNames';
import type { DatasetStats } from './stats';

export interface FilterBar {
  readonly element: HTMLElement;
  show(stats: DatasetStats): void;
}

const searchPauseMs = 250;

/** What narrows the rows: a search, what was found, what was decided, who speaks. */
export function filterBar(
  page: Page<unknown>,
  initial: DatasetFilter,
  onChange: (filter: DatasetFilter) => void,
): FilterBar {
  const { t, format } = page;
  let filter: DatasetFilter = initial;
  const change = (part: { readonly [K in keyof DatasetFilter]?: string }): void => {
    const merged = Object.entries({ ...filter, ...part });
    filter = datasetFilter.parse(Object.fromEntries(merged.filter(([, value]) => value !== '')));
    onChange(filter);
  };
  let pause: ReturnType<typeof setTimeout> | undefined;
  const search = h('input', {
    id: 'search',
    dir: 'auto',
    attrs: { type: 'search', placeholder: t('dataset.search'), 'aria-label': t('dataset.search') },
    on: {
      input: () => {
        clearTimeout(pause);
        pause = setTimeout(() => change({ search: search.value.trim() }), searchPauseMs);
      },
    },
  });
  search.value = initial.search ?? '';
  const select = (name: 'code' | 'state' | 'speaker' | 'label', label: string): HTMLSelectElement => {
    const element = h('select', {
      id: `filter-${name}`,
      attrs: { 'aria-label': label },
      on: { change: () => change({ [name]: element.value }) },
    });
    return element;
  };
  const options = (
    element: HTMLSelectElement,
    chosen: string | undefined,
    list: readonly [string, string][],
  ): void => {
    const known = chosen === undefined || list.some(([value]) => value === chosen);
    const all: [string, string][] = known ? [...list] : [...list, [chosen, chosen]];
    element.replaceChildren(...all.map(([value, words]) => h('option', { attrs: { value } }, words)));
    element.value = chosen ?? '';
  };
  const code = select('code', t('dataset.filterFinding'));
  const state = select('state', t('dataset.filterState'));
  const speaker = select('speaker', t('dataset.filterSpeaker'));
  const label = select('label', t('dataset.filterLabel'));
  options(state, filter.state, [
    ['', t('dataset.anyState')],
    ['open', t('dataset.open')],
    ['accepted', t('dataset.accepted')],
    ['rejected', t('dataset.rejected')],
    ['changed', t('dataset.changed')],
  ]);
  return {
    element: h('div', { class: 'filters', attrs: { role: 'search' } }, search, code, state, speaker, label),
    show: ({ findings, speakers, labels }) => {
      const found = rowFindings.filter((one) => findings[one] !== undefined);
      options(code, filter.code, [
        ['', t('dataset.anyFinding')],
        ...found.map((one): [string, string] => [
          one,
          t('dataset.counted', { name: findingName(one, t), n: format.integer(findings[one]?.count ?? 0) }),
        ]),
      ]);
      options(speaker, filter.speaker, [
        ['', t('dataset.anySpeaker')],
        ...Object.keys(speakers).map((one): [string, string] => [one, one]),
      ]);
      options(label, filter.label, [
        ['', t('dataset.anyLabel')],
        ...Object.keys(labels).map((one): [string, string] => [one, one]),
      ]);
      speaker.hidden = Object.keys(speakers).length === 0;
      label.hidden = Object.keys(labels).length === 0;
    },
  };
}
