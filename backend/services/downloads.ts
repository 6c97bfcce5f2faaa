/**
 * Downloads of whole repositories: a queue that survives crashes. The row is the truth for what was asked, the disk for
 * what is there; a download that was interrupted anywhere goes on from the bytes on disk.
 */
import type { Logger } from 'pino';
import type { Download, DownloadPlan, DownloadState } from '../../protocol/model/download';
import type { Model } from '../../protocol/model/model';
import type { Settings } from '../../protocol/model/settings';
import { StudioError, toStudioError } from '../../protocol/wire/errors';
import { TypedEmitter, type EntityEvents } from '../events';
import type { HubCache } from '../hub/cache/hubCache';
import type { HubClient } from '../hub/client';
import { diskFull } from '../hub/diskError';
import { modelTypeOf } from '../hub/hubModel';
import { LocalDir } from '../hub/localDir';
import { RateLimiter } from '../hub/rateLimiter';
import { isInside } from '../hub/safePath';
import type { DownloadPatch, DownloadsStore } from '../stores/downloads';
import type { ModelsStore } from '../stores/models';
import { discardFiles } from './downloads/discard';
import { freeBytes } from './downloads/freeSpace';
import { Job, type TransferTuning } from './downloads/job';
import { choose, metadataOf, sizeOf, toPlan, type Chosen, type SelectionParams } from './downloads/plan';
import { describeFolder } from './models/describe';
import { removeSuperseded } from './models/superseded';

export interface DownloadsServiceOptions {
  readonly store: DownloadsStore;
  readonly models: ModelsStore;
  readonly hub: HubClient;
  /** What the official clients fetched on this machine: copied instead of fetched. */
  readonly cache?: HubCache;
  /** Absolute folder below which each repository has its own. */
  readonly modelsPath: string;
  readonly settings: () => Settings;
  readonly log: Logger;
  /** Told of the models that downloads make and take away. */
  readonly library: {
    announce(model: Model): void;
    announceRemoved(id: string): void;
  };
  readonly tuning?: TransferTuning;
  /** Bytes that may be written below a folder; the file system's answer when left out. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

/** Files at once, over all downloads, when the settings do not say. */
export const defaultParallelFiles = 4;
/** Connections for each large file, when the settings do not say. */
export const defaultParallelRanges = 4;
/** Milliseconds between two writes of a download's progress. */
const progressInterval = 250;
/** Milliseconds between two looks at the free space while something runs. */
const spaceInterval = 2000;

export class DownloadsService extends TypedEmitter<EntityEvents<Download>> {
  private readonly jobs = new Map<string, Job>();
  private readonly limiter = new RateLimiter();
  private busySlots = 0;
  private timer: NodeJS.Timeout | undefined;
  private saving = false;
  private recovered = false;
  private closed = false;
  private spaceSeenAt = 0;

  constructor(private readonly options: DownloadsServiceOptions) {
    super();
  }

  async plan(params: SelectionParams, signal?: AbortSignal): Promise<DownloadPlan> {
    const { hub, modelsPath, cache } = this.options;
    return toPlan(await choose(hub, modelsPath, params, signal), cache, signal);
  }

  /** Answers as soon as the commit is pinned and the row is written. The same repository and commit give the first. */
  async start(params: SelectionParams): Promise<Download> {
    const { hub, modelsPath, store } = this.options;
    const chosen = await choose(hub, modelsPath, params);
    const { pinned, files } = chosen;
    const existing = await this.existing(chosen, params.repoId);
    if (existing !== undefined) return existing;
    const [first] = files;
    if (first === undefined) {
      throw new StudioError(
        'hub.notFound',
        `No file of ${params.repoId} is to be downloaded: nothing matches.`,
        {
          details: { repoId: params.repoId },
        },
      );
    }
    if (pinned.model.gated) await hub.checkAccess(params.repoId, pinned.commit, first.path);
    await this.checkSpace(chosen);
    const { download, created } = await store.create({
      repoId: params.repoId,
      commit: pinned.commit,
      revision: params.revision,
      include: params.include,
      exclude: params.exclude,
      path: chosen.path,
      files,
      model: {
        type: modelTypeOf(pinned.model),
        licence: pinned.model.licence,
        metadata: metadataOf(chosen),
      },
    });
    if (created) {
      this.emit('changed', download);
      await this.enqueue(download);
    }
    return download;
  }

  get(id: string): Promise<Download> {
    return this.options.store.get(id);
  }

  list(state?: DownloadState): Promise<Download[]> {
    return this.options.store.list({ state });
  }

  async pause(id: string): Promise<Download> {
    const current = await this.get(id);
    if (current.state === 'paused') return current;
    return this.halt(id, 'paused', ['queued', 'downloading']);
  }

