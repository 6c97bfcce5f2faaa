/** Where downloads are worked on: the jobs of this backend, from the queue to their end, and what the rows say of them. */
import type { Download, DownloadState } from '../../../protocol/model/download';
import { isStudioError, toStudioError } from '../../../protocol/wire/errors';
import { RateLimiter } from '../../hub/rateLimiter';
import type { DownloadFile } from '../../stores/downloadFiles';
import type { DownloadPatch, UpdateGuard } from '../../stores/downloads';
import { describeFolder } from '../models/describe';
import { removeSuperseded } from '../models/superseded';
import type { FileEvents } from './fileEvents';
import { Job } from './job';
import { defaultParallelFiles, defaultParallelRanges, type DownloadsServiceOptions } from './options';
import { Queue } from './queue';
import type { DiskSpace } from './space';

export interface WorkshopOptions extends DownloadsServiceOptions {
  readonly space: DiskSpace;
  readonly fileEvents: FileEvents;
  /** Writes the row and tells of it. */
  readonly save: (id: string, patch: DownloadPatch, guard?: UpdateGuard) => Promise<Download>;
  readonly tell: (download: Download) => void;
  readonly tellRemoved: (id: string) => void;
}

/** Milliseconds between two writes of a download's progress. */
const progressInterval = 250;
const atRest = { bytesPerSecond: 0, etaSeconds: null } as const;
const active: readonly DownloadState[] = ['queued', 'downloading'];

export class Workshop {
  private readonly limiter = new RateLimiter();
  private readonly queue: Queue;
  private timer: NodeJS.Timeout | undefined;
  private saving = false;
  private closed = false;

  constructor(private readonly options: WorkshopOptions) {
    this.queue = new Queue({
      slots: () => options.settings().downloads?.parallelFiles ?? defaultParallelFiles,
      runFile: (job) => this.runFile(job),
      onRest: (job) => void this.rest(job),
    });
  }

  /** In the order of the queue. */
  jobs(): Job[] {
    return this.queue.list();
  }

  job(id: string): Job | undefined {
    return this.queue.get(id);
  }

  start(): void {
    if (!this.closed) this.queue.start();
  }

  /** Applies the settings in force. */
  pump(): void {
    this.limiter.setRate(this.options.settings().downloads?.bytesPerSecond ?? 0);
    this.queue.pump();
  }

  async enqueue(download: Download): Promise<void> {
    const { store, models, hub, cache, disk, settings, log, tuning = {}, fileEvents } = this.options;
    const files = await store.files(download.id);
    const installed = await models.findByPath(download.path);
    const job = new Job({
      download,
      files,
      hub,
      cache,
      disk,
      limiter: this.limiter,
      parallelRanges: () => settings().downloads?.parallelRanges ?? defaultParallelRanges,
      log,
      tuning,
      staged: installed?.status === 'ready' && installed.commit !== download.commit,
      nextSeq: fileEvents.nextSeq,
      onBegin: () => this.begin(download.id),
    });
    if (download.bytesDone > 0) await job.survey();
    if (this.closed || this.queue.get(download.id) !== undefined) return;
    this.timer ??= setInterval(() => void this.tick(), progressInterval);
    this.queue.add(job);
    this.pump();
  }

  /** All files of a download that may be on the queue, of which some are new. */
  widen(download: Download, files: readonly DownloadFile[]): void {
    if (this.queue.get(download.id)?.add(files) === true) this.pump();
  }

  /** The row has another place now. */
  place({ id, position }: Download): void {
    const job = this.queue.get(id);
    if (job === undefined || position === undefined || job.position === position) return;
    job.position = position;
    this.pump();
  }

