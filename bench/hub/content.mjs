import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createHash, randomFillSync } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';

/** A temporary folder for `work`, taken away afterwards. */
export async function withFolder(work) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A file of random bytes; answers its sha256. */
export async function randomFile(file, size) {
  await mkdir(path.dirname(file), { recursive: true });
  const hash = createHash('sha256');
  const stream = createWriteStream(file);
  const piece = 4 << 20;
  for (let at = 0; at < size; at += piece) {
    const bytes = randomFillSync(Buffer.allocUnsafe(Math.min(piece, size - at)));
    hash.update(bytes);
    if (!stream.write(bytes)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
  return hash.digest('hex');
}
