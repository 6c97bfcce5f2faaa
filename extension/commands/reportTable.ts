/** Tables of a report. */
import { formatNumber } from '../text/format';
import { language, t } from '../text/translate';

/**
 * Cells are Markdown. VS Code's preview lays the columns of every table out from left to right, whatever stands around
 * it, so a Persian one has its first column last. There each cell is kept together: most of what a machine says is
 * English.
 */
export function reportTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const persian = language() === 'fa';
  const line = (cells: readonly string[]): string =>
    `| ${(persian ? cells.toReversed() : cells).join(' | ')} |`;
  const cell = (content: string): string => (persian && content !== '' ? `\u2068${content}\u2069` : content);
  const rule = line(head.map(() => (persian ? '--:' : ':--')));
  const table = [line(head), rule, ...rows.map((row) => line(row.map(cell)))].join('\n');
  return persian ? `<div dir="ltr" align="right">\n\n${table}\n\n</div>` : table;
}

/** A time that stays on one line. */
export const milliseconds = (ms: number): string => t('{0} ms', formatNumber(ms)).replace(' ', '\u00a0');
