/**
 * The official clients' cache, read only: `models--<org>--<name>/{blobs,refs,snapshots,.no_exist}`. A blob is named by
 * what the hub lists the file under (sha256 of an LFS file, git-blob sha1 of another); a snapshot's file is a link to
 * it, or the file itself where the system has no links. Names prove nothing: whoever takes a file compares its hash.
 */
import { lstat, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { hashKindOf } from '../hashing';
import { isInside } from '../safePath';

/** What is looked for: a file of a repository at a commit. */
export interface CacheQuery {
  readonly repoId: string;
  readonly commit: string;
  readonly path: string;
  readonly size: number;
  readonly etag?: string | undefined;
}

export interface CachedFile {
  /** Absolute and real: no link stands on the way. */
  readonly path: string;
}

/** Older snapshots that are looked through where files lie in them as themselves. */
const mostSnapshots = 50;

/** Milliseconds for which a repository that is not there is not looked for again: a model may have many files. */
const absentFor = 2000;

export class HubCache {
  private readonly absent = new Map<string, number>();

  /** `root`: the absolute folder that holds the repositories; need not exist. */
  constructor(readonly root: string) {}

  /**
   * Files of the right size that claim to be the one asked for, the likeliest first. None whose hash could not be
   * proved, and none that a link leads to outside the repository's own folder.
   */
  async find(query: CacheQuery): Promise<CachedFile[]> {
    if (hashKindOf(query.etag) === undefined) return [];
    const folder = path.join(this.root, `models--${query.repoId.replaceAll('/', '--')}`);
    if (performance.now() - (this.absent.get(folder) ?? -Infinity) < absentFor) return [];
    // The person may have moved the whole cache and left a link; within it nothing leads elsewhere.
    const root = await realpath(this.root).catch(() => undefined);
    const repository = await realpath(folder).catch(() => undefined);
    if (root === undefined || repository === undefined) {
      this.absent.set(folder, performance.now());
      return [];
    }
    this.absent.delete(folder);
    if (repository === root || !isInside(root, repository)) return [];
    const found: CachedFile[] = [];
    for (const candidate of await candidates(repository, query)) {
      const real = await fileWithin(repository, candidate, query.size);
      if (real !== undefined && !found.some((known) => known.path === real)) found.push({ path: real });
    }
    return found;
  }
}

async function candidates(repository: string, query: CacheQuery): Promise<string[]> {
  const snapshots = path.join(repository, 'snapshots');
  const names = (await readdir(snapshots).catch(() => [] as string[])).slice(0, mostSnapshots);
  const commits = [query.commit, ...names.filter((name) => name !== query.commit)];
  const { etag = '' } = query;
  return [
    path.join(repository, 'blobs', etag),
    ...commits.map((commit) => path.join(snapshots, commit, ...query.path.split('/'))),
  ];
}

/** The real place of a plain file of that size; undefined for anything else. */
async function fileWithin(repository: string, candidate: string, size: number): Promise<string | undefined> {
  try {
    const real = await realpath(candidate);
    if (!isInside(repository, real)) return undefined;
    const found = await lstat(real);
    return found.isFile() && found.size === size ? real : undefined;
  } catch {
    // Not there, or not ours to read: then it is fetched.
    return undefined;
  }
}
