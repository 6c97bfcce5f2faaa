/** The data sets that the user works with: looked at where they lie, never copied or changed. */
import path from 'node:path';
import type { Logger } from 'pino';
import type { datasetsHubParts, datasetsHubSearch, datasetsImportHub } from '../../protocol/api/datasets';
import type { Dataset, DatasetFormat, DatasetReport } from '../../protocol/model/dataset';
import { StudioError } from '../../protocol/wire/errors';
import type { InspectionProgress } from '../datasets/context';
import type { FullReport } from '../datasets/inspect';
import type { DatasetWork, Watched, WorkName } from '../datasets/work';
import type { Params, Result } from '../../protocol/wire/spec';
import type { HubApi } from '../hub/api';
import { TypedEmitter, type EntityEvents } from '../events';
import { say } from '../language/say';
import type { DatasetInput, DatasetsStore } from '../stores/datasets';

export interface DatasetsServiceOptions {
  readonly store: Pick<DatasetsStore, 'upsert' | 'list' | 'remove'>;
  readonly work: DatasetWork;
  readonly hub: { readonly api: HubApi; readonly parallelRanges: () => number };
  /** What relative paths start from. */
  readonly workspacePath?: string | undefined;
  readonly log: Logger;
}

type HubParams = Omit<Params<typeof datasetsImportHub>, 'token'>;

export interface DatasetSource {
  readonly path: string;
  readonly format?: DatasetFormat | undefined;
}

/** A call that may be cancelled and says how far it is. */
export interface WatchedInspection {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: InspectionProgress) => void;
}

export class DatasetsService extends TypedEmitter<EntityEvents<Dataset>> {
  private readonly closing = new AbortController();

  constructor(private readonly options: DatasetsServiceOptions) {
    super();
  }

  /** Problems are part of the answer; rejects with `dataset.notFound` or `dataset.unsupported`. */
  async inspect(source: DatasetSource, watched: WatchedInspection = {}): Promise<DatasetReport> {
    const report = await this.look(source, watched);
    await this.renewListed(report);
    const { format, items, problems, stats } = report;
    return { format, items, problems, stats };
  }

  /** Puts it on the list, problems or not; a second import of one path renews what is known of it. */
  async import(
    source: DatasetSource & { readonly name?: string | undefined },
    watched: WatchedInspection = {},
  ): Promise<Dataset> {
    const report = await this.look(source, watched);
    const name = source.name ?? path.parse(report.path).name;
    const dataset = await this.options.store.upsert(rowOf(report, name));
    this.emit('changed', dataset);
    return dataset;
  }

  /** Fetches a data set of the hub and lists it. */
  async importHub(
    params: HubParams,
    { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress?: (value: unknown) => void },
  ): Promise<Dataset> {
    const target = this.absolute(params.path);
    const either = AbortSignal.any([signal, this.closing.signal]);
    // Loaded when first needed: it would only slow the start.
    const { fetchHubDataset } = await import('./hubDatasets');
    const { work, hub } = this.options;
    try {
      const options = { api: hub.api, work, parallelRanges: hub.parallelRanges };
      const found = await fetchHubDataset({ ...params, path: target }, options, either, (progress) =>
        onProgress?.(progress),
      );
      const name = params.name ?? params.repoId.split('/').at(-1);
      return await this.import({ path: found, name }, { signal: either });
    } catch (error) {
      if (either.aborted)
        throw new StudioError('cancelled', say`The import of ${params.repoId} was cancelled.`);
      throw unreadable(error, target);
    }
  }

  /** Rejects with the hub's errors. */
  async searchHub(query: string, signal: AbortSignal): Promise<Result<typeof datasetsHubSearch>> {
    const { searchDatasets } = await import('../hub/datasetSearch');
    return searchDatasets(this.options.hub.api, query, signal);
  }

