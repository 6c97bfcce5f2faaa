/**
 * A data directory that `initdb` and the migrations made at build time: unpacking it takes a tenth of the time and a
 * quarter of the memory of making it. Format: four bytes with the length of a JSON header, the header, the files' bytes
 * one after another; the whole compressed with brotli. Written by scripts/build/database.mjs.
 */
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { z } from 'zod';

const header = z.object({
  folders: z.array(z.string()),
  files: z.array(z.object({ path: z.string(), size: z.number().int().nonnegative() })),
});

/** All or nothing: it is laid out aside and renamed, so that a crash leaves no half of a database under `target`. */
export async function unpackTemplate(archive: string, target: string): Promise<void> {
  const aside = `${target}.new`;
  await rm(aside, { recursive: true, force: true });
  const content = await promisify(brotliDecompress)(await readFile(archive));
  const start = 4 + content.readUInt32LE(0);
  const { folders, files } = header.parse(JSON.parse(content.toString('utf8', 4, start)));
  await mkdir(aside, { recursive: true, mode: 0o700 });
  for (const folder of folders) await mkdir(path.join(aside, folder), { recursive: true, mode: 0o700 });
  let offset = start;
  const writes = files.map((file) => {
    const bytes = content.subarray(offset, (offset += file.size));
    return writeFile(path.join(aside, file.path), bytes, { mode: 0o600 });
  });
  await Promise.all(writes);
  await sync(path.join(aside, 'global', 'pg_control'));
  await rename(aside, target);
}

async function sync(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync().finally(() => handle.close());
}
