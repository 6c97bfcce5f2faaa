import { open, rename, rm, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { JournalRecord } from './journal';

const pieceSize = 1 << 20;
/** Stretches that a file found without journal is cut into. */
const adoptedSize = 8 << 20;

/** Makes an unbroken beginning the ranged file; its CRCs are taken from what is there now. */
export async function adoptPrefix(prefix: string, path: string, size: number): Promise<JournalRecord[]> {
  await rm(path, { force: true });
  const found = await stat(prefix).catch(() => undefined);
  if (found?.isFile() !== true || found.size === 0 || found.size > size) return [];
  const records: JournalRecord[] = [];
  const handle = await open(prefix, 'r');
  try {
    const buffer = Buffer.allocUnsafe(pieceSize);
    let crc = 0;
    let start = 0;
    for (let at = 0; at < found.size;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
      if (bytesRead === 0) break;
      crc = crc32(buffer.subarray(0, bytesRead), crc);
      at += bytesRead;
      if (at - start < adoptedSize && at < found.size) continue;
      records.push({ start, end: at, crc, adopted: true });
      [start, crc] = [at, 0];
    }
  } finally {
    await handle.close();
  }
  await rename(prefix, path);
  return records;
}
