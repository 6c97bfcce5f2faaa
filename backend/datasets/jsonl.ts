import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Inspected, Inspection } from './context';
import { Rows } from './rows';

/** A longer line is no row but a whole file on one line. */
const longestLine = 16 << 20;

/** Lines with their numbers from 1. The last one need not end in a line break. */
export async function* readLines(
  file: string,
  signal: AbortSignal,
): AsyncGenerator<{ line: number; text: string }> {
  let rest = '';
  let line = 1;
  for await (const chunk of createReadStream(file, { encoding: 'utf8', signal })) {
    const parts = (rest + (chunk as string)).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > longestLine) throw new RangeError(`Line ${line + parts.length} is longer than 16 MB.`);
    for (const text of parts) yield { line: line++, text };
  }
  if (rest !== '') yield { line, text: rest };
}

function parseRow(text: string): Map<string, unknown> | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** One JSON object a line. */
export async function inspectJsonl(inspection: Inspection): Promise<Inspected> {
  const { path: file, findings, signal } = inspection;
  const rows = new Rows(inspection);
  try {
    for await (const { line, text } of readLines(file, signal)) {
      const trimmed = line === 1 ? text.replace(/^\ufeff/, '').trim() : text.trim();
      if (trimmed === '') continue;
      try {
        const row = parseRow(trimmed);
        if (row === undefined)
          findings.add('error', 'json.shape', 'The line is not an object.', { file, line });
        else rows.add(line, row);
      } catch (error) {
        findings.add('error', 'json.syntax', `The line is not JSON: ${(error as Error).message}.`, {
          file,
          line,
        });
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    findings.add('error', 'json.syntax', error.message, { file });
  }
  return rows.finish((await stat(file)).size);
}
