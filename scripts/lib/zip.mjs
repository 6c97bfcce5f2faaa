import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { Failure } from './failure.mjs';

// Format: APPNOTE.TXT 6.3 (PKWARE). Enough for wheels: stored and deflated members, no ZIP64, no encryption.
const endSignature = 0x06054b50;
const centralSignature = 0x02014b50;
const longestEnd = 22 + 0xffff;

/** @typedef {{name: string, method: number, compressedSize: number, size: number, offset: number}} ZipEntry */

/** The members of a zip file, from its central directory. @returns {Promise<ZipEntry[]>} */
export async function listZip(file) {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    const tail = await readAt(handle, Math.max(0, size - longestEnd), Math.min(size, longestEnd));
    const end = findEnd(tail, file);
    const count = tail.readUInt16LE(end + 10);
    const length = tail.readUInt32LE(end + 12);
    const start = tail.readUInt32LE(end + 16);
    if (start === 0xffffffff || count === 0xffff) throw new Failure(`${file}: ZIP64 is not read here`);
    return parseCentral(await readAt(handle, start, length), count, file);
  } finally {
    await handle.close();
  }
}

/** Writes one member to `target`, as a stream: members may be larger than memory. */
export async function extractEntry(file, entry, target) {
  const handle = await open(file, 'r');
  const header = await readAt(handle, entry.offset, 30).finally(() => handle.close());
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  await mkdir(path.dirname(target), { recursive: true });
  const output = createWriteStream(target);
  if (entry.compressedSize === 0) {
    await new Promise((resolve, reject) => output.on('error', reject).end(resolve));
    return;
  }
  const input = createReadStream(file, { start, end: start + entry.compressedSize - 1 });
  if (entry.method === 0) await pipeline(input, output);
  else if (entry.method === 8) await pipeline(input, createInflateRaw(), output);
  else
    throw new Failure(`${file}: ${entry.name} is packed with method ${entry.method}, which is not read here`);
  if (output.bytesWritten !== entry.size)
    throw new Failure(
      `${file}: ${entry.name} unpacked to ${output.bytesWritten} bytes, ${entry.size} expected`,
    );
}

function findEnd(tail, file) {
  for (let at = tail.length - 22; at >= 0; at -= 1) if (tail.readUInt32LE(at) === endSignature) return at;
  throw new Failure(`${file} is not a zip file, or it is cut short`);
}

function parseCentral(buffer, count, file) {
  const entries = [];
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    if (buffer.readUInt32LE(at) !== centralSignature) throw new Failure(`${file}: its directory is damaged`);
    const nameLength = buffer.readUInt16LE(at + 28);
    entries.push({
      name: buffer.toString('utf8', at + 46, at + 46 + nameLength),
      method: buffer.readUInt16LE(at + 10),
      compressedSize: buffer.readUInt32LE(at + 20),
      size: buffer.readUInt32LE(at + 24),
      offset: buffer.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + buffer.readUInt16LE(at + 30) + buffer.readUInt16LE(at + 32);
  }
  return entries;
}

async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new Failure('a zip file ended before its directory says so');
    done += bytesRead;
  }
  return buffer;
}
