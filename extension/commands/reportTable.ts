/** Tables of a report: VS Code lays Markdown out from left to right, so a Persian one says that it runs the other way. */
import { formatNumber } from '../text/format';
import { language } from '../text/translate';

/** Cells are Markdown. In Persian each is kept together: most of what a machine says is English. */
export function reportTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const persian = language() === 'fa';
  const cell = (content: string): string => (persian && content !== '' ? `\u2068${content}\u2069` : content);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map(() => (persian ? '--:' : ':--')));
  const table = [line(head), rule, ...rows.map((row) => line(row.map(cell)))].join('\n');
  return persian ? `<div dir="rtl">\n\n${table}\n\n</div>` : table;
}

/** A time that stays on one line. */
export const milliseconds = (ms: number): string => `${formatNumber(ms)}\u00a0ms`;
