/** Reads a delimited text file. No tensors: the main process uses this too. */
import { createReadStream } from 'node:fs';
import { CsvError, parse, type Info } from 'csv-parse';
import { detectDelimiter, syntaxFault } from '../../sdk/table';
import { TableError } from '../../sdk/tableError';
import { checkUtf8 } from '../../sdk/textHead';

export interface Table {
  readonly header: readonly string[];
  /** Cells as they stand, spaces around them taken off. Every row has as many as the header. */
  readonly rows: readonly (readonly string[])[];
  /** Line of the file that each row starts on, from 1. */
  readonly lines: readonly number[];
  /** Rows with too few or too many cells: left out of `rows`. */
  readonly ragged: readonly { line: number; cells: number }[];
}

/** Rejects with `TableError` for what is no table in UTF-8, with the system's error for a file that cannot be read. */
export async function readTable(file: string, signal: AbortSignal): Promise<Table> {
  await checkUtf8(file);
  const delimiter = await detectDelimiter(file);
  const parser = createReadStream(file, { signal }).pipe(
    parse({ bom: true, delimiter, info: true, trim: true, relax_column_count: true, skip_empty_lines: true }),
  );
  let header: string[] | undefined;
  const rows: string[][] = [];
  const lines: number[] = [];
  const ragged: { line: number; cells: number }[] = [];
  let line = 1;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (header === undefined) header = record;
      else if (record.length !== header.length) ragged.push({ line, cells: record.length });
      else {
        rows.push(record);
        lines.push(line);
      }
      line = info.lines + 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new TableError(syntaxFault(error), line, { cause: error });
  }
  return { header: header ?? [], rows, lines, ragged };
}
