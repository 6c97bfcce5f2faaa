import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';

/** The rows of a CSV file with a header, as objects of strings. */
export async function readTable(file) {
  return parse(await readFile(file, 'utf8'), { columns: true, skip_empty_lines: true, bom: true });
}
