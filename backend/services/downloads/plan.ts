/** What a download would do, worked out before anything is written. */
import path from 'node:path';
import type { downloadsPlan } from '../../../protocol/api/downloads';
import type { DownloadPlan, PlannedFile } from '../../../protocol/model/download';
import type { Params } from '../../../protocol/wire/spec';
import type { HubCache } from '../../hub/cache/hubCache';
import type { HubClient, PinnedModel } from '../../hub/client';
import type { RepoFile } from '../../hub/files';
import { LocalDir } from '../../hub/localDir';
import { filterPaths } from '../../hub/patterns';
import { checkSafePaths } from '../../hub/safePath';
import { selectDefault } from '../../hub/select';
import { say } from '../../language/say';
import { freeBytes } from './freeSpace';

export type SelectionParams = Params<typeof downloadsPlan>;

export interface Chosen {
  readonly repoId: string;
  readonly pinned: PinnedModel;
  readonly files: readonly RepoFile[];
  readonly note: string | undefined;
  /** The folder that the files belong in, absolute. */
  readonly path: string;
}

export function folderOfRepo(modelsPath: string, repoId: string): string {
  return path.join(modelsPath, ...repoId.split('/'));
}

/** Pins the revision and chooses the files. Throws the hub's errors and `download.unsafePath`. */
export async function choose(
  hub: HubClient,
  modelsPath: string,
  params: SelectionParams,
  signal?: AbortSignal,
): Promise<Chosen> {
  const { repoId, revision, include, exclude } = params;
  const pinned = await hub.pin(repoId, revision, signal);
  const listed = await hub.files(repoId, pinned.commit, signal);
  const byPattern = hasPatterns(include) || hasPatterns(exclude);
  const { files, note } = byPattern
    ? { files: filterPaths(listed, include, exclude), note: undefined }
    : selectDefault(listed);
  checkSafePaths(files.map((file) => file.path));
  return { repoId, pinned, files, note, path: folderOfRepo(modelsPath, repoId) };
}

const hasPatterns = (patterns: readonly string[] | undefined): boolean => (patterns?.length ?? 0) > 0;

/** Looks at every file on disk; those without bookkeeping are hashed. */
export async function toPlan(chosen: Chosen, cache?: HubCache, signal?: AbortSignal): Promise<DownloadPlan> {
  const local = new LocalDir(chosen.path);
  const files: PlannedFile[] = [];
  let bytesDone = 0;
  let cachedBytes = 0;
  for (const file of chosen.files) {
    const found = await local.state(file, signal);
    bytesDone += found.bytesDone;
    const query = { repoId: chosen.repoId, commit: chosen.pinned.commit, ...file };
    const cached = found.state !== 'present' && ((await cache?.find(query)) ?? []).length > 0;
    if (cached) cachedBytes += file.size - found.bytesDone;
    files.push({ path: file.path, size: file.size, state: found.state, ...(cached && { source: 'cache' }) });
  }
  const totalBytes = sizeOf(chosen.files);
  const note = chosen.files.length === 0 ? say`No file of the repository matches.` : chosen.note;
  return {
    commit: chosen.pinned.commit,
    files,
    totalBytes,
    remainingBytes: totalBytes - bytesDone,
    cachedBytes,
    freeBytes: await freeBytes(chosen.path),
    ...(note === undefined ? {} : { note }),
  };
}

export function sizeOf(files: readonly { readonly size: number }[]): number {
  return files.reduce((sum, file) => sum + file.size, 0);
}

/** What the library keeps of the hub's description. */
export function metadataOf({ pinned, files }: Chosen): Record<string, unknown> {
  const { task, library, tags, languages, gated } = pinned.model;
  return {
    ...(task === undefined ? {} : { task }),
    ...(library === undefined ? {} : { library }),
    tags: tags.slice(0, 100),
    languages,
    gated,
    files: files.length,
  };
}
