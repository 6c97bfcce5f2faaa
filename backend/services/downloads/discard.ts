import { rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Download } from '../../../protocol/model/download';
import { LocalDir } from '../../hub/localDir';
import { isInside } from '../../hub/safePath';
import type { DownloadsStore } from '../../stores/downloads';

/**
 * Takes what a download brought off the disk: partial bytes, and finished files unless an earlier download into the
 * same folder had completed. Folders go when nothing is left in them.
 */
export async function discardFiles(
  store: DownloadsStore,
  download: Download,
  modelsPath: string,
): Promise<void> {
  const files = await store.files(download.id);
  const local = new LocalDir(download.path);
  await local.discardPartials(files);
  const others = await store.list({ state: 'completed' });
  if (!others.some((other) => other.path === download.path)) {
    // What somebody else brought before is not this download's to take away.
    for (const file of files.filter(({ state }) => state !== 'present')) {
      const metadata = await local.readMetadata(file.path);
      if (metadata?.commit !== download.commit) continue;
      await rm(local.destination(file.path), { force: true });
      await rm(local.metadataPath(file.path), { force: true });
    }
  }
  const folders = new Set(
    files.flatMap((file) => [
      path.dirname(local.destination(file.path)),
      path.dirname(local.metadataPath(file.path)),
    ]),
  );
  for (const folder of [...folders].sort((a, b) => b.length - a.length))
    await removeEmpty(folder, download.path);
  await local.removeEmptyBookkeeping();
  await removeEmpty(download.path, modelsPath);
}

/** Removes a folder and its parents below `top`, as long as they are empty. */
async function removeEmpty(folder: string, top: string): Promise<void> {
  for (let at = folder; at !== top && isInside(top, at); at = path.dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
