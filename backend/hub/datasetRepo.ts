/** Data set repositories: their files at a commit, fetched one at a time with what a model's files have: ranges, resuming, proof. */
import { StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import type { HubApi } from './api';
import { toDiskError } from './diskError';
import { invalidResponse } from './errors';
import { listRepoFiles, type RepoFile } from './files';
import type { LocalDir } from './localDir';
import { checkRepoId, repoUrlPath } from './repoId';
import { checkSafePaths } from './safePath';
import { transfer } from './transfer';
import { hubModelJson } from './wire';

export interface DatasetRepo {
  readonly repoId: string;
  readonly commit: string;
  readonly files: readonly RepoFile[];
}

/** The branch on which the hub keeps Parquet of what was put up in other forms. */
const converted = 'refs/convert/parquet';
const isParquet = ({ path }: RepoFile): boolean => path.toLowerCase().endsWith('.parquet');

/** The Parquet files of a repository. Throws the hub's errors, or `dataset.unsupported` when there are none. */
export async function datasetRepo(
  api: HubApi,
  repoId: string,
  revision: string | undefined,
  signal: AbortSignal,
): Promise<DatasetRepo> {
  checkRepoId(repoId);
  const asked = await listed(api, repoId, revision ?? 'main', signal);
  if (asked.files.length > 0) return asked;
  const other =
    revision === undefined ? await listed(api, repoId, converted, signal).catch(() => asked) : asked;
  if (other.files.length > 0) return other;
  const message = say`${repoId} has no Parquet files, and the hub made none of it. Download its files and import the folder.`;
  throw new StudioError('dataset.unsupported', message, { details: { repoId } });
}

async function listed(
  api: HubApi,
  repoId: string,
  revision: string,
  signal: AbortSignal,
): Promise<DatasetRepo> {
  const url = `/api/datasets/${repoUrlPath(repoId)}/revision/${encodeURIComponent(revision)}`;
  const json = await api.json({ url, subject: repoId, signal });
  const commit = hubModelJson.safeParse(json).data?.sha;
  if (commit === undefined) throw invalidResponse(api.endpoint, `it does not tell the commit of ${repoId}`);
  const files = (await listRepoFiles({ api, repoId, commit, signal, kind: 'dataset' })).filter(isParquet);
  checkSafePaths(files.map(({ path }) => path));
  return { repoId, commit, files };
}

export interface DatasetFetch {
  readonly api: HubApi;
  readonly repo: DatasetRepo;
  readonly file: RepoFile;
  /** Where the repository's files lie: what is there of this one is gone on from. */
  readonly local: LocalDir;
  readonly signal: AbortSignal;
  readonly parallelRanges: () => number;
  onBytes(bytes: number): void;
}

/** Answers where the file is, byte for byte as on the hub. */
export async function fetchDatasetFile(options: DatasetFetch): Promise<string> {
  const { api, repo, file, local, signal, parallelRanges, onBytes } = options;
  const destination = local.destination(file.path);
  try {
    const found = await local.state(file, signal);
    if (found.state === 'present') return destination;
    const { partial } = await local.prepare(file.path, file.etag);
    const { repoId, commit } = repo;
    const { etag } = await transfer({
      api,
      file: { repoId, commit, path: file.path, size: file.size, etag: file.etag, kind: 'dataset' },
      partial,
      destination,
      signal,
      parallelRanges,
      onBytes,
    });
    await local.writeMetadata(file.path, commit, etag ?? file.etag ?? `size-${file.size}`);
    return destination;
  } catch (error) {
    throw toDiskError(error, destination);
  }
}
