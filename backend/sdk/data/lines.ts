import { createReadStream } from 'node:fs';

/** A longer line is no row but a whole file on one line. */
const longestLine = 16 << 20;

export class LongLineError extends Error {
  override readonly name = 'LongLineError';

  constructor(readonly line: number) {
    super(`Line ${line} is longer than 16 MB.`);
  }
}

/** Lines with their numbers from 1, without their line breaks. The last one need not end in one. */
export async function* readLines(
  file: string,
  signal?: AbortSignal,
): AsyncGenerator<{ line: number; text: string }> {
  let rest = '';
  let line = 1;
  for await (const chunk of createReadStream(file, { encoding: 'utf8', ...(signal && { signal }) })) {
    const parts = (rest + (chunk as string)).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > longestLine) throw new LongLineError(line + parts.length);
    for (const text of parts) yield { line: line++, text };
  }
  if (rest !== '') yield { line, text: rest };
}
