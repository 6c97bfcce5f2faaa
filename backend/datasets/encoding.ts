import { open } from 'node:fs/promises';
import { say } from '../language/say';
import type { Findings } from './findings';

const headBytes = 1 << 20;

/** Says what the file's text is encoded in when that is not plain UTF-8. False when it cannot be read as it is. */
export async function checkEncoding(file: string, findings: Findings): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(headBytes), 0, headBytes, 0);
    return checkHead(buffer.subarray(0, bytesRead), file, findings);
  } finally {
    await handle.close();
  }
}

function checkHead(head: Buffer, file: string, findings: Findings): boolean {
  const place = { file, line: 1 };
  const begins = (...bytes: number[]): boolean => bytes.every((byte, i) => head[i] === byte);
  if (begins(0xff, 0xfe) || begins(0xfe, 0xff)) {
    findings.add('error', 'table.encoding', say`The file is UTF-16 text; save it as UTF-8.`, place);
    return false;
  }
  if (head.includes(0)) {
    findings.add('error', 'table.syntax', say`The file is not text, so it is no table.`, place);
    return false;
  }
  if (begins(0xef, 0xbb, 0xbf)) {
    const message = say`The file begins with a byte order mark, which other programs may take for a part of the first cell.`;
    findings.add('info', 'table.bom', message, place);
  }
  const line = badLine(head);
  if (line === undefined) return true;
  if (isWindows1256(head)) {
    const message = say`The file is not UTF-8 but Windows-1256 (Arabic), it seems; open it with that encoding and save it as UTF-8.`;
    findings.add('error', 'table.encoding', message, { file, line });
    return false;
  }
  findings.add('error', 'table.encoding', say`From this line on there are bytes that are not UTF-8.`, {
    file,
    line,
  });
  return true;
}

/** The line of the first bytes that are not UTF-8. */
function badLine(head: Buffer): number | undefined {
  // A letter may be cut in two at the end of what was read.
  const whole = head.length < headBytes ? head : head.subarray(0, head.lastIndexOf(0x0a) + 1);
  const at = whole.toString('utf8').indexOf('\ufffd');
  // The sign itself may stand in a text.
  if (at < 0 || Buffer.from(whole.toString('utf8'), 'utf8').equals(whole)) return undefined;
  return whole.toString('utf8').slice(0, at).split('\n').length;
}

/** Most of its bytes above ASCII stand for letters of Arabic and Persian there. */
function isWindows1256(head: Buffer): boolean {
  const high = head.filter((byte) => byte > 0x7f);
  const text = new TextDecoder('windows-1256').decode(high);
  const letters = text.match(/[\u0621-\u06CC]/g)?.length ?? 0;
  return high.length > 0 && letters >= high.length * 0.7;
}
