/** Copies a file whose hash must be the expected one: in no time where the file system shares blocks. */
import { chmod, constants, copyFile, open, rm } from 'node:fs/promises';
import { cancelled, throwIfAborted } from '../cancelled';
import { toDiskError } from '../diskError';
import { hashKindOf, hashFile, startHash, type HashKind } from '../hashing';

export interface ProvedCopy {
  readonly from: string;
  /** Its folder exists; what is there is overwritten. */
  readonly to: string;
  readonly size: number;
  readonly etag: string;
  readonly signal?: AbortSignal | undefined;
  /** Bytes that are there so far. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
}

const pieceSize = 1 << 20;

/**
 * Resolves true when `to` holds the bytes and they are durable; false, with nothing left behind, when `from` holds
 * other bytes or cannot be read. Rejects with `cancelled` or the error of the disk that is written to.
 */
export async function copyProved(copy: ProvedCopy): Promise<boolean> {
  const kind = hashKindOf(copy.etag);
  if (kind === undefined) return false;
  let done = false;
  try {
    await rm(copy.to, { force: true });
    done = (await cloned(copy, kind)) ?? (await streamed(copy, kind));
    return done;
  } finally {
    if (!done) {
      copy.onBytes?.(0);
      await rm(copy.to, { force: true });
    }
  }
}

/** Undefined where the file system cannot share blocks between the two places. */
async function cloned(copy: ProvedCopy, kind: HashKind): Promise<boolean | undefined> {
  const { from, to, size, etag, signal } = copy;
  throwIfAborted(signal);
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE);
  } catch {
    return undefined;
  }
  // The cache's files may be read-only; these belong to the person's models.
  await chmod(to, 0o644);
  const handle = await open(to, 'r+');
  try {
    if ((await handle.stat()).size !== size) return false;
    await handle.sync();
  } finally {
    await handle.close();
  }
  if ((await hashFile(to, kind, size, signal)) !== etag) return false;
  copy.onBytes?.(size);
  return true;
}

async function streamed(copy: ProvedCopy, kind: HashKind): Promise<boolean> {
  const source = await open(copy.from, 'r').catch(() => undefined);
  if (source === undefined) return false;
  try {
    const target = await open(copy.to, 'w');
    try {
      const hash = startHash(kind, copy.size);
      const buffer = Buffer.allocUnsafe(Math.min(pieceSize, Math.max(1, copy.size)));
      for (let at = 0; at < copy.size;) {
        if (copy.signal?.aborted === true) throw cancelled(copy.signal.reason);
        const length = Math.min(buffer.length, copy.size - at);
        const read = await source.read(buffer, 0, length, at).catch(() => undefined);
        if (read === undefined || read.bytesRead === 0) return false;
        const piece = buffer.subarray(0, read.bytesRead);
        hash.update(piece);
        await writeAll(target, piece, at);
        at += read.bytesRead;
        copy.onBytes?.(at);
      }
      if (hash.digest('hex') !== copy.etag) return false;
      await target.sync();
      return true;
    } catch (error) {
      throw toDiskError(error, copy.to);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
}

async function writeAll(
  target: Awaited<ReturnType<typeof open>>,
  piece: Buffer,
  position: number,
): Promise<void> {
  for (let at = 0; at < piece.length;) {
    const { bytesWritten } = await target.write(piece, at, piece.length - at, position + at);
    at += bytesWritten;
  }
}
