/** The panel's end of the audio page: files of a folder, read in parts as the extension does. */
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { AudioInput } from '../../../protocol/api/panel';
import type { PartsRequest } from './harness';

export async function audioInputOf(folder: string, ...names: readonly string[]): Promise<AudioInput> {
  const files = await Promise.all(
    names.map(async (name) => {
      const found = await stat(path.join(folder, name)).catch(() => ({ size: 1000, mtimeMs: 0 }));
      return { name, sizeBytes: found.size, version: `${found.mtimeMs} ${found.size}` };
    }),
  );
  return { files, recognisers: [] };
}

export async function readParts(
  folder: string,
  names: readonly string[],
  { file, parts }: PartsRequest,
): Promise<Uint8Array> {
  const name = names[file] ?? '';
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  const handle = await open(path.join(folder, name)).catch(() => {
    throw new Error(`${name} cannot be read: it is not there.`);
  });
  let at = 0;
  for (const { offset, length } of parts) {
    await handle.read(bytes, at, length, offset);
    at += length;
  }
  await handle.close();
  return bytes;
}