  /** Rejects with the hub's errors, or `dataset.unsupported` for a repository without Parquet. */
  async hubParts(
    repoId: string,
    revision: string | undefined,
    signal: AbortSignal,
  ): Promise<Result<typeof datasetsHubParts>> {
    const [{ datasetRepo }, { datasetParts }] = await Promise.all([
      import('../hub/datasetRepo'),
      import('../hub/datasetSearch'),
    ]);
    return datasetParts(await datasetRepo(this.options.hub.api, repoId, revision, signal));
  }

  list(): Promise<Dataset[]> {
    return this.options.store.list();
  }

  /** Takes it off the list; its files stay. Rejects with `dataset.notFound`. */
  async remove(id: string): Promise<void> {
    await this.options.store.remove(id);
    this.emit('removed', id);
  }

  /** What the list says of it is what was found last. */
  private async renewListed(report: FullReport): Promise<void> {
    const listed = (await this.options.store.list()).find((one) => one.path === report.path);
    if (listed !== undefined)
      this.emit('changed', await this.options.store.upsert(rowOf(report, listed.name)));
  }

  /** Rows, edits and what is written: all by the thread that holds the rows. */
  async work<N extends Exclude<WorkName, 'inspect' | 'extract'>>(
    name: N,
    params: Parameters<DatasetWork[N]>[0],
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<DatasetWork[N]>>> {
    const target = this.absolute(params.path);
    const either = AbortSignal.any([signal, this.closing.signal]);
    // One name has one kind of params and of answer; the compiler cannot follow a union of functions.
    const task = this.options.work[name] as (params: unknown, watched: Watched) => Promise<unknown>;
    try {
      const answer = await task({ ...params, path: target }, { signal: either });
      return answer as Awaited<ReturnType<DatasetWork[N]>>;
    } catch (error) {
      if (either.aborted) throw new StudioError('cancelled', say`The inspection of ${target} was cancelled.`);
      throw unreadable(error, target);
    }
  }

  /** Ends inspections that are under way. */
  close(): Promise<void> {
    this.closing.abort();
    return Promise.resolve();
  }

  private async look(source: DatasetSource, { signal, onProgress }: WatchedInspection): Promise<FullReport> {
    const target = this.absolute(source.path);
    const either =
      signal === undefined ? this.closing.signal : AbortSignal.any([signal, this.closing.signal]);
    const started = performance.now();
    try {
      const report = await this.options.work.inspect(
        { path: target, format: source.format },
        { signal: either, ...(onProgress && { onProgress }) },
      );
      const { format, items, errors, warnings } = report;
      const ms = Math.round(performance.now() - started);
      this.options.log.info({ path: target, format, items, errors, warnings, ms }, 'data set inspected');
      return report;
    } catch (error) {
      if (either.aborted) throw new StudioError('cancelled', say`The inspection of ${target} was cancelled.`);
      throw unreadable(error, target);
    }
  }

  private absolute(given: string): string {
    if (given.includes('\0'))
      throw new StudioError('dataset.notFound', say`A path may not contain a NUL character.`);
    if (path.isAbsolute(given)) return path.normalize(given);
    if (this.options.workspacePath !== undefined) return path.resolve(this.options.workspacePath, given);
    throw new StudioError(
      'dataset.notFound',
      say`${given} is relative and no workspace is open; give the whole path.`,
    );
  }
}

function rowOf(report: FullReport, name: string): DatasetInput {
  const { format, path: target, sizeBytes, items, warnings, errors, stats } = report;
  return { name, format, path: target, sizeBytes, items, warnings, errors, stats };
}

/** A folder or file that vanished or may not be read while it was looked at. */
function unreadable(error: unknown, target: string): unknown {
  const { code, path: file } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || error instanceof StudioError) return error;
  return new StudioError(
    'dataset.notFound',
    say`${file ?? target} cannot be read (${code}). Check its permissions.`,
    {
      details: { path: target },
      cause: error,
    },
  );
}
