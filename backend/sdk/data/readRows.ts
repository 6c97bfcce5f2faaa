/** The rows of every data set that is a table of text, one after the other: a large file never fills memory. */
import path from 'node:path';
import { say } from '../../language/say';
import { isAudio } from '../audioFiles';
import { detectDelimiter, readTable, type TableRow } from '../table';
import { TableError } from '../tableError';
import { columnsOf, type RowColumns } from './columnNames';
import { LongLineError, readLines } from './lines';
import type { DataRow, RowListener } from './row';
import { audioPathOf, type DataSource } from './source';

/** What is wrong with the form of the file goes to `listener`; only a file that cannot be opened rejects. */
export async function* readRows(
  source: DataSource,
  listener: RowListener,
  signal?: AbortSignal,
): AsyncGenerator<DataRow> {
  const { table, format } = source;
  if (table === undefined) return;
  try {
    if (format === 'ljspeech') yield* ljspeechRows(source, table, listener, signal);
    else if (format === 'jsonl') yield* jsonRows(source, table, listener, signal);
    else yield* delimitedRows(source, table, listener, signal);
  } catch (error) {
    if (error instanceof TableError)
      listener.onFault?.({ line: error.line, code: 'table.syntax', message: error.message });
    else if (error instanceof LongLineError) {
      const message = say`The line is longer than ${16} MB, so it is no row.`;
      listener.onFault?.({ line: error.line, code: 'json.syntax', message });
    } else throw error;
  }
}

/** Rows `id|text` or `id|text|normalised text`, without a header and without quoting. */
async function* ljspeechRows(
  source: DataSource,
  table: string,
  listener: RowListener,
  signal: AbortSignal | undefined,
): AsyncGenerator<DataRow> {
  for await (const { line, cells } of readTable(table, {
    delimiter: '|',
    quotes: false,
    ...(signal && { signal }),
  })) {
    const [id = '', raw, normalised] = cells.map((cell) => cell.trim());
    if (cells.length < 2) {
      const message = say`The line has no "|" and so no text.`;
      listener.onFault?.({ line, code: 'row.length', message });
    } else if (cells.length > 3) {
      const message = say`The line has ${cells.length} parts between "|"; id, text and normalised text are three.`;
      listener.onFault?.({ line, code: 'row.length', message });
    }
    yield {
      line,
      lines: 1,
      cells: new Map(cells.slice(0, 3).map((cell, i) => [['id', 'text', 'normalized_text'][i] ?? '', cell])),
      id,
      audioName: id === '' ? undefined : id,
      audioPath: id === '' ? undefined : audioPathOf(source, id),
      text: cells.length < 2 ? undefined : normalised || (raw ?? ''),
      speaker: undefined,
      label: undefined,
    };
  }
}

async function* delimitedRows(
  source: DataSource,
  table: string,
  listener: RowListener,
  signal: AbortSignal | undefined,
): AsyncGenerator<DataRow> {
  const commonVoice = source.format === 'common-voice';
  const delimiter = commonVoice ? '\t' : await detectDelimiter(table);
  let header: Header | undefined;
  // The sentences of Common Voice hold single quotes of every kind, and no quoting.
  for await (const row of readTable(table, { delimiter, quotes: !commonVoice, ...(signal && { signal }) })) {
    if (header === undefined) header = headerOf(row, listener);
    else yield delimitedRow(source, row, header, listener);
  }
}

interface Header {
  readonly names: readonly string[];
  readonly columns: RowColumns;
}

function headerOf({ cells, line }: TableRow, listener: RowListener): Header {
  const given = cells.map((cell) => cell.trim());
  given.forEach((name, i) => {
    if (name === '')
      listener.onFault?.({ line, code: 'header.empty', message: say`Column ${i + 1} has no name.` });
    else if (given.indexOf(name) < i)
      listener.onFault?.({ line, code: 'header.duplicate', message: say`Two columns are named "${name}".` });
  });
  // A second column of one name would hide the first.
  const names = given.map((name, i) => (given.indexOf(name) < i || name === '' ? `#${i + 1}` : name));
  listener.onHeader?.(names);
  return { names, columns: columnsOf(names) };
}

function delimitedRow(source: DataSource, row: TableRow, header: Header, listener: RowListener): DataRow {
  const { line, cells } = row;
  const { names, columns } = header;
  if (cells.length !== names.length) {
    const message = say`The row has ${cells.length} cells, the header ${names.length}.`;
    listener.onFault?.({ line, code: 'row.length', message });
  }
  const map = new Map<string, unknown>(names.map((name, i) => [name, cells[i]]));
  const lines = 1 + cells.reduce((sum, cell) => sum + breaks(cell), 0);
  return rowOf(source, line, lines, map, columns);
}

function breaks(cell: string): number {
  return cell.includes('\n') ? cell.split('\n').length - 1 : 0;
}

/** One JSON object a line. */
async function* jsonRows(
  source: DataSource,
  table: string,
  listener: RowListener,
  signal: AbortSignal | undefined,
): AsyncGenerator<DataRow> {
  for await (const { line, text } of readLines(table, signal)) {
    const trimmed = line === 1 ? text.replace(/^\ufeff/, '').trim() : text.trim();
    if (trimmed === '') continue;
    try {
      const cells = parseObject(trimmed);
      if (cells !== undefined) yield rowOf(source, line, 1, cells, columnsOf([...cells.keys()]));
      else listener.onFault?.({ line, code: 'json.shape', message: say`The line is not an object.` });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const message = say`The line is not JSON: ${error.message}.`;
      listener.onFault?.({ line, code: 'json.syntax', message });
    }
  }
}

function parseObject(text: string): Map<string, unknown> | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

function rowOf(
  source: DataSource,
  line: number,
  lines: number,
  cells: ReadonlyMap<string, unknown>,
  columns: RowColumns,
): DataRow {
  const string = (name: string | undefined): string | undefined => {
    const value = name === undefined ? undefined : cells.get(name);
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
  };
  const named = audioNameOf(columns.audio === undefined ? undefined : cells.get(columns.audio));
  // A column called "path" may lead to anything; Common Voice's leads to clips.
  const audioName =
    named !== undefined && (source.format === 'common-voice' || isAudio(named)) ? named : undefined;
  const id = string(columns.id) ?? (audioName === undefined ? String(line) : baseName(audioName));
  return {
    line,
    lines,
    cells,
    id,
    audioName,
    audioPath: audioName === undefined ? undefined : audioPathOf(source, audioName),
    text: string(columns.text) ?? (columns.text === undefined ? undefined : ''),
    speaker: string(columns.speaker),
    label: string(columns.label)?.trim(),
  };
}

/** A cell, or a struct as the hub's viewer exports it: `{"path": "a.wav"}`. */
function audioNameOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim();
  if (typeof value !== 'object' || value === null || !('path' in value)) return undefined;
  return typeof value.path === 'string' ? value.path : undefined;
}

function baseName(name: string): string {
  const last = name.replaceAll('\\', '/').split('/').at(-1) ?? name;
  return last.slice(0, last.length - path.extname(last).length);
}
