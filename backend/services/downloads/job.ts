/** One download under way: its files, what of them is there, and the way to stop them. */
import type { FileHandle } from 'node:fs/promises';
import type { Logger } from 'pino';
import type { Download } from '../../../protocol/model/download';
import { toStudioError } from '../../../protocol/wire/errors';
import type { FileIdentity } from '../../hub/body';
import type { HubCache } from '../../hub/cache/hubCache';
import { takeCached } from '../../hub/cache/takeCached';
import type { HubClient } from '../../hub/client';
import type { DiskThread } from '../../hub/disk/diskThread';
import { toDiskError } from '../../hub/diskError';
import { install } from '../../hub/install';
import { LocalDir } from '../../hub/localDir';
import type { RateLimiter } from '../../hub/rateLimiter';
import type { BackoffOptions } from '../../hub/retry';
import { transfer } from '../../hub/transfer';
import type { Transferred, TransferOptions } from '../../hub/transferOptions';
import type { DownloadFile } from '../../stores/downloadFiles';
import { FileBoard } from './fileBoard';
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
  readonly disk?: DiskThread | undefined;
  readonly limiter: RateLimiter;
  /** Connections for one large file; may change while it runs. */
  readonly parallelRanges: () => number;
  readonly log: Logger;
  readonly tuning: TransferTuning;
  /** Another commit is installed in the folder: its files stay as they are until all of the new ones are there. */
  readonly staged: boolean;
  /** Numbers the states of the files. */
  readonly nextSeq: () => number;
  /** Runs before the first file, and again after the download had to give way to others. */
  readonly onBegin: () => Promise<unknown>;
}

export interface JobProgress {
  readonly bytesDone: number;
  readonly filesDone: number;
  readonly bytesPerSecond: number;
  readonly etaSeconds: number | null;
}

/** A file that is being fetched. */
interface Running {
  readonly controller: AbortController;
  readonly ended: Promise<void>;
  /** It was told to give its slot back. */
  yielding: boolean;
}

/** Bytes up to which a file is small, and how many of them are many. */
const smallFile = 256 << 10;
const manySmall = 16;
/** What one slot then carries at once, and in its turn: a small file is mostly waiting, for an answer and for the disk. */
const smallAtOnce = 4;
const smallInTurn = 32;

export class Job {
  readonly id: string;
  readonly local: LocalDir;
  readonly board: FileBoard;
  /** Its place among the downloads: the lowest comes first. */
  position: number;
  /** Set once the last file has come. */
  completion: Promise<void> | undefined;
  private waiting: DownloadFile[] = [];
  private readonly running = new Map<DownloadFile, Running>();
  /** Files of which bytes came over the line: what was on disk before is no rate. */
  private readonly counted = new Set<string>();
  private readonly meter = new Meter();
  private stopped = false;
  private begun: Promise<unknown> | undefined;
  private lastProgress = '';
  private readonly arrived: {
    readonly file: DownloadFile;
    readonly etag: string;
    readonly staged: boolean;
  }[] = [];

  constructor(private readonly options: JobOptions) {
    const { download, files, nextSeq } = options;
    this.id = download.id;
    this.position = download.position ?? 0;
    this.local = new LocalDir(download.path);
    this.board = new FileBoard(download.id, files, nextSeq);
    this.line(files);
  }

  /** Files that nobody fetches yet. */
  get pending(): number {
    return this.stopped ? 0 : this.waiting.length;
  }

  /** Files that were told to give their slots back and still have them. */
  get yielding(): number {
    return [...this.running.values()].filter((run) => run.yielding).length;
  }

  get isComplete(): boolean {
    return this.board.filesDone === this.board.filesTotal;
  }

  /** Bytes that are still to come. */
  get remainingBytes(): number {
    return this.board.bytesTotal - this.board.bytesDone;
  }

  /** Takes those of the files in that it does not have yet; false when there are none. */
  add(files: readonly DownloadFile[]): boolean {
    const further = files.filter((file) => !this.board.has(file.path));
    if (this.stopped || further.length === 0) return false;
    this.board.add(further);
    this.line(further);
    return true;
  }