  /** Also retries a failed or cancelled download; one that runs or is complete is answered as it is. */
  async resume(id: string): Promise<Download> {
    const current = await this.get(id);
    if (['queued', 'downloading', 'completed'].includes(current.state)) return current;
    return this.requeue(current);
  }

  /** Keeps what came unless told to discard it; cancelling twice is no error. */
  async cancel(id: string, { discard = false } = {}): Promise<Download> {
    const current = await this.get(id);
    const download =
      current.state === 'cancelled'
        ? current
        : await this.halt(id, 'cancelled', ['queued', 'downloading', 'paused', 'failed']);
    if (!discard) return download;
    await discardFiles(this.options.store, download, this.options.modelsPath);
    return this.save(id, { bytesDone: 0, filesDone: 0 });
  }

  /** Takes finished, failed and cancelled downloads off the list. Answers how many. */
  async clear(): Promise<number> {
    const { downloadIds, modelIds } = await this.options.store.removeFinished();
    for (const id of downloadIds) this.emit('removed', id);
    for (const id of modelIds) this.options.library.announceRemoved(id);
    return downloadIds.length;
  }

  /** Rows that went with their model: stops what runs and tells the subscribers. */
  async forget(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await this.takeJob(id)?.stop();
      this.emit('removed', id);
    }
  }

  /**
   * Once, when the database has opened: what a crash or a shutdown left goes on. Nothing is fetched before, so that a
   * row `downloading` at that time is always one of an earlier session.
   */
  async recover(): Promise<void> {
    const { store, log } = this.options;
    try {
      for (const download of await store.requeueUnfinished()) this.emit('changed', download);
      // A shared server also knows the downloads of other machines and folders.
      const queued = (await store.claimQueued()).filter((download) =>
        isInside(this.options.modelsPath, download.path),
      );
      if (queued.length > 0) log.info({ downloads: queued.length }, 'downloads go on');
      for (const download of queued) await this.enqueue(download);
    } finally {
      this.recovered = true;
      this.pump();
    }
  }

