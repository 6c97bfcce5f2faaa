/**
 * One large file over several connections at once. What is there is journalled as it is written, so that a process
 * killed anywhere goes on from all of it; the bytes are proved as a whole, and where the whole is wrong the bad stretch
 * is looked for before the file is given up.
 */
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import { bodyOf, rangeStart } from './body';
import { throwIfAborted } from './cancelled';
import { toDiskError } from './diskError';
import { hashKindOf } from './hashing';
import { install } from './install';
import type { Range } from './intervals';
import { Locator, type Located } from './locator';
import { rangedPaths } from './rangedPaths';
import { RangedFile } from './rangedFile';
import { RangeReceiver } from './rangeReceiver';
import { repair } from './rangedRepair';
import { isRefusedByCdn, waitOrThrow } from './retryPolicy';
import { StallWatch } from './stallWatch';
import type { TransferOptions, Transferred } from './transferOptions';

const rangeSize = 16 << 20;
/** Milliseconds after which a changed number of connections is seen. */
const lookAgain = 250;

/** The copy that the bytes came from was replaced by another one. */
class Replaced extends Error {}

export async function transferRanges(options: TransferOptions): Promise<Transferred> {
  const { file, signal, onBytes } = options;
  const opened = await RangedFile.open({
    ...rangedPaths(options.partial),
    prefix: options.partial,
    size: file.size,
    etag: file.etag,
    kind: hashKindOf(file.etag),
    signal,
    openFile: options.openFile,
  });
  let done = false;
  try {
    onBytes?.(opened.length);
    const etag = await new RangedRun(options, opened).complete();
    done = true;
    await opened.close();
    await install(rangedPaths(options.partial).path, options.destination);
    await opened.remove();
    return { etag, noted: false };
  } finally {
    if (!done) await opened.close();
  }
}

class RangedRun {
  private readonly locator: Locator;
  private readonly assigned = new Set<Range>();
  private stop = new AbortController();
  private running = 0;
  /** The server sends everything whatever is asked for: one connection takes it all. */
  private whole = false;
  /** Lowered when the server says that it is asked too often. */
  private ceiling = Infinity;
  private restarted = false;

  constructor(
    private readonly options: TransferOptions,
    private readonly target: RangedFile,
  ) {
    this.locator = new Locator(options.api, options.file);
  }

  async complete(): Promise<string | undefined> {
    const { file } = this.options;
    await this.fetchAll();
    let actual = await this.target.finish();
    if (actual !== undefined && actual !== file.etag) actual = await this.repaired(actual);
    if (actual === undefined || actual === file.etag) return file.etag ?? this.locator.etag;
    await this.target.restart();
    await this.target.remove();
    throw new StudioError(
      'download.checksum',
      say`${file.path} of ${file.repoId} came twice with wrong content: its hash is not the one that the hub lists. Nothing of it was kept. Try again, or try another mirror.`,
      { retryable: true, details: { path: file.path, expected: file.etag, actual } },
    );
  }

  private repaired(actual: string): Promise<string | undefined> {
    const size = (this.options.rangeSize ?? rangeSize) * this.limit;
    return repair({
      file: this.target,
      expected: this.options.file.etag,
      actual,
      groupSize: size,
      fetch: () => this.fetchAll(),
    });
  }

  /** How many connections may run now. */
  private get limit(): number {
    return this.whole ? 1 : Math.max(1, Math.min(this.options.parallelRanges?.() ?? 4, this.ceiling));
  }

  private async fetchAll(): Promise<void> {
    while (!this.target.isComplete) {
      try {
        await this.fetchMissing();
      } catch (error) {
        if (!(error instanceof Replaced)) throw error;
        this.restarted = true;
        this.locator.forget();
        await this.target.restart();
        this.options.onBytes?.(0);
      }
    }
  }

  /** Keeps as many connections busy as are allowed; the first failure that counts ends them all. */
  private async fetchMissing(): Promise<void> {
    const workers = new Set<Promise<void>>();
    const failures: unknown[] = [];
    this.stop = new AbortController();
    const signal = AbortSignal.any([this.options.signal, this.stop.signal]);
    for (;;) {
      while (failures.length === 0 && this.running < this.limit) {
        const range = this.nextRange();
        if (range === undefined) break;
        const worker = this.work(range, signal)
          .catch((error: unknown) => {
            failures.push(error);
            this.stop.abort();
          })
          .finally(() => workers.delete(worker));
        workers.add(worker);
      }
      if (workers.size === 0) break;
      await oneOf(workers);
    }
    throwIfAborted(this.options.signal);
    // Those that came later are the echo of the first.
    if (failures.length > 0) throw failures[0];
  }

