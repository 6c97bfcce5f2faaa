/** The model's figures on each set of examples, with those of whatever else was measured on it. */
import { h } from '../common/dom';
import type { MessageKey } from '../common/i18n/translate';
import type { Page } from '../common/page';
import type { ComparisonRow } from './evaluation';
import { reportTable } from './reportTables';

/** Names that Goya's own tasks give; those of others stay as they are. */
const columnWords: Readonly<Record<string, MessageKey>> = {
  words: 'report.set',
  of: 'report.of',
  count: 'report.stemWords',
  PER: 'report.per',
  WER: 'report.wer',
  'PER, mean over stems': 'metric.val_stem_per',
  'WER, mean over stems': 'metric.val_stem_wer',
};
const cellWords: Readonly<Record<string, MessageKey>> = {
  validation: 'report.validation',
  withheld: 'report.withheld',
  'this model': 'report.thisModel',
};
const rates = /^(?:PER|WER|CER|F1|accuracy)\b/i;

/** Columns in the order in which the rows first name them; a row that lacks one has a dash there. */
export function comparisonTable(page: Page<unknown>, rows: readonly ComparisonRow[]): HTMLElement {
  const { t, format } = page;
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (name: string, value: string | number | undefined): Node | string => {
    if (value === undefined) return '–';
    if (typeof value === 'string') return word(value);
    if (rates.test(name)) return format.percent(value, 2);
    return Number.isInteger(value) ? format.integer(value) : format.number(value);
  };
  const word = (text: string): Node | string => {
    const known = cellWords[text];
    return known === undefined ? h('bdi', { dir: 'auto' }, text) : t(known);
  };
  const columns = names.map((name) => ({
    head: columnWords[name] ?? { name },
    isNumber: rows.every((row) => typeof row[name] !== 'string'),
  }));
  return reportTable(
    page,
    'report.comparison',
    columns,
    rows.map((row) => names.map((name) => cell(name, row[name]))),
  );
}
