/** Whole folders that appear under their final name complete or not at all. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Marks what an interrupted writer may have left; swept by `sweepAside`. */
const asideMark = '.goya-aside-';
const oldMark = '.goya-old-';

/** By name; a name may lead into folders inside, with forward slashes. */
export type FolderFiles = Readonly<Record<string, string | Uint8Array>>;

/**
 * Writes the files into a folder beside `target`, makes them durable and renames it to `target`. A folder already
 * there is moved out of the way first and deleted last; if anything fails it stands there as before.
 */
export async function writeFolder(target: string, files: FolderFiles): Promise<void> {
  const parent = path.dirname(target);
  await mkdir(parent, { recursive: true });
  const aside = path.join(parent, `${asideMark}${randomUUID()}`);
  await mkdir(aside);
  try {
    await writeAll(aside, files);
    await syncFolder(aside);
    await swap(aside, target);
    await syncFolder(parent);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** At once, since each waits for the disk to have it; all have ended before a failure is thrown. */
async function writeAll(folder: string, files: FolderFiles): Promise<void> {
  const written = await Promise.allSettled(
    Object.entries(files).map(async ([name, content]) => {
      const file = path.join(folder, ...name.split('/'));
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content, { flush: true });
    }),
  );
  for (const one of written) if (one.status === 'rejected') throw one.reason;
}

async function swap(aside: string, target: string): Promise<void> {
  const old = path.join(path.dirname(target), `${oldMark}${path.basename(aside).slice(asideMark.length)}`);
  const replaced = await rename(target, old).then(
    () => true,
    (error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    },
  );
  try {
    await rename(aside, target);
  } catch (error) {
    if (replaced) await rename(old, target);
    throw error;
  }
  // The new folder stands: a leftover of the old one is swept later rather than failing what succeeded.
  if (replaced) await rm(old, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
}

/** Makes names durable where the system can; Windows has no such call for folders. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Deletes what interrupted writers left in a folder. */
export async function sweepAside(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  const left = names.filter((name) => name.startsWith(asideMark) || name.startsWith(oldMark));
  await Promise.all(left.map((name) => rm(path.join(parent, name), { recursive: true, force: true })));
}
