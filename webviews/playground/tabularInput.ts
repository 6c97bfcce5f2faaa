/** A form with a field for each column of the table that the model learnt from. */
import type { TabularColumn } from '../../ml/trained/metadata';
import { parseNumber } from '../../ml/trained/tabularFeatures';
import { h } from '../common/dom';
import type { Page } from '../common/page';
import { button, textField } from '../common/toolkit';
import { exampleRow, exampleValue, fittingRow } from './examples';
import { rowWords } from './history';
import type { InputView } from './inputView';

interface Field {
  readonly element: HTMLElement;
  get(): string;
  set(value: string): void;
}

export function tabularInput(
  page: Page<unknown>,
  columns: readonly TabularColumn[],
  saved: Readonly<Record<string, string>>,
  onChange: (row: Record<string, string>) => void,
): InputView {
  const { t } = page;
  const start = fittingRow(columns, saved);
  const changed = (): void => onChange(row());
  const fields = new Map<string, Field>(
    columns.map((column, i) => [
      column.name,
      column.kind === 'numeric'
        ? numericField(column, i, start[column.name] ?? '', changed)
        : choiceField(column, i, start[column.name] ?? '', changed),
    ]),
  );
  const row = (): Record<string, string> =>
    Object.fromEntries([...fields].map(([name, field]) => [name, field.get()]));
  const fill = (values: Readonly<Record<string, string>>): void => {
    for (const [name, field] of fields) field.set(values[name] ?? '');
    changed();
  };
  const element = h(
    'div',
    { class: 'stack' },
    h('div', { class: 'fields' }, ...[...fields.values()].map((field) => field.element)),
    h(
      'div',
      { class: 'row' },
      button({ label: t('input.reset'), icon: 'refresh', onClick: () => fill(exampleRow(columns)) }),
      h('span', { class: 'muted' }, t('input.resetHint')),
    ),
  );
  return {
    element,
    read: () => ({ kind: 'tabular', row: row() }),
    backend: () => ({ values: row() }),
    snippet: () => ({ kind: 'tabular', row: numbersOf(columns, row()) }),
    remember: () => ({ input: rowWords(row()), row: row() }),
    restore: (entry) => {
      if (entry.row !== undefined) fill(fittingRow(columns, entry.row));
    },
  };
}

/** Numbers as numbers, so that the code reads like code; what is no number stays as typed. */
function numbersOf(
  columns: readonly TabularColumn[],
  row: Readonly<Record<string, string>>,
): Record<string, unknown> {
  return Object.fromEntries(
    columns.map((column) => {
      const text = row[column.name] ?? '';
      const number = column.kind === 'numeric' ? parseNumber(text) : undefined;
      return [column.name, number ?? text];
    }),
  );
}

function numericField(column: TabularColumn, index: number, value: string, onInput: () => void): Field {
  const field = textField({ id: `column-${index}`, label: column.name, value, onInput });
  field.element.dataset['column'] = column.name;
  field.element.title =
    column.kind === 'numeric' ? `${exampleValue(column)} ± ${column.std.toPrecision(3)}` : '';
  return { element: field.element, get: () => field.value, set: (next) => (field.value = next) };
}

function choiceField(
  column: Extract<TabularColumn, { kind: 'categorical' }>,
  index: number,
  value: string,
  onChange: () => void,
): Field {
  const id = `column-${index}`;
  const select = h(
    'select',
    { id, attrs: { 'data-column': column.name } },
    ...column.values.map((each) => h('option', { attrs: { value: each } }, each)),
  );
  select.value = value;
  select.addEventListener('change', onChange);
  const label = h('label', { attrs: { for: id } }, h('bdi', {}, column.name));
  return {
    element: h('div', { class: 'field' }, label, select),
    get: () => select.value,
    set: (next) => (select.value = next),
  };
}
