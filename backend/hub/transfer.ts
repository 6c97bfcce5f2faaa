/**
 * One file from the hub to the disk: goes on from the bytes that are there, hashes while it writes, comes back after
 * cuts, stalls and refusals that pass, and gives the file its name only when every byte is proved.
 */
import { rm } from 'node:fs/promises';
import { isStudioError, StudioError } from '../../protocol/wire/errors';
import { say } from '../language/say';
import { bodyOf, checkHubAnswer, rangeStart } from './body';
import { throwIfAborted } from './cancelled';
import { toDiskError } from './diskError';
import { hashKindOf } from './hashing';
import { HeldFile } from './heldFile';
import { resolveUrl } from './files';
import { PartialFile } from './partialFile';
import { transferRanges } from './rangedTransfer';
import { isRefusedByCdn, waitOrThrow } from './retryPolicy';
import { StallWatch } from './stallWatch';
import type { TransferOptions, Transferred } from './transferOptions';

/** From here on a second connection is worth its opening. */
const rangesFrom = 32 << 20;
/** Up to here a file is held in memory until it is whole. */
const heldUpTo = 256 << 10;

type Target = PartialFile | HeldFile;

export async function transfer(options: TransferOptions): Promise<Transferred> {
  const { file, signal, destination, onBytes, onReceived, note } = options;
  throwIfAborted(signal);
  if (file.size >= (options.rangesFrom ?? rangesFrom)) return transferRanges(options);
  const target = await openTarget(options);
  let done = false;
  try {
    onBytes?.(target.length);
    const etag = await new Run(options, target).complete();
    onReceived?.();
    done = true;
    return { etag, noted: await target.place(destination, note?.(etag)) };
  } finally {
    if (!done) await target.close();
  }
}

function openTarget({ file, partial, signal, openFile, disk }: TransferOptions): Promise<Target> {
  const options = {
    path: partial,
    size: file.size,
    kind: hashKindOf(file.etag),
    signal,
    ...(openFile === undefined ? {} : { openFile }),
  };
  const held = disk !== undefined && file.size <= heldUpTo;
  return held ? Promise.resolve(new HeldFile({ ...options, disk })) : PartialFile.open(options);
}

class Run {
  private learnedEtag: string | undefined;

  constructor(
    private readonly options: TransferOptions,
    private readonly partial: Target,
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
        say`${file.path} of ${file.repoId} came twice with wrong content: its hash is not the one that the hub lists. Nothing of it was kept. Try again, or try another mirror.`,
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
        const expired = isRefusedByCdn(error, this.options.api.endpoint) && refusals++ === 0;
        await waitOrThrow(error, failures, expired, this.options);
      }
    }
  }

  /** One connection: from the first missing byte as far as it goes. */
  private async attempt(): Promise<void> {
    const { api, file, signal, stallTimeout = 30_000 } = this.options;
    const url = resolveUrl(file.repoId, file.commit, file.path, file.kind);
    const stall = new StallWatch(stallTimeout, signal, api.absolute(url));
    try {
      const offset = this.partial.length;
      const answer = await api.requestOnce({
        url,
        accept: '*/*',
        subject: say`${file.path} of ${file.repoId}`,
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
          say`${file.path} of ${file.repoId} is longer than the hub lists. Try again, or try another mirror.`,
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
        say`The connection for ${file.path} of ${file.repoId} ended after ${this.partial.length} of ${file.size} bytes. Resume to go on from there.`,
        { retryable: true, details: { path: file.path } },
      );
    }
  }

  private async restart(): Promise<void> {
    await this.partial.restart();
    this.options.onBytes?.(0);
  }
}
