/** Data sets of the hub: their Parquet files fetched one at a time, and taken out into plain files or left as they are. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { datasetsImportHub } from '../../protocol/api/datasets';
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import type { Params } from '../../protocol/wire/spec';
import { extractState, finishExtract, tableName } from '../datasets/extract';
import type { DatasetWork } from '../datasets/work';
import type { HubApi } from '../hub/api';
import { datasetRepo, fetchDatasetFile, type DatasetRepo } from '../hub/datasetRepo';
import { diskFull } from '../hub/diskError';
import type { RepoFile } from '../hub/files';
import { LocalDir } from '../hub/localDir';
import { say } from '../language/say';
import { splitOf } from '../sdk/data/parquetFile';
import { freeBytes } from './downloads/freeSpace';
import { commitToGoOnWith, forgetChoices, recordChoices } from './hubChoices';

export interface HubImportOptions {
  readonly api: HubApi;
  readonly work: Pick<DatasetWork, 'extract'>;
  readonly parallelRanges: () => number;
}

export interface HubImportProgress {
  readonly phase: 'download' | 'extract';
  readonly file: string;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly rows: number;
}

type ImportParams = Omit<Params<typeof datasetsImportHub>, 'token'>;

/**
 * Answers the table or folder that is now a data set. Asked again after a stop it goes on from the bytes and the rows
 * that are there.
 */
export async function fetchHubDataset(
  params: ImportParams & { readonly path: string },
  options: HubImportOptions,
  signal: AbortSignal,
  onProgress: (progress: HubImportProgress) => void,
): Promise<string> {
  const { path: target, layout = 'csv', limit, speaker } = params;
  const { repoId, revision, config, split, audioColumn, textColumn, speakerColumn } = params;
  const columns = { audioColumn, textColumn, speakerColumn };
  const choices = { repoId, revision, config, split, speaker, limit, layout, ...columns };
  const commit = await commitToGoOnWith(target, choices);
  const repo = await datasetRepo(options.api, repoId, commit ?? revision, signal);
  const files = chosenFiles(repo, params);
  const bytesTotal = files.reduce((sum, { size }) => sum + size, 0);
  const before = layout === 'csv' ? await extractState(target) : undefined;
  const waiting = files.filter(({ path: name }) => before?.done.includes(name) !== true);
  await mkdir(target, { recursive: true });
  await checkSpace(target, waiting, layout);
  await recordChoices(target, choices, { commit: repo.commit, finished: false });
  const local = new LocalDir(layout === 'csv' ? path.join(target, '.goya', 'hub') : target);
  let rows = before?.rows ?? 0;
  let bytesBefore = bytesTotal - waiting.reduce((sum, { size }) => sum + size, 0);
  for (const file of waiting) {
    if (layout === 'csv' && limit !== undefined && rows >= limit) break;
    const tell = (phase: HubImportProgress['phase'], bytes: number): void =>
      onProgress({ phase, file: file.path, bytesDone: bytesBefore + bytes, bytesTotal, rows });
    const fetched = await fetchDatasetFile({
      api: options.api,
      repo,
      file,
      local,
      signal,
      parallelRanges: options.parallelRanges,
      onBytes: (bytes) => tell('download', bytes),
    });
    bytesBefore += file.size;
    if (layout === 'csv') {
      const request = { file: fetched, name: file.path, target, limit, speaker, ...columns };
      const watched = {
        signal,
        onProgress: ({ done }: { done: number }) => ((rows = done), tell('extract', 0)),
      };
      try {
        ({ rows } = await options.work.extract(request, watched));
      } catch (error) {
        // It is begun again with an answer, which would be another import; the file that is here is not fetched again.
        if (rows === 0 && isStudioError(error) && error.details?.['asks'] !== undefined)
          await forgetChoices(target);
        throw error;
      }
      // Its rows are plain files now.
      await rm(fetched, { force: true });
    }
    tell('download', 0);
  }
  if (layout === 'parquet') {
    await recordChoices(target, choices, { commit: repo.commit, finished: true });
    return target;
  }
  if (rows === 0) {
    const message = say`No row of ${repo.repoId} has sound in it and is of that speaker.`;
    throw new StudioError('dataset.unsupported', message, { details: { repoId: repo.repoId } });
  }
  await finishExtract(target);
  await rm(path.join(target, '.goya', 'hub'), { recursive: true, force: true });
  await recordChoices(target, choices, { commit: repo.commit, finished: true });
  return path.join(target, tableName);
}

function chosenFiles({ repoId, files }: DatasetRepo, { split, config }: ImportParams): RepoFile[] {
  const configs = files.filter(({ path: name }) => config === undefined || name.split('/').includes(config));
  const chosen = configs.filter(({ path: name }) => split === undefined || splitOf(name) === split);
  if (chosen.length > 0) return chosen;
  const splits = [...new Set(configs.map(({ path: name }) => splitOf(name)))].join(', ');
  const message = say`${repoId} has no Parquet file of that split and configuration. Its splits: ${splits}.`;
  throw new StudioError('dataset.unsupported', message, { details: { repoId } });
}

/** Sound is packed in Parquet as it was recorded: taken out it takes about as much again, a file at a time. */
async function checkSpace(
  target: string,
  files: readonly RepoFile[],
  layout: 'csv' | 'parquet',
): Promise<void> {
  const all = files.reduce((sum, { size }) => sum + size, 0);
  const largest = files.reduce((most, { size }) => Math.max(most, size), 0);
  const needed = layout === 'csv' ? all + largest : all;
  const free = await freeBytes(target);
  if (needed > free) throw diskFull(target, needed, free);
}
