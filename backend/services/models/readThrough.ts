/** Reading whole files a piece at a time, for hashing and copying at once: nothing else waits long. */
import { createHash, type Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { StudioError } from '../../../protocol/wire/errors';
import { throwIfAborted } from '../../hub/cancelled';
import { startHash, type HashKind } from '../../hub/hashing';

export interface Reading {
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly signal?: AbortSignal | undefined;
  /** The piece is only good until it returns. */
  readonly onPiece: (piece: Buffer) => Promise<void> | void;
}

const pieceSize = 1 << 20;

/** Rejects with `model.corrupt` when the file ends early, with `cancelled`, or as the disk does. */
export async function readThrough({ path, size, signal, onPiece }: Reading): Promise<void> {
  const handle = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(Math.min(pieceSize, Math.max(1, size)));
    for (let at = 0; at < size;) {
      throwIfAborted(signal);
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - at), at);
      if (bytesRead === 0) {
        throw new StudioError('model.corrupt', `${path} ends after ${at} of ${size} bytes.`, {
          details: { path },
        });
      }
      await onPiece(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Several hashes of one content in one reading. */
export class Hashes {
  private readonly running: ReadonlyMap<HashKind, Hash>;

  constructor(kinds: Iterable<HashKind>, size: number) {
    this.running = new Map(
      [...new Set(kinds)].map((kind) => [
        kind,
        kind === 'sha256' ? createHash('sha256') : startHash(kind, size),
      ]),
    );
  }

  update(piece: Buffer): void {
    for (const hash of this.running.values()) hash.update(piece);
  }

  /** Lower-case hex, once. */
  finish(): ReadonlyMap<HashKind, string> {
    return new Map([...this.running].map(([kind, hash]) => [kind, hash.digest('hex')]));
  }
}
