/** After an update: takes away the older commit's files that the newer one does not have. */
import { lstat, readFile, realpath, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import { isStudioError } from '../../../protocol/wire/errors';
import { hashFile, hashKindOf } from '../../hub/hashing';
import { LocalDir } from '../../hub/localDir';
import { filterPaths } from '../../hub/patterns';
import { checkSafePath, isInside } from '../../hub/safePath';
import { recordedFiles } from './origin';

export interface Update {
  /** Absolute folder of the model. */
  readonly root: string;
  /** The commit that is complete now, and its files. */
  readonly commit: string;
  readonly files: readonly string[];
  /** What was asked for by name: files that were not asked about stay. */
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  readonly log: Logger;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Only what the bookkeeping of another commit tells of and whose content is still what was fetched: a file that the
 * person changed is theirs. Answers the removed files. Never rejects: what cannot be removed stays, and the log says so.
 */
export async function removeSuperseded(update: Update): Promise<string[]> {
  const { root, log } = update;
  const removed: string[] = [];
  for (const file of await candidates(update)) {
    try {
      const outcome = await removeOne(file, update);
      if (outcome === 'removed') removed.push(file);
      if (outcome === 'changed') log.warn({ path: root, file }, 'a changed file of the older version stays');
    } catch (error) {
      if (isStudioError(error, 'cancelled')) return removed;
      log.warn({ err: error, path: root, file }, 'a file of the older version could not be removed');
    }
  }
  if (removed.length > 0) log.info({ path: root, files: removed }, 'files of the older version removed');
  return removed;
}

async function candidates({ root, files, include, exclude }: Update): Promise<string[]> {
  const current = new Set(files.map(folded));
  const others = (await recordedFiles(root)).filter((file) => !current.has(folded(file)));
  return filterPaths(
    others.map((file) => ({ path: file })),
    include,
    exclude,
  ).map((file) => file.path);
}

/** Where case does not count, a renamed file is the same file. */
const folded = (name: string): string => name.normalize('NFC').toLowerCase();

async function removeOne(file: string, update: Update): Promise<'removed' | 'changed' | 'current' | 'gone'> {
  const { root, commit, signal } = update;
  checkSafePath(file);
  const local = new LocalDir(root);
  const [recorded, etag] = (await readFile(local.metadataPath(file), 'utf8')).split('\n');
  if (recorded?.trim() === commit) return 'current';
  const place = local.destination(file);
  const found = await lstat(place).catch(() => undefined);
  if (found !== undefined) {
    if (!found.isFile() || !(await liesWithin(root, place))) return 'changed';
    const kind = hashKindOf(etag?.trim());
    if (kind === undefined) return 'changed';
    if ((await hashFile(place, kind, found.size, signal)) !== etag?.trim()) return 'changed';
    await rm(place, { force: true });
  }
  await rm(local.metadataPath(file), { force: true });
  await removeEmptyFolders(path.dirname(place), root);
  await removeEmptyFolders(path.dirname(local.metadataPath(file)), root);
  return found === undefined ? 'gone' : 'removed';
}

/** By its real place: a link on the way must not lead the deletion elsewhere. */
async function liesWithin(root: string, file: string): Promise<boolean> {
  const [realRoot, realFolder] = await Promise.all([realpath(root), realpath(path.dirname(file))]);
  return isInside(realRoot, realFolder);
}

async function removeEmptyFolders(folder: string, top: string): Promise<void> {
  for (let at = folder; at !== top && isInside(top, at); at = path.dirname(at)) {
    try {
      await rmdir(at);
    } catch {
      return;
    }
  }
}
