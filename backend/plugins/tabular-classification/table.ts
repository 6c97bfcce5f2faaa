/** Reads a delimited text file. No tensors: the main process uses this too. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { parse, type Info } from 'csv-parse';

export interface Table {
  readonly header: readonly string[];
  /** Cells as they stand, spaces around them taken off. Every row has as many as the header. */
  readonly rows: readonly (readonly string[])[];
  /** Line of the file that each row starts on, from 1. */
  readonly lines: readonly number[];
  /** Rows with too few or too many cells: left out of `rows`. */
  readonly ragged: readonly { line: number; cells: number }[];
}

/** Guesses from the first line; a comma when nothing else is there more often. */
export function delimiterOf(firstLine: string): string {
  const plain = firstLine.replace(/"[^"]*"/g, '');
  const count = (mark: string): number => plain.split(mark).length - 1;
  return [',', '\t', ';', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** Throws csv-parse's error for a quote that never closes, the system's for a file that cannot be read. */
export async function readTable(file: string, signal: AbortSignal): Promise<Table> {
  const delimiter = delimiterOf(await firstLineOf(file));
  const parser = createReadStream(file, { signal }).pipe(
    parse({ bom: true, delimiter, info: true, trim: true, relax_column_count: true, skip_empty_lines: true }),
  );
  let header: string[] | undefined;
  const rows: string[][] = [];
  const lines: number[] = [];
  const ragged: { line: number; cells: number }[] = [];
  let line = 1;
  for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
    if (header === undefined) header = record;
    else if (record.length !== header.length) ragged.push({ line, cells: record.length });
    else {
      rows.push(record);
      lines.push(line);
    }
    line = info.lines + 1;
  }
  return { header: header ?? [], rows, lines, ragged };
}

async function firstLineOf(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0);
    return buffer.toString('utf8', 0, bytesRead).split(/\r?\n/, 1)[0] ?? '';
  } finally {
    await handle.close();
  }
}
