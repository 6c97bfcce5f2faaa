/** Reads examples from CSV, TSV or JSONL, line by line. No tensors: the main process uses this too. */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { breathe } from '../../sdk/breathe';
import { detectDelimiter, readTable } from '../../sdk/table';
import { TableError } from '../../sdk/tableError';
import { checkUtf8 } from '../../sdk/textHead';
import { columnsOf, type ColumnChoice, type Columns } from './columns';
import { say } from './words';

export interface Example {
  readonly text: string;
  readonly label: string;
  /** Line of the file, from 1. */
  readonly line: number;
}

export interface ExampleFile {
  readonly columns: Columns;
  readonly header: readonly string[];
  /** Empty where the columns are not known. */
  readonly examples: readonly Example[];
  /** Lines that are no example: the wrong number of cells, not an object, no string. */
  readonly faults: readonly { readonly line: number; readonly message: string }[];
}

const longestLine = 4 << 20;

export function isJsonl(file: string): boolean {
  return ['.jsonl', '.ndjson'].includes(path.extname(file).toLowerCase());
}

/** Rejects with `TableError` for what is no table, and with the system's error for a file that cannot be read. */
export async function readExamples(
  file: string,
  choice: ColumnChoice,
  signal: AbortSignal,
): Promise<ExampleFile> {
  if (path.extname(file).toLowerCase() === '.json')
    throw new TableError(say`A JSON file is no table. Save it as JSONL: one object on each line.`);
  await checkUtf8(file);
  return isJsonl(file) ? readJsonl(file, choice, signal) : readDelimited(file, choice, signal);
}

async function readDelimited(file: string, choice: ColumnChoice, signal: AbortSignal): Promise<ExampleFile> {
  const delimiter = await detectDelimiter(file);
  let header: readonly string[] | undefined;
  let columns: Columns = {};
  let places = { text: -1, label: -1 };
  const examples: Example[] = [];
  const faults: { line: number; message: string }[] = [];
  for await (const { line, cells } of readTable(file, { delimiter, signal })) {
    if (header === undefined) {
      header = cells.map((cell) => cell.trim());
      columns = columnsOf(header, choice);
      if (columns.text === undefined || columns.label === undefined) break;
      places = { text: header.indexOf(columns.text), label: header.indexOf(columns.label) };
      continue;
    }
    await breathe();
    if (cells.length === header.length) {
      const [text = '', label = ''] = [cells[places.text], cells[places.label]];
      examples.push({ text, label: label.trim(), line });
    } else faults.push({ line, message: say`has ${cells.length} cells, and the header ${header.length}` });
  }
  return { columns, header: header ?? [], examples, faults };
}

async function readJsonl(file: string, choice: ColumnChoice, signal: AbortSignal): Promise<ExampleFile> {
  const input = createReadStream(file, { encoding: 'utf8', signal });
  const examples: Example[] = [];
  const faults: { line: number; message: string }[] = [];
  let header: readonly string[] | undefined;
  let columns: Columns = {};
  let line = 0;
  try {
    for await (const raw of createInterface({ input, crlfDelay: Infinity })) {
      line++;
      if (raw.length > longestLine) throw new TableError(say`The line is too long to be an example.`, line);
      const json = raw.replace(/^\uFEFF/, '').trim();
      if (json === '') continue;
      await breathe();
      const object = parseObject(json);
      if (object === undefined) {
        faults.push({ line, message: say`is not a JSON object` });
        continue;
      }
      if (header === undefined) {
        header = Object.keys(object);
        columns = columnsOf(header, choice);
        if (columns.text === undefined || columns.label === undefined) break;
      }
      const text = cellOf(object, columns.text);
      const label = cellOf(object, columns.label);
      if (text === undefined || label === undefined) {
        const missing = text === undefined ? columns.text : columns.label;
        faults.push({ line, message: say`has no text or number under "${missing ?? ''}"` });
      } else examples.push({ text, label: label.trim(), line });
    }
  } finally {
    input.destroy();
  }
  signal.throwIfAborted();
  return { columns, header: header ?? [], examples, faults };
}

function parseObject(json: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    // The caller reports the line.
    return undefined;
  }
}

/** A key left out or null is an empty cell, as in a table. */
function cellOf(object: Record<string, unknown>, key: string | undefined): string | undefined {
  const value = key !== undefined && Object.hasOwn(object, key) ? object[key] : null;
  if (value === null) return '';
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
