import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { LocalDir } from '../../hub/localDir';

export interface Origin {
  readonly repoId?: string;
  readonly commit?: string;
}

/** The files that the bookkeeping of a folder tells of, `/`-separated. */
export async function recordedFiles(root: string): Promise<string[]> {
  const base = path.join(root, '.cache', 'huggingface', 'download');
  const entries = await readdir(base, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.metadata'))
    .map((entry) => path.relative(base, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/').slice(0, -'.metadata'.length))
    .sort();
}

/** Where a folder that a hub client made came from: the commit is recorded, the repository is told by its place. */
export async function readOrigin(root: string, modelsPath: string): Promise<Origin> {
  const [first] = await recordedFiles(root);
  if (first === undefined) return {};
  const [commit] = (await readFile(new LocalDir(root).metadataPath(first), 'utf8')).split('\n');
  const place = path.relative(modelsPath, root).split(path.sep);
  const inLibrary = place.length === 2 && !place.includes('..') && !path.isAbsolute(place[0] ?? '');
  return {
    ...(inLibrary ? { repoId: place.join('/') } : {}),
    ...(commit !== undefined && /^[0-9a-f]{40}$/.test(commit.trim()) ? { commit: commit.trim() } : {}),
  };
}