  /** The first stretch that is missing and that nobody fetches. */
  private nextRange(): Range | undefined {
    const { file } = this.options;
    if (this.whole) return this.target.isComplete ? undefined : { start: 0, end: file.size };
    const usual = this.options.rangeSize ?? rangeSize;
    // Alone, there is nobody to share with: fewer requests for the same bytes.
    const longest = this.limit === 1 ? usual * 8 : usual;
    const taken = [...this.assigned].sort((a, b) => a.start - b.start);
    let start = 0;
    for (const border of [...taken, { start: file.size, end: file.size }]) {
      const gap = this.target.gap({ start, end: border.start });
      if (gap !== undefined) return { start: gap.start, end: Math.min(gap.end, gap.start + longest) };
      start = border.end;
    }
    return undefined;
  }

  private async work(range: Range, signal: AbortSignal): Promise<void> {
    this.assigned.add(range);
    this.running += 1;
    try {
      await this.fetchRange(range, signal);
    } finally {
      this.running -= 1;
      this.assigned.delete(range);
    }
  }

  private async fetchRange(range: Range, signal: AbortSignal): Promise<void> {
    let failures = 0;
    for (let gap = this.target.gap(range); gap !== undefined; gap = this.target.gap(range)) {
      const before = this.target.written;
      let located: Located | undefined;
      try {
        located = await this.locator.locate(signal);
        const { onHubAnswer } = this.locator;
        if (!(await this.attempt(located, gap, range, signal, onHubAnswer))) return;
      } catch (caught) {
        throwIfAborted(signal);
        const error = toDiskError(caught, this.options.partial);
        if (!isStudioError(error)) throw error;
        failures = this.target.written > before ? 1 : failures + 1;
        if (error.kind === 'hub.rateLimited') this.ceiling = Math.max(1, Math.floor(this.limit / 2));
        // A signed address may have expired: a fresh one is asked for, once.
        const expired =
          isRefusedByCdn(error, this.options.api.endpoint) &&
          located !== undefined &&
          this.locator.renew(located);
        await waitOrThrow(error, failures, expired, { ...this.options, signal });
      }
    }
  }

  /** One connection. False when it gave way: to fewer connections, or to a server that knows no ranges. */
  private async attempt(
    located: Located,
    gap: Range,
    range: Range,
    signal: AbortSignal,
    onHubAnswer: Locator['onHubAnswer'],
  ): Promise<boolean> {
    const { api, file, stallTimeout = 30_000 } = this.options;
    const stall = new StallWatch(stallTimeout, signal, located.url);
    try {
      const answer = await api.requestOnce({
        url: located.url,
        accept: '*/*',
        subject: say`${file.path} of ${file.repoId}`,
        signal: stall.signal,
        headers: { range: `bytes=${gap.start}-${gap.end - 1}` },
        onHubAnswer,
      });
      try {
        const start = rangeStart(answer, gap.start, file, api.endpoint);
        this.checkSource(located, answer.header('etag'));
        if (answer.status !== 206 && gap.end - gap.start < file.size && !this.whole) {
          this.whole = true;
          await answer.discard();
          return false;
        }
        const until = answer.status === 206 ? gap.end : file.size;
        const complete = await this.receiver(located, stall, range).receive(
          bodyOf(answer, located.url),
          start,
          until,
        );
        if (!complete) await answer.discard();
        return complete;
      } catch (error) {
        await answer.discard();
        throw error;
      }
    } catch (error) {
      if (isStudioError(error) && error.details?.['status'] === 416 && !this.restarted) throw new Replaced();
      throw stall.explain(error);
    } finally {
      stall.stop();
    }
  }

  private receiver(located: Located, stall: StallWatch, range: Range): RangeReceiver {
    const { file, limiter, signal, onBytes } = this.options;
    return new RangeReceiver({
      target: this.target,
      subject: say`${file.path} of ${file.repoId}`,
      stall,
      pay: (bytes) => limiter?.take(bytes, signal),
      onBytes: (bytes) => {
        located.delivered += bytes;
        onBytes?.(this.target.length);
      },
      giveWay: () => this.givesWay(range),
    });
  }

  /** When fewer connections are wanted than run, those at the end of the file stop first; or when more are. */
  private givesWay(range: Range): boolean {
    // It was alone and took a long stretch, which others may share now.
    if (this.limit > 1 && range.end - range.start > (this.options.rangeSize ?? rangeSize)) return true;
    if (this.running <= this.limit) return false;
    const ahead = [...this.assigned].filter((other) => other.start < range.start).length;
    return ahead >= this.limit;
  }

  /** Bytes of two versions must not be mixed: the file begins anew, and once only, as the hash has the last word. */
  private checkSource({ url }: Located, etag: string | null): void {
    if (etag === null || etag.startsWith('W/')) return;
    const { host } = new URL(url);
    const known = this.target.source;
    if (known?.host === host && known.etag === etag) return;
    if (known?.host === host && !this.restarted && this.target.length > 0) throw new Replaced();
    this.target.setSource({ host, etag });
  }
}

/** Until one of them ends, or it is time to look at the limits again. */
async function oneOf(workers: ReadonlySet<Promise<void>>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tick = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, lookAgain);
  });
  await Promise.race([...workers, tick]);
  clearTimeout(timer);
}
