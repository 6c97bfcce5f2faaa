/** The hyper-parameters of the runs in the charts, a column each; rows that differ carry a sign beside their colour. */
import type { Run } from '../../protocol/model/run';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { checkbox } from '../common/toolkit';
import { parameterRows, type ParameterRow } from './hyperParameters';

export function hyperView(page: Page<unknown>) {
  const { t } = page;
  const place = h('div', {
    class: 'scroll hyper-table',
    attrs: { tabindex: 0, role: 'group', 'aria-label': t('hyper.heading') },
  });
  let only = false;
  let shown: readonly Run[] = [];
  let key = '';
  const filter = checkbox({
    id: 'hyper-differing',
    label: t('hyper.onlyDiffering'),
    checked: only,
    onChange: (checked) => {
      only = checked;
      fill();
    },
  });
  const element = h(
    'details',
    { class: 'section hyper' },
    h('summary', {}, t('hyper.heading')),
    filter.element,
    place,
  );
  return {
    element,
    show: (runs: readonly Run[]): void => {
      element.hidden = runs.length === 0;
      // A run's config never changes.
      const next = runs.map((run) => `${run.id}/${run.name}`).join('\n');
      if (next === key) return;
      key = next;
      shown = runs;
      // Comparing is what several runs are ticked for.
      if (runs.length > 1) element.open = true;
      fill();
    },
  };

  function fill(): void {
    const several = shown.length > 1;
    filter.element.hidden = !several;
    const rows = parameterRows(shown).filter((row) => !several || !only || row.differs);
    if (rows.length === 0) {
      place.replaceChildren(h('p', { class: 'muted' }, t('hyper.same')));
      return;
    }
    const head = (name: string): HTMLElement => h('th', { attrs: { scope: 'col' } }, h('bdi', {}, name));
    place.replaceChildren(
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, head(t('hyper.name')), ...shown.map((run) => head(run.name)))),
        h('tbody', {}, ...rows.map((row) => rowOf(row, several))),
      ),
    );
  }

  function rowOf({ name, values, differs }: ParameterRow, several: boolean): HTMLElement {
    const marked = several && differs;
    return h(
      'tr',
      { class: marked ? 'differs' : '' },
      h(
        'th',
        { attrs: { scope: 'row' } },
        marked && h('span', { class: 'differs-sign', attrs: { 'aria-hidden': 'true' } }, '≠'),
        h('bdi', { class: 'code', dir: 'ltr' }, name),
        marked && h('span', { class: 'visually-hidden' }, `, ${t('hyper.differs')}`),
      ),
      ...values.map((value) =>
        value === undefined
          ? h('td', { class: 'muted' }, t('hyper.default'))
          : h('td', {}, h('bdi', { dir: 'auto' }, value)),
      ),
    );
  }
}
