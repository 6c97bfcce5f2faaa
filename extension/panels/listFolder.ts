import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../protocol/wire/errors';

/** The files of a folder with their sizes, links followed. Throws `model.notFound` where there is no such folder. */
export async function listFolder(folder: string): Promise<{ name: string; size: number }[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (cause) {
    throw new StudioError('model.notFound', `The folder ${folder} cannot be read: it may have been moved.`, {
      cause,
      details: { path: folder },
    });
  }
  const files = await Promise.all(
    names.map(async (name) => ({ name, info: await stat(path.join(folder, name)).catch(() => undefined) })),
  );
  return files.flatMap(({ name, info }) => (info?.isFile() === true ? [{ name, size: info.size }] : []));
}
