/** Delimited text (CSV, TSV) read row by row, so that a large file neither fills memory nor blocks the process. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { CsvError, parse, type Info } from 'csv-parse';
import { say } from '../language/say';

export interface TableRow {
  /** Line of the file that the row begins in, from 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The file is not delimited text; `line` from 1 where it is known. */
export class TableError extends Error {
  override readonly name = 'TableError';

  constructor(
    message: string,
    readonly line?: number,
    options?: { cause: unknown },
  ) {
    super(message, options);
  }
}

/** A longer row is no table but another kind of file. */
const maxRowBytes = 4 << 20;

/** The delimiter that the first line has most of; a comma when it has none. Rejects with `TableError`. */
export async function detectDelimiter(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    const head = buffer.subarray(0, bytesRead);
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
      throw new TableError(say`The table is UTF-16 text; save it as UTF-8.`, 1);
    }
    if (head.includes(0)) throw new TableError(say`The file is not text, so it is no table.`, 1);
    const [line = ''] = head.toString('utf8').split(/\r?\n/, 1);
    const counts = [',', '\t', ';', '|'].map((mark) => ({ mark, count: line.split(mark).length }));
    return counts.reduce((best, one) => (one.count > best.count ? one : best)).mark;
  } finally {
    await handle.close();
  }
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
    throw new TableError(say`The table cannot be read: ${error.message}.`, line, { cause: error });
  } finally {
    source.destroy();
    parser.destroy();
  }
}

/** The parser counts lines at a row's end; quoted cells may span several. */
function newlines(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
}
