/** One download under way: its files, what of them is there, and the way to stop them. */
import type { FileHandle } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Download } from '../../../protocol/model/download';
import type { FileIdentity } from '../../hub/body';
import type { HubCache } from '../../hub/cache/hubCache';
import { takeCached } from '../../hub/cache/takeCached';
import type { HubClient } from '../../hub/client';
import { toDiskError } from '../../hub/diskError';
import { install } from '../../hub/install';
import { LocalDir } from '../../hub/localDir';
import type { RateLimiter } from '../../hub/rateLimiter';
import type { BackoffOptions } from '../../hub/retry';
import { transfer } from '../../hub/transfer';
import type { Transferred } from '../../hub/transferOptions';
import type { DownloadFile } from '../../stores/downloadFiles';
import { Meter } from './meter';

/** Knobs of a transfer that tests turn. */
export interface TransferTuning {
  readonly stallTimeout?: number;
  readonly backoff?: BackoffOptions;
  readonly maxAttempts?: number;
  readonly openFile?: (path: string) => Promise<FileHandle>;
  readonly rangesFrom?: number;
  readonly rangeSize?: number;
}

export interface JobOptions {
  readonly download: Download;
  readonly files: readonly DownloadFile[];
  readonly hub: HubClient;
  /** What the official clients fetched already; undefined where nobody looks there. */
  readonly cache?: HubCache | undefined;
  readonly limiter: RateLimiter;
  /** Connections for one large file; may change while it runs. */
  readonly parallelRanges: () => number;
  readonly log: Logger;
  readonly tuning: TransferTuning;
  /** Another commit is installed in the folder: its files stay as they are until all of the new ones are there. */
  readonly staged: boolean;
}

export interface JobProgress {
  readonly bytesDone: number;
  readonly filesDone: number;
  readonly bytesPerSecond: number;
  readonly etaSeconds: number | null;
}

export class Job {
  readonly id: string;
  readonly local: LocalDir;
  private readonly pending: DownloadFile[];
  private readonly running = new Set<Promise<void>>();
  /** Bytes there, by path. */
  private readonly bytes = new Map<string, number>();
  private readonly controller = new AbortController();
  private readonly meter = new Meter();
  private finished = 0;
  private begun: Promise<unknown> | undefined;
  private lastProgress = '';
  private readonly arrived: {
    readonly file: DownloadFile;
    readonly etag: string;
    readonly staged: boolean;
  }[] = [];

  constructor(private readonly options: JobOptions) {
    this.id = options.download.id;
    this.local = new LocalDir(options.download.path);
    // Small files first: they tell what the model is, and a full disk is met by the large ones.
    this.pending = [...options.files].sort((a, b) => a.size - b.size);
  }

  get hasPending(): boolean {
    return this.pending.length > 0 && !this.controller.signal.aborted;
  }

  get isComplete(): boolean {
    return this.finished === this.options.files.length;
  }

  /** Bytes that are still to come. */
  get remainingBytes(): number {
    return this.options.download.bytesTotal - this.progress().bytesDone;
  }

  /** Runs `work` once, before the first file; the others wait for it. */
  async begin(work: () => Promise<unknown>): Promise<void> {
    await (this.begun ??= work());
  }

  /** Undefined when nothing moved since the last call. */
  changedProgress(): JobProgress | undefined {
    const progress = this.progress();
    const { bytesDone, filesDone, bytesPerSecond } = progress;
    const key = `${bytesDone} ${filesDone} ${Math.round(bytesPerSecond)}`;
    if (key === this.lastProgress) return undefined;
    this.lastProgress = key;
    return progress;
  }

  /** Fetches the next file; rejects when it cannot be had. */
  async runNext(): Promise<void> {
    const file = this.pending.shift();
    if (file === undefined) return;
    const run = this.fetch(file);
    this.running.add(run);
    try {
      await run;
      this.finished += 1;
    } finally {
      this.running.delete(run);
    }
  }

  /** After the last file: gives names to those that waited, and makes them durable. */
  async settle(): Promise<void> {
    for (const { file, etag, staged } of this.arrived) {
      if (staged) {
        const { destination } = await this.local.prepare(file.path, file.etag);
        await install(this.local.stagedPath(file.path, file.etag), destination);
      }
      if (this.options.staged) {
        await this.local.writeMetadata(file.path, this.options.download.commit, etag);
      }
    }
    await this.local.sync();
  }

  /** Ends all connections and resolves when nothing is written any more; partial bytes are kept. */
  async stop(): Promise<void> {
    this.controller.abort();
    await Promise.allSettled(this.running);
  }

  progress(): JobProgress {
    const { bytesTotal } = this.options.download;
    const bytesDone = [...this.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
    const bytesPerSecond = this.meter.rate();
    const left = bytesTotal - bytesDone;
    return {
      bytesDone,
      filesDone: this.finished,
      bytesPerSecond,
      etaSeconds: bytesPerSecond > 0 ? left / bytesPerSecond : null,
    };
  }

  private async fetch(file: DownloadFile): Promise<void> {
    const { download } = this.options;
    const { signal } = this.controller;
    try {
      const found = await this.local.state(file, signal);
      let { etag } = file;
      const { staged } = this.options;
      const waits = staged && found.state !== 'present';
      if (found.state !== 'present' && !(waits && (await this.local.isStaged(file, signal)))) {
        const { destination: final, partial } = await this.local.prepare(file.path, file.etag);
        const destination = waits ? this.local.stagedPath(file.path, file.etag) : final;
        const identity = { repoId: download.repoId, commit: download.commit, etag: file.etag, ...pick(file) };
        const copied = await takeCached(this.options.cache, {
          query: identity,
          partial,
          copied: this.local.copiedPath(file.path, file.etag),
          destination,
          signal,
          onBytes: (bytes) => (bytes > 0 ? this.bytes.set(file.path, bytes) : this.bytes.delete(file.path)),
        });
        if (!copied) etag = (await this.transfer(identity, { partial, destination })).etag;
      }
      // Also for a file that was there: it now belongs to this commit.
      const known = etag ?? `size-${file.size}`;
      this.arrived.push({ file, etag: known, staged: waits });
      if (!staged) await this.local.writeMetadata(file.path, download.commit, known);
      this.bytes.set(file.path, file.size);
    } catch (error) {
      throw toDiskError(error, this.local.destination(file.path));
    }
  }

  private transfer(
    file: FileIdentity,
    place: { readonly partial: string; readonly destination: string },
  ): Promise<Transferred> {
    const { hub, limiter, parallelRanges, log, tuning } = this.options;
    const { repoId, path } = file;
    return transfer({
      ...tuning,
      ...place,
      api: hub.api,
      file,
      signal: this.controller.signal,
      limiter,
      parallelRanges,
      onBytes: (bytes) => this.count(path, bytes),
      onRetry: ({ kind, message: reason }, waitMs) =>
        log.warn({ repoId, file: path, kind, reason, waitMs }, 'transfer tries again'),
    });
  }

  private count(path: string, bytes: number): void {
    const before = this.bytes.get(path);
    this.bytes.set(path, bytes);
    if (before !== undefined && bytes > before) this.meter.add(bytes - before);
  }
}

const pick = ({ path, size }: DownloadFile): { path: string; size: number } => ({ path, size });