  /** Looks at what earlier attempts left, so that the progress goes on from there. */
  async survey(): Promise<void> {
    await Promise.all(
      this.waiting.map(async (file) => {
        const { bytesDone } = await this.local.quickState(file);
        if (bytesDone > 0) this.board.set(file.path, 'waiting', bytesDone);
      }),
    );
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

  /** Fetches the next file, or the next few of many small ones; rejects when one cannot be had. */
  async runNext(): Promise<void> {
    const many = (this.waiting[manySmall - 1]?.size ?? Infinity) <= smallFile;
    let left = many ? smallInTurn : 1;
    const placing: Promise<boolean>[] = [];
    const lane = async (): Promise<void> => {
      while (left > 0 && !this.stopped && this.yielding === 0) {
        const file = this.waiting.shift();
        if (file === undefined) return;
        left -= 1;
        // One that has to give way takes the whole slot with it.
        if (!(await this.receive(file, placing))) left = 0;
      }
    };
    await Promise.all(Array.from({ length: many ? smallAtOnce : 1 }, lane));
    await Promise.all(placing);
  }

  /** Runs a file until its connection is free for the next; the rest is among `placing`. False when it gave way. */
  private receive(file: DownloadFile, placing: Promise<boolean>[]): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const run = this.run(file, () => resolve(true));
      run.then(resolve, reject);
      placing.push(run);
    });
  }

  /** False when it gave way: then it waits again. */
  private async run(file: DownloadFile, onReceived: () => void): Promise<boolean> {
    const controller = new AbortController();
    const work = this.fetch(file, controller.signal, onReceived);
    const run: Running = { controller, yielding: false, ended: work.then(noop, noop) };
    this.running.set(file, run);
    try {
      await work;
      return true;
    } catch (error) {
      this.board.set(file.path, 'waiting');
      if (!controller.signal.aborted) {
        const { kind, message, retryable } = toStudioError(error);
        this.board.set(file.path, 'failed', undefined, { kind, message, retryable });
        throw error;
      }
      if (!this.stopped) this.waiting.unshift(file);
      return false;
    } finally {
      this.running.delete(file);
    }
  }

  /** Tells the file that came last to give its slot back; false when there is none. */
  yieldOne(): boolean {
    const run = [...this.running.values()].findLast((candidate) => !candidate.yielding);
    if (run === undefined) return false;
    run.yielding = true;
    run.controller.abort();
    return true;
  }

  /** True when it had begun and none of its files has a slot any more: it waits for its turn again. */
  rest(): boolean {
    if (this.stopped || this.begun === undefined || this.running.size > 0 || this.pending === 0) return false;
    this.begun = undefined;
    return true;
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
    this.stopped = true;
    for (const { controller } of this.running.values()) controller.abort();
    await Promise.all([...this.running.values()].map(({ ended }) => ended));
  }

  progress(): JobProgress {
    const bytesPerSecond = this.meter.rate();
    return {
      bytesDone: this.board.bytesDone,
      filesDone: this.board.filesDone,
      bytesPerSecond,
      etaSeconds: bytesPerSecond > 0 ? this.remainingBytes / bytesPerSecond : null,
    };
  }

  /** Small files first: they tell what the model is, and a full disk is met by the large ones. */
  private line(files: readonly DownloadFile[]): void {
    this.waiting = [...this.waiting, ...files].sort((a, b) => a.size - b.size);
  }

  private begin(): Promise<unknown> {
    this.local.forgetListings();
    return this.options.onBegin();
  }

  private async fetch(file: DownloadFile, signal: AbortSignal, onReceived: () => void): Promise<void> {
    const { download, staged, cache, disk } = this.options;
    try {
      await (this.begun ??= this.begin());
      // A file that lies there is proved by reading it.
      if (await this.liesThere(file)) this.board.set(file.path, 'verifying', file.size);
      const found = await this.local.state(file, signal);
      let { etag } = file;
      let noted = false;
      const waits = staged && found.state !== 'present';
      if (found.state !== 'present' && !(waits && (await this.local.isStaged(file, signal)))) {
        this.board.set(file.path, 'downloading', found.bytesDone);
        const { destination: final, partial, begun } = await this.local.prepare(file.path, file.etag);
        const destination = waits ? this.local.stagedPath(file.path, file.etag) : final;
        const identity = { repoId: download.repoId, commit: download.commit, etag: file.etag, ...pick(file) };
        const copied = await takeCached(cache, {
          query: identity,
          partial,
          copied: this.local.copiedPath(file.path, file.etag),
          destination,
          signal,
          onBytes: (bytes) => this.board.count(file.path, bytes),
        });
        if (!copied) {
          const place = { partial, destination, signal, onReceived };
          ({ etag, noted } = await this.transfer(identity, {
            ...place,
            ...(begun ? {} : { disk }),
            ...(staged ? {} : { note: (etag) => this.note(file, etag) }),
          }));
        }
      }
      // Another client finished it meanwhile: what we had of it is of no more use.
      if (found.state === 'present') await this.local.discardPartials([file]);
      // Also for a file that was there: it now belongs to this commit.
      const known = knownAs(file, etag);
      const present = found.state === 'present' && !(await this.isOurs(file));
      this.arrived.push({ file, etag: known, staged: waits });
      if (!staged && !noted) await this.local.writeMetadata(file.path, download.commit, known);
      this.board.set(file.path, present ? 'present' : 'done', file.size);
    } catch (error) {
      throw toDiskError(error, this.local.destination(file.path));
    }
  }

  private note(file: DownloadFile, etag: string | undefined): { path: string; text: string } {
    return this.local.metadataOf(file.path, this.options.download.commit, knownAs(file, etag));
  }

  /** Whether something of its size is on disk; small files are read sooner than they are looked at. */
  private async liesThere(file: DownloadFile): Promise<boolean> {
    if (this.board.bytesOf(file.path) === file.size) return true;
    return file.size > smallFile && (await this.local.quickState(file)).bytesDone === file.size;
  }

  /** Whether an earlier attempt of this download brought it. */
  private async isOurs(file: DownloadFile): Promise<boolean> {
    if (this.options.download.filesDone === 0) return false;
    return (await this.local.readMetadata(file.path))?.commit === this.options.download.commit;
  }

  private transfer(
    file: FileIdentity,
    place: Pick<TransferOptions, 'partial' | 'destination' | 'signal' | 'onReceived' | 'disk' | 'note'>,
  ): Promise<Transferred> {
    const { hub, limiter, parallelRanges, log, tuning } = this.options;
    const { repoId, path } = file;
    return transfer({
      ...tuning,
      ...place,
      api: hub.api,
      file,
      limiter,
      parallelRanges,
      onBytes: (bytes) => this.count(path, bytes),
      onRetry: ({ kind, message: reason }, waitMs) =>
        log.warn({ repoId, file: path, kind, reason, waitMs }, 'transfer tries again'),
    });
  }

  private count(path: string, bytes: number): void {
    const before = this.board.bytesOf(path);
    this.board.count(path, bytes);
    if (this.counted.has(path) && bytes > before) this.meter.add(bytes - before);
    this.counted.add(path);
  }
}

const noop = (): void => undefined;
const knownAs = (file: DownloadFile, etag: string | undefined): string => etag ?? `size-${file.size}`;
const pick = ({ path, size }: DownloadFile): { path: string; size: number } => ({ path, size });
