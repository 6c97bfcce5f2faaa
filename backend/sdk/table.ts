/** Delimited text (CSV, TSV) read row by row, so that a large file neither fills memory nor blocks the process. */
import { createReadStream } from 'node:fs';
import { CsvError, parse, type Info } from 'csv-parse';
import { say } from '../language/say';
import { readHead } from './textHead';
import { TableError } from './tableError';

export interface TableRow {
  /** Line of the file that the row begins in, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A longer row is no table but another kind of file. */
const maxRowBytes = 4 << 20;

/**
 * The delimiter that the first line has most of, quoted cells apart; a comma when it has none. Rejects with `TableError`
 * for what is no text.
 */
export async function detectDelimiter(file: string): Promise<string> {
  return delimiterOf((await readHead(file)).split(/\r?\n/, 1)[0] ?? '');
}

/** Guesses from the first line; a comma when nothing else is there more often. */
export function delimiterOf(firstLine: string): string {
  const plain = firstLine.replace(/"[^"]*"/g, '');
  const count = (mark: string): number => plain.split(mark).length - 1;
  return [',', '\t', ';', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

export interface TableOptions {
  readonly delimiter: string;
  /** False where quotes are ordinary characters, as in LJSpeech's metadata. */
  readonly quotes?: boolean;
  readonly signal?: AbortSignal;
}

/** Rows in order, the header row included, empty lines left out. Rejects with `TableError`. */
export async function* readTable(file: string, options: TableOptions): AsyncGenerator<TableRow> {
  const parser = parse({
    bom: true,
    delimiter: options.delimiter,
    quote: options.quotes === false ? null : '"',
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRowBytes,
    info: true,
  });
  const source = createReadStream(file);
  source.on('error', (error) => parser.destroy(error));
  source.pipe(parser);
  try {
    for await (const { info, record } of parser as AsyncIterable<{ info: Info; record: string[] }>) {
      options.signal?.throwIfAborted();
      yield { line: info.lines - newlines(record), cells: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : undefined;
    throw new TableError(syntaxFault(error), line, { cause: error });
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** What broke the table, and what to do. */
export function syntaxFault({ code, message }: CsvError): string {
  if (code === 'INVALID_OPENING_QUOTE' || code === 'CSV_INVALID_CLOSING_QUOTE')
    return say`A quotation mark stands inside a cell. Put the whole cell in quotation marks and double those within.`;
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return say`A cell begins with a quotation mark that never closes. Close it, or double it.`;
  if (code === 'CSV_MAX_RECORD_SIZE') return say`A row is too long for a table. Is a quotation mark missing?`;
  return say`The table cannot be read: ${message}.`;
}

/** The parser counts lines at a row's end; quoted cells may span several. */
function newlines(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
}
