/** The table of a data set with other texts in some rows and without others, line by line as it stands. */
import { columnsOf } from '../sdk/data/columnNames';
import { readLines } from '../sdk/data/lines';
import { textPlace, withJsonText, withText, type TextPlace } from '../sdk/data/rawRow';
import { readRows } from '../sdk/data/readRows';
import type { DataRow } from '../sdk/data/row';
import type { DataSource } from '../sdk/data/source';
import { detectDelimiter } from '../sdk/table';

/** What a row becomes: another text, or nothing (`null`); undefined leaves it as it is. */
export type Rewrite = (row: DataRow) => string | null | undefined;

export interface RowRewrite {
  readonly line: number;
  readonly lines: number;
  /** As it stands, without the last line break. */
  readonly before: string;
  /** Undefined: the row goes. */
  readonly after: string | undefined;
}

/** Every line of the table with the row that begins there when that changes; yields in the file's order. */
export async function* rewritten(
  source: DataSource,
  rewrite: Rewrite,
  signal: AbortSignal,
): AsyncGenerator<{ readonly raw: string; readonly change: RowRewrite | undefined }> {
  const { table } = source;
  if (table === undefined) return;
  const wanted = await changesOf(source, table, rewrite, signal);
  const place = await wanted.place;
  let held: { line: number; parts: string[]; lines: number; text: string | null } | undefined;
  for await (const { line, text: raw } of readLines(table, signal)) {
    if (held === undefined) {
      const change = wanted.rows.get(line);
      if (change === undefined) {
        yield { raw, change: undefined };
        continue;
      }
      held = { line, parts: [], ...change };
    }
    held.parts.push(raw);
    if (held.parts.length < held.lines) continue;
    const before = held.parts.join('\n');
    const after = held.text === null ? undefined : changed(before, held.text, place);
    yield {
      raw: before,
      change: {
        line: held.line,
        lines: held.lines,
        before,
        after: after ?? (held.text === null ? undefined : before),
      },
    };
    held = undefined;
  }
}

interface Wanted {
  readonly rows: ReadonlyMap<number, { readonly lines: number; readonly text: string | null }>;
  readonly place: Promise<TextPlace | string>;
}

async function changesOf(
  source: DataSource,
  table: string,
  rewrite: Rewrite,
  signal: AbortSignal,
): Promise<Wanted> {
  const rows = new Map<number, { lines: number; text: string | null }>();
  let names: readonly string[] = [];
  let jsonColumn = 'text';
  const listener = { onHeader: (given: readonly string[]) => (names = given) };
  for await (const row of readRows(source, listener, signal)) {
    const text = rewrite(row);
    if (text === undefined) continue;
    rows.set(row.line, { lines: row.lines, text });
    if (source.format === 'jsonl') jsonColumn = columnsOf([...row.cells.keys()]).text ?? jsonColumn;
  }
  return { rows, place: placeOf(source, table, names, jsonColumn) };
}

async function placeOf(
  source: DataSource,
  table: string,
  names: readonly string[],
  jsonColumn: string,
): Promise<TextPlace | string> {
  if (source.format === 'jsonl') return jsonColumn;
  if (source.format === 'ljspeech') return textPlace(source, '|', 1);
  const delimiter = source.format === 'common-voice' ? '\t' : await detectDelimiter(table);
  return textPlace(source, delimiter, names.indexOf(columnsOf(names).text ?? ''));
}

function changed(raw: string, text: string, place: TextPlace | string): string | undefined {
  return typeof place === 'string' ? withJsonText(raw, place, text) : withText(raw, text, place);
}
