/** Whether a file is UTF-8 text: letters of another encoding would be learnt as labels and words that nobody wrote. */
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { say } from '../language/say';
import { TableError } from './tableError';

const headBytes = 1 << 20;

/** The file's first megabyte as text. Rejects with `TableError` for UTF-16 and for what is no text. */
export async function readHead(file: string): Promise<string> {
  return (await headOf(file)).toString('utf8');
}

/** Rejects with `TableError` that names the first line, of the first megabyte, that is not UTF-8. */
export async function checkUtf8(file: string): Promise<void> {
  const head = await headOf(file);
  // A letter may be cut in two at the end of what was read.
  checkBytes(head.length < headBytes ? head : head.subarray(0, head.lastIndexOf(0x0a) + 1));
}

/** As `checkUtf8`, of a whole file. Throws. */
export function checkBytes(bytes: Buffer): void {
  if (isUtf8(bytes)) return;
  const message = say`The text is not UTF-8 (Windows-1256, perhaps). Open the file with its encoding and save it as UTF-8.`;
  throw new TableError(message, firstBadLine(bytes));
}

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    const head = buffer.subarray(0, bytesRead);
    if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)) {
      throw new TableError(say`The table is UTF-16 text; save it as UTF-8.`, 1);
    }
    if (head.includes(0)) throw new TableError(say`The file is not text, so it is no table.`, 1);
    return head;
  } finally {
    await handle.close();
  }
}

function firstBadLine(bytes: Buffer): number {
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(0x0a, from);
    const next = end < 0 ? bytes.length : end + 1;
    if (!isUtf8(bytes.subarray(from, next))) return line;
    from = next;
  }
  return line;
}
