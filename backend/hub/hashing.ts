/** The two hashes that the hub knows files by. */
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { throwIfAborted } from './cancelled';

/** `git-sha1` is the id of a git blob: the sha1 of `blob <size>\0` and the content. */
export type HashKind = 'sha256' | 'git-sha1';

/** Which hash an etag is, told from its form; undefined for one that is neither. */
export function hashKindOf(etag: string | undefined): HashKind | undefined {
  if (etag === undefined) return undefined;
  if (/^[0-9a-f]{64}$/.test(etag)) return 'sha256';
  return /^[0-9a-f]{40}$/.test(etag) ? 'git-sha1' : undefined;
}

export function startHash(kind: HashKind, size: number): Hash {
  return kind === 'sha256' ? createHash('sha256') : createHash('sha1').update(`blob ${size}\0`);
}

const pieceSize = 1 << 20;

/** Feeds the first `length` bytes of a file to a hash, a megabyte at a time so that nothing else waits long. */
export async function hashInto(
  hash: Hash,
  path: string,
  length: number,
  signal?: AbortSignal,
): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(pieceSize, Math.max(1, length)));
    for (let at = 0; at < length;) {
      throwIfAborted(signal);
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, length - at), at);
      if (bytesRead === 0) throw new Error(`${path} ends after ${at} of ${length} bytes`);
      hash.update(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** The hash of a whole file of `size` bytes, in lower-case hex. */
export async function hashFile(
  path: string,
  kind: HashKind,
  size: number,
  signal?: AbortSignal,
): Promise<string> {
  const hash = startHash(kind, size);
  await hashInto(hash, path, size, signal);
  return hash.digest('hex');
}
