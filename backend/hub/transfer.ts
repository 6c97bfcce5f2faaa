/**
 * One file from the hub to the disk: goes on from the bytes that are there, hashes while it writes, comes back after
 * cuts, stalls and refusals that pass, and gives the file its name only when every byte is proved.
 */
import { rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import type { HubApi } from './api';
import { bodyOf, checkHubAnswer, rangeStart, type FileIdentity } from './body';
import { throwIfAborted } from './cancelled';
import { toDiskError } from './diskError';
import { hashKindOf } from './hashing';
import { resolveUrl } from './files';
import { PartialFile } from './partialFile';
import type { RateLimiter } from './rateLimiter';
import { backoff, sleep, type BackoffOptions } from './retry';
import { StallWatch } from './stallWatch';

export interface TransferOptions {
  readonly api: HubApi;
  readonly file: FileIdentity;
  /** Where the bytes gather; its folder exists. */
  readonly partial: string;
  /** The final name; its folder exists. */
  readonly destination: string;
  readonly signal: AbortSignal;
  readonly limiter?: RateLimiter | undefined;
  /** Called with the bytes there so far; falls when a file has to begin anew. */
  readonly onBytes?: (bytes: number) => void;
  /** Called when an attempt failed and another follows. */
  readonly onRetry?: (error: StudioError, waitMs: number) => void;
  /** Milliseconds without a byte after which the connection is given up (default 30 s). */
  readonly stallTimeout?: number;
  readonly backoff?: BackoffOptions;
  /** Attempts in a row that bring no byte before it fails (default 7). */
  readonly maxAttempts?: number;
  readonly openFile?: (path: string) => Promise<FileHandle>;
}

export interface Transferred {
  /** What the file is known by: from the listing, else from the hub's answer. */
  readonly etag: string | undefined;
}

/** A longer `Retry-After` than this many seconds is left to the person. */
const longestRetryAfter = 300;

export async function transfer(options: TransferOptions): Promise<Transferred> {
  const { file, partial: partialPath, signal, onBytes } = options;
  throwIfAborted(signal);
  const partial = await PartialFile.open({
    path: partialPath,
    size: file.size,
    kind: hashKindOf(file.etag),
    signal,
    ...(options.openFile === undefined ? {} : { openFile: options.openFile }),
  });
  let done = false;
  try {
    onBytes?.(partial.length);
    const run = new Run(options, partial);
    const etag = await run.complete();
    done = true;
    await partial.close();
    await install(partialPath, options.destination);
    return { etag };
  } finally {
    if (!done) await partial.close();
  }
}

class Run {
  private learnedEtag: string | undefined;

  constructor(
    private readonly options: TransferOptions,
    private readonly partial: PartialFile,
  ) {}

  /** Fetches and proves; a file that came whole but wrong is fetched once more. */
  async complete(): Promise<string | undefined> {
    const { file, partial: partialPath, onBytes } = this.options;
    for (let fetched = 1; ; fetched += 1) {
      await this.fetchAll();
      const actual = await this.partial.finish();
      if (actual === undefined || actual === file.etag) return file.etag ?? this.learnedEtag;
      await this.partial.restart();
      onBytes?.(0);
      if (fetched < 2) continue;
      await rm(partialPath, { force: true });
      throw new StudioError(
        'download.checksum',
        `${file.path} of ${file.repoId} came twice with wrong content: its hash is not the one that the hub lists. Nothing of it was kept. Try again, or try another mirror.`,
        { retryable: true, details: { path: file.path, expected: file.etag, actual } },
      );
    }
  }

  private async fetchAll(): Promise<void> {
    const { file, signal } = this.options;
    let failures = 0;
    let refusals = 0;
    while (this.partial.length < file.size) {
      const before = this.partial.length;
      try {
        await this.attempt();
      } catch (caught) {
        throwIfAborted(signal);
        const error = toDiskError(caught, this.options.partial);
        if (!isStudioError(error)) throw error;
        failures = this.partial.length > before ? 1 : failures + 1;
        // A signed address may have expired: a fresh one is asked for, once.
        const expired = this.isFromCdn(error) && refusals++ === 0;
        await this.waitAfter(error, failures, expired);
      }
    }
  }

  private async waitAfter(error: StudioError, failures: number, tryAnyway: boolean): Promise<void> {
    const { maxAttempts = 7, signal, onRetry } = this.options;
    const limit = error.kind === 'hub.invalidResponse' ? Math.min(3, maxAttempts) : maxAttempts;
    if ((!error.retryable && !tryAnyway) || failures >= limit) throw error;
    const asked = error.details?.['retryAfterSeconds'];
    if (typeof asked === 'number' && asked > longestRetryAfter) throw error;
    const jittered = backoff(failures, this.options.backoff ?? { base: 500, cap: 15_000 });
    const wait = typeof asked === 'number' ? asked * 1000 + jittered / 4 : jittered;
    onRetry?.(error, wait);
    await sleep(wait, signal);
  }

  /** A refusal by the host that the hub redirected to. */
  private isFromCdn(error: StudioError): boolean {
    const { status, host } = error.details ?? {};
    const fromOther = typeof host === 'string' && host !== new URL(this.options.api.endpoint).host;
    return fromOther && typeof status === 'number' && [400, 401, 403, 404, 410].includes(status);
  }

  /** One connection: from the first missing byte as far as it goes. */
  private async attempt(): Promise<void> {
    const { api, file, signal, stallTimeout = 30_000 } = this.options;
    const url = resolveUrl(file.repoId, file.commit, file.path);
    const stall = new StallWatch(stallTimeout, signal, api.absolute(url));
    try {
      const offset = this.partial.length;
      const answer = await api.requestOnce({
        url,
        accept: '*/*',
        subject: `${file.path} of ${file.repoId}`,
        signal: stall.signal,
        headers: offset === 0 ? {} : { range: `bytes=${offset}-` },
        onHubAnswer: (hub) => {
          this.learnedEtag ??= checkHubAnswer(hub, file, api.endpoint);
        },
      });
      try {
        const start = rangeStart(answer, offset, file, api.endpoint);
        if (start === 0 && this.partial.length > 0) await this.restart();
        await this.receive(bodyOf(answer, api.absolute(url)), stall);
      } catch (error) {
        await answer.discard();
        throw error;
      }
    } catch (error) {
      // 416: the bytes on disk do not fit what the hub has.
      if (isStudioError(error) && error.details?.['status'] === 416) await this.restart();
      throw stall.explain(error);
    } finally {
      stall.stop();
    }
  }

  private async receive(body: AsyncIterable<Buffer>, stall: StallWatch): Promise<void> {
    const { file, limiter, signal, onBytes } = this.options;
    for await (const chunk of body) {
      if (this.partial.length + chunk.length > file.size) {
        await this.restart();
        throw new StudioError(
          'hub.invalidResponse',
          `${file.path} of ${file.repoId} is longer than the hub lists. Try again, or try another mirror.`,
          { retryable: true, details: { path: file.path, size: file.size } },
        );
      }
      stall.pause();
      await this.partial.write(chunk);
      onBytes?.(this.partial.length);
      const payment = limiter?.take(chunk.length, signal);
      if (payment !== undefined) await payment;
      stall.resume();
    }
    if (this.partial.length < file.size) {
      throw new StudioError(
        'hub.unreachable',
        `The connection for ${file.path} of ${file.repoId} ended after ${this.partial.length} of ${file.size} bytes. Resume to go on from there.`,
        { retryable: true, details: { path: file.path } },
      );
    }
  }

  private async restart(): Promise<void> {
    await this.partial.restart();
    this.options.onBytes?.(0);
  }
}

/** Gives a finished file its name. */
async function install(partial: string, destination: string): Promise<void> {
  for (let failures = 1; ; failures += 1) {
    try {
      await rename(partial, destination);
      break;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // On Windows a virus scanner holds a new file for a moment.
      const mayPass =
        process.platform === 'win32' && (code === 'EPERM' || code === 'EBUSY' || code === 'EACCES');
      if (!mayPass || failures >= 8) throw toDiskError(error, destination);
      await sleep(backoff(failures, { base: 50, cap: 1000 }));
    }
  }
}