  /** Ends all connections; what was under way is queued for the next start. */
  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.timer);
    const jobs = [...this.jobs.values()];
    this.jobs.clear();
    await Promise.all(
      jobs.map(async (job) => {
        await job.stop();
        const { bytesDone, filesDone } = job.progress();
        await this.options.store
          .update(job.id, { state: 'queued', bytesDone, filesDone, bytesPerSecond: 0, etaSeconds: null }, [
            'queued',
            'downloading',
          ])
          .catch((error: unknown) =>
            this.options.log.warn({ err: error, id: job.id }, 'progress was not saved'),
          );
      }),
    );
  }

  /** The first download of this commit, brought back to life when it was stopped; undefined when a new one is due. */
  private async existing({ pinned, files, path }: Chosen, repoId: string): Promise<Download | undefined> {
    const { store } = this.options;
    const latest = await store.findLatest(repoId, pinned.commit);
    if (latest === undefined || latest.path !== path) return undefined;
    if (latest.state === 'queued' || latest.state === 'downloading') return latest;
    const known = new Set((await store.files(latest.id)).map((file) => file.path));
    const same = files.every((file) => known.has(file.path));
    if (latest.state === 'paused') return this.requeue(latest);
    if (!same) return undefined;
    if (latest.state !== 'completed') return known.size === files.length ? this.requeue(latest) : undefined;
    const local = new LocalDir(path);
    const states = await Promise.all(files.map((file) => local.state(file)));
    return states.every(({ state }) => state === 'present') ? latest : undefined;
  }

  private async checkSpace({ files, path }: Chosen): Promise<void> {
    const local = new LocalDir(path);
    const states = await Promise.all(files.map((file) => local.quickState(file)));
    const needed = sizeOf(files) - states.reduce((sum, { bytesDone }) => sum + bytesDone, 0);
    const promised = [...this.jobs.values()].reduce((sum, job) => sum + job.remainingBytes, 0);
    const free = await this.free(path);
    if (needed + promised > free) throw diskFull(path, needed + promised, free);
  }

  private async requeue(download: Download): Promise<Download> {
    const queued = await this.save(download.id, { state: 'queued', error: null }, [
      'paused',
      'failed',
      'cancelled',
    ]);
    await this.enqueue(queued);
    return queued;
  }

  private async enqueue(download: Download): Promise<void> {
    const { store, hub, cache, log, tuning = {} } = this.options;
    const files = await store.files(download.id);
    const installed = await this.options.models.findByPath(download.path);
    const staged = installed?.status === 'ready' && installed.commit !== download.commit;
    if (this.closed || this.jobs.has(download.id)) return;
    const parallelRanges = (): number =>
      this.options.settings().downloads?.parallelRanges ?? defaultParallelRanges;
    this.jobs.set(
      download.id,
      new Job({ download, files, hub, cache, limiter: this.limiter, parallelRanges, log, tuning, staged }),
    );
    this.timer ??= setInterval(() => void this.tick(), progressInterval);
    this.pump();
  }

  /** Gives each free slot the next file of the oldest download that has one. */
  private pump(): void {
    const { downloads } = this.options.settings();
    this.limiter.setRate(downloads?.bytesPerSecond ?? 0);
    const slots = downloads?.parallelFiles ?? defaultParallelFiles;
    while (this.recovered && !this.closed && this.busySlots < slots) {
      const job = [...this.jobs.values()].find((candidate) => candidate.hasPending);
      if (job === undefined) return;
      this.busySlots += 1;
      void this.runFile(job).finally(() => {
        this.busySlots -= 1;
        this.pump();
      });
    }
  }

  private async runFile(job: Job): Promise<void> {
    try {
      await job.begin(() =>
        this.save(job.id, { state: 'downloading', error: null }, ['queued', 'downloading']),
      );
      await job.runNext();
      if (job.isComplete && this.jobs.get(job.id) === job) await this.complete(job);
    } catch (error) {
      await this.fail(job, error);
    }
  }

  private async complete(job: Job): Promise<void> {
    const { store, models, library, log } = this.options;
    await job.settle();
    const { modelId, download, include, exclude } = await store.request(job.id);
    const files = (await store.files(job.id)).map((file) => file.path);
    if (this.jobs.get(job.id) !== job) return;
    await removeSuperseded({ root: download.path, commit: download.commit, files, include, exclude, log });
    const facts = await describeFolder(download.path);
    const { metadata } = await models.get(modelId);
    if (this.takeJob(job.id) === undefined) return;
    const done = await store.complete(job.id, {
      architecture: facts.architecture,
      format: facts.format,
      // What was found out about the files before holds no longer.
      metadata: { ...metadata, verification: undefined, files: files.length, runsHere: facts.runsHere },
    });
    log.info(
      { repoId: download.repoId, commit: download.commit, bytes: download.bytesTotal },
      'download complete',
    );
    this.emit('changed', done.download);
    library.announce(done.model);
  }

  /** The first failure of a file ends the download; its other files keep their bytes. */
  private async fail(job: Job, cause: unknown): Promise<void> {
    if (this.jobs.get(job.id) !== job) return;
    this.takeJob(job.id);
    await job.stop();
    const { kind, message, retryable } = toStudioError(cause);
    const { bytesDone, filesDone } = job.progress();
    const { log } = this.options;
    log.error({ id: job.id, err: cause }, 'download failed');
    try {
      await this.save(
        job.id,
        { state: 'failed', bytesDone, filesDone, error: { kind, message, retryable }, ...atRest },
        ['queued', 'downloading'],
      );
    } catch (error) {
      log.error({ id: job.id, err: error }, 'the failure of a download was not saved');
    }
  }

  private async halt(id: string, state: DownloadState, from: readonly DownloadState[]): Promise<Download> {
    const job = this.takeJob(id);
    if (job === undefined) return this.save(id, { state, error: null, ...atRest }, from);
    await job.stop();
    const { bytesDone, filesDone } = job.progress();
    return this.save(id, { state, bytesDone, filesDone, error: null, ...atRest }, from);
  }

  private takeJob(id: string): Job | undefined {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    if (this.jobs.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    return job;
  }

  /** Writes the progress of all that run; skipped while the last one is still being written. */
  private async tick(): Promise<void> {
    this.pump();
    if (this.saving) return;
    this.saving = true;
    try {
      await this.watchSpace();
      for (const job of [...this.jobs.values()]) {
        const progress = job.changedProgress();
        if (progress === undefined || this.jobs.get(job.id) !== job) continue;
        await this.save(job.id, progress, ['downloading']).catch((error: unknown) => {
          // It was stopped or completed meanwhile: that row is newer.
          if (this.jobs.get(job.id) === job) throw error;
        });
      }
    } catch (error) {
      this.options.log.warn({ err: error }, 'the progress of a download was not saved');
    } finally {
      this.saving = false;
    }
  }

  private free(folder: string): Promise<number> {
    return (this.options.freeBytes ?? freeBytes)(folder);
  }

  /** Others write to the disk too: a download that no longer fits stops before it fills the last byte. */
  private async watchSpace(): Promise<void> {
    if (performance.now() - this.spaceSeenAt < spaceInterval) return;
    this.spaceSeenAt = performance.now();
    for (const job of [...this.jobs.values()]) {
      const needed = job.remainingBytes;
      const free = await this.free(job.local.root);
      if (needed > free) await this.fail(job, diskFull(job.local.root, needed, free));
    }
  }

  private async save(id: string, patch: DownloadPatch, from?: readonly DownloadState[]): Promise<Download> {
    const download = await this.options.store.update(id, patch, from);
    this.emit('changed', download);
    return download;
  }
}

const atRest = { bytesPerSecond: 0, etaSeconds: null } as const;