  take(id: string): Job | undefined {
    const job = this.queue.take(id);
    if (this.queue.size === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    return job;
  }

  /** Stops what runs; resolves with the row when nothing is written any more. */
  async halt(id: string, state: DownloadState, from: readonly DownloadState[]): Promise<Download> {
    const { save } = this.options;
    const job = this.take(id);
    if (job === undefined) return save(id, { state, error: null, ...atRest }, { from });
    await job.stop();
    const { bytesDone, filesDone } = job.progress();
    const download = await save(id, { state, bytesDone, filesDone, error: null, ...atRest }, { from });
    await this.record(job);
    return download;
  }

  /** Ends the connections of a download and goes on from the bytes on disk, at the hub that is in force now. */
  async reconnect(id: string): Promise<void> {
    const job = this.queue.get(id);
    if (job === undefined || job.completion !== undefined) return;
    this.take(id);
    await job.stop();
    await this.record(job);
    const { bytesDone, filesDone } = job.progress();
    try {
      const guard = { from: active, claim: 'own' } as const;
      await this.enqueue(await this.options.save(id, { bytesDone, filesDone }, guard));
    } catch (error) {
      await this.release(job);
      // Another window stopped or removed it meanwhile.
      if (!isStudioError(error, 'download.invalidState') && !isStudioError(error, 'download.notFound'))
        throw error;
    }
  }

  /** Lets go of the downloads that others stopped, removed or took over. */
  async dropLost(): Promise<void> {
    const { store, tell, tellRemoved } = this.options;
    const jobs = this.jobs().filter((job) => job.completion === undefined);
    const held = await store.claims.held(jobs.map((job) => job.id));
    for (const job of jobs) {
      if (held.has(job.id) || !this.queue.holds(job)) continue;
      this.take(job.id);
      await job.stop();
      await this.record(job);
      await this.saveLast(job);
      await this.release(job);
      const download = await store.find(job.id);
      if (download === undefined) tellRemoved(job.id);
      else tell(download);
    }
  }

  /** How far a download is that another backend stopped: it could not know. */
  private async saveLast(job: Job): Promise<void> {
    const { bytesDone, filesDone } = job.progress();
    try {
      const from = ['paused', 'cancelled'] as const;
      await this.options.store.update(job.id, { bytesDone, filesDone }, { from, claim: 'own' });
    } catch (error) {
      if (isStudioError(error, 'download.invalidState') || isStudioError(error, 'download.notFound')) return;
      this.options.log.warn({ err: error, id: job.id }, 'progress was not saved');
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    this.queue.stop();
    clearInterval(this.timer);
    const jobs = this.jobs();
    for (const { id } of jobs) this.queue.take(id);
    await Promise.all(
      jobs.map(async (job) => {
        await job.stop();
        const { bytesDone, filesDone } = job.progress();
        await this.options.store
          .update(
            job.id,
            { state: 'queued', bytesDone, filesDone, ...atRest },
            { from: active, claim: 'own' },
          )
          .catch((error: unknown) =>
            this.options.log.warn({ err: error, id: job.id }, 'progress was not saved'),
          );
        await this.record(job);
      }),
    );
  }

  private begin(id: string): Promise<Download> {
    return this.options.save(id, { state: 'downloading', error: null }, { from: active, claim: 'own' });
  }

  private async rest(job: Job): Promise<void> {
    const { bytesDone, filesDone } = job.progress();
    try {
      await this.options.save(
        job.id,
        { state: 'queued', bytesDone, filesDone, ...atRest },
        { from: ['downloading'], claim: 'own' },
      );
    } catch (error) {
      this.options.log.warn({ err: error, id: job.id }, 'that a download waits was not saved');
    }
  }

  private async runFile(job: Job): Promise<void> {
    try {
      await job.runNext();
      if (job.isComplete && this.queue.holds(job)) await (job.completion ??= this.complete(job));
    } catch (error) {
      await this.fail(job, error);
    }
  }

  private async complete(job: Job): Promise<void> {
    const { store, models, library, runtimes, log, tell } = this.options;
    const stored = await store.files(job.id);
    // Somebody asked for more while the last of them came, here or in another window.
    if (job.add(stored)) {
      job.completion = undefined;
      return this.pump();
    }
    await job.settle();
    const { modelId, download, include, exclude } = await store.request(job.id);
    if (!this.queue.holds(job)) return;
    const files = stored.map((file) => file.path);
    await removeSuperseded({ root: download.path, commit: download.commit, files, include, exclude, log });
    const facts = await describeFolder(download.path, runtimes);
    const { metadata } = await models.get(modelId);
    if (!this.queue.holds(job)) return;
    this.take(job.id);
    await this.record(job);
    const done = await store.complete(job.id, {
      architecture: facts.architecture,
      format: facts.format,
      // What was found out about the files before holds no longer.
      metadata: {
        ...metadata,
        verification: undefined,
        files: files.length,
        runsHere: facts.runsHere,
        ...(facts.task === undefined ? {} : { task: facts.task }),
      },
    });
    log.info(
      { repoId: download.repoId, commit: download.commit, bytes: download.bytesTotal },
      'download complete',
    );
    // The model first: whoever hears that the download is complete can look it up.
    library.announce(done.model);
    tell(done.download);
  }

  /** The first failure of a file ends the download; its other files keep their bytes. */
  private async fail(job: Job, cause: unknown): Promise<void> {
    if (!this.queue.holds(job)) return;
    const { log, save } = this.options;
    this.take(job.id);
    await job.stop();
    const { kind, message, retryable } = toStudioError(cause);
    const { bytesDone, filesDone } = job.progress();
    log.error({ id: job.id, err: cause }, 'download failed');
    try {
      await save(
        job.id,
        { state: 'failed', bytesDone, filesDone, error: { kind, message, retryable }, ...atRest },
        { from: active },
      );
    } catch (error) {
      log.error({ id: job.id, err: error }, 'the failure of a download was not saved');
      await this.release(job);
    }
    await this.record(job);
  }

  /** What this backend did not stop itself, others may go on with. */
  private async release(job: Job): Promise<void> {
    await this.options.store.claims
      .release(job.id)
      .catch((error: unknown) =>
        this.options.log.warn({ err: error, id: job.id }, 'a download was not let go'),
      );
  }

  /** Writes down what became of the files; after a crash the disk tells it too. */
  private async record(job: Job): Promise<void> {
    this.options.fileEvents.tell(job.board.takeChanged());
    await this.options.store
      .saveFiles(job.id, job.board.outcomes())
      .catch((error: unknown) =>
        this.options.log.warn({ err: error, id: job.id }, 'what became of the files was not saved'),
      );
  }

  /** Writes the progress of all that run; skipped while the last one is still being written. */
  private async tick(): Promise<void> {
    this.pump();
    for (const job of this.jobs()) this.options.fileEvents.tell(job.board.takeChanged());
    if (this.saving) return;
    this.saving = true;
    try {
      for (const { job, error } of await this.options.space.outgrown(this.jobs()))
        await this.fail(job, error);
      for (const job of this.jobs()) await this.saveProgress(job);
    } catch (error) {
      this.options.log.warn({ err: error }, 'the progress of a download was not saved');
    } finally {
      this.saving = false;
    }
  }

  private async saveProgress(job: Job): Promise<void> {
    const progress = job.changedProgress();
    if (progress === undefined || !this.queue.holds(job)) return;
    try {
      await this.options.save(job.id, progress, { from: ['downloading'], claim: 'own' });
    } catch (error) {
      // It rests, was stopped or completed meanwhile, here or by another backend: that row is newer.
      if (!isStudioError(error, 'download.invalidState') && this.queue.holds(job)) throw error;
    }
  }
}
