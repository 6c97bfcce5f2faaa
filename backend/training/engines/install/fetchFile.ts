/** Fetches one large file of a known hash; what came before a break is kept and gone on from. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../../../protocol/wire/errors';
import { exchange, unreachable, type Asked } from './exchange';

export interface FetchFileOptions extends Omit<Asked, 'headers'> {
  readonly url: string;
  readonly sha256: string;
  readonly target: string;
  readonly size?: number | undefined;
  readonly onProgress: (done: number, total: number | undefined) => void;
}

/** Answers `target`. Rejects with `engine.unavailable`, `download.checksum`, or what aborted the signal. */
export async function fetchFile(options: FetchFileOptions): Promise<string> {
  const { target, sha256, signal } = options;
  if ((await hashOf(target)) === sha256) return target;
  await mkdir(path.dirname(target), { recursive: true });
  const part = `${target}.part`;
  await receive(options, part);
  signal.throwIfAborted();
  const actual = await hashOf(part);
  if (actual !== sha256) {
    await rm(part, { force: true });
    throw new StudioError(
      'download.checksum',
      `What ${new URL(options.url).host} gave for ${path.basename(new URL(options.url).pathname)} has the sha256 ` +
        `${actual ?? 'of nothing'}, ${sha256} was expected. It was deleted; install again, or choose another index.`,
      { retryable: true, details: { actual, expected: sha256 } },
    );
  }
  await rename(part, target);
  return target;
}

async function receive(
  { url, send, signal, size, onProgress }: FetchFileOptions,
  part: string,
): Promise<void> {
  const present = await sizeOf(part);
  if (size !== undefined && present === size) return;
  const from = size !== undefined && present > size ? 0 : present;
  const headers = from > 0 ? { range: `bytes=${from}-` } : {};
  const { response } = await exchange(url, { send, signal, headers });
  // All of it is there already: the hash tells whether it is right.
  if (response.status === 416) return response.discard();
  const { host } = new URL(url);
  if (response.status !== 200 && response.status !== 206) {
    await response.discard();
    throw unreachable(host, `it answers ${response.status} when asked for the file`);
  }
  const start = response.status === 206 ? from : 0;
  const length = Number(response.header('content-length') ?? NaN);
  const total = Number.isFinite(length) ? start + length : size;
  const file = await open(part, start > 0 ? 'r+' : 'w');
  try {
    let at = start;
    for await (const bytes of response.body) {
      await file.write(bytes, 0, bytes.length, at);
      at += bytes.length;
      onProgress(at, total);
    }
    if (total !== undefined && at < total) throw new Error(`the file broke off at ${at} of ${total} bytes`);
  } catch (error) {
    signal.throwIfAborted();
    throw unreachable(host, error instanceof Error ? error.message : String(error), error);
  } finally {
    await file.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

/** Undefined: there is no such file. */
async function hashOf(file: string): Promise<string | undefined> {
  if ((await sizeOf(file)) === 0) return undefined;
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(bytes as Buffer);
  return hash.digest('hex');
}
