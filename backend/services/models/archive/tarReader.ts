import { open, type FileHandle } from 'node:fs/promises';
import { StudioError } from '../../../../protocol/wire/errors';
import { throwIfAborted } from '../../../hub/cancelled';
import { blockSize, decodeHeader, decodePax, padding, type TarHeader } from './tarFormat';

export interface TarEntry extends TarHeader {
  /** Hands over the content in pieces that are only good until the call returns. */
  read(onPiece: (piece: Buffer) => Promise<void> | void): Promise<void>;
}

const pieceSize = 1 << 20;
/** Headers of headers are names and sizes: more is an attack. */
const longestExtra = 1 << 20;
const mostEntries = 100_000;

/**
 * The files, folders and other things of an archive, in order; names are hostile. Throws `model.corrupt` for an archive
 * that is damaged or cut short.
 */
export async function* readTar(archive: string, signal?: AbortSignal): AsyncGenerator<TarEntry> {
  const handle = await open(archive, 'r');
  try {
    const { size: total } = await handle.stat();
    let pax: ReadonlyMap<string, string> = new Map();
    let longName: string | undefined;
    let entries = 0;
    for (let at = 0; at < total;) {
      throwIfAborted(signal);
      const header = decodeHeader(await take(handle, archive, at, blockSize), archive);
      if (header === undefined) return;
      if ((entries += 1) > mostEntries) throw broken(archive, 'it has too many entries');
      const start = at + blockSize;
      const size = Number(pax.get('size') ?? header.size);
      if (!Number.isSafeInteger(size) || size < 0 || start + size > total)
        throw broken(archive, 'it is cut short');
      at = start + size + padding(size);
      if (header.type === 'globalPax') continue;
      if (header.type === 'pax' || header.type === 'longName') {
        if (size > longestExtra) throw broken(archive, 'a header is too long');
        const content = await take(handle, archive, start, size);
        if (header.type === 'pax') pax = decodePax(content);
        else longName = content.toString('utf8').replace(/\0.*$/s, '');
        continue;
      }
      const name = pax.get('path') ?? longName ?? header.name;
      pax = new Map();
      longName = undefined;
      yield {
        ...header,
        name,
        size,
        read: (onPiece) => pieces({ handle, archive, start, size, signal }, onPiece),
      };
    }
    throw broken(archive, 'it is cut short');
  } finally {
    await handle.close();
  }
}

interface Stretch {
  readonly handle: FileHandle;
  readonly archive: string;
  readonly start: number;
  readonly size: number;
  readonly signal: AbortSignal | undefined;
}

async function pieces(stretch: Stretch, onPiece: (piece: Buffer) => Promise<void> | void): Promise<void> {
  const { handle, archive, start, size, signal } = stretch;
  for (let done = 0; done < size;) {
    throwIfAborted(signal);
    const piece = await take(handle, archive, start + done, Math.min(pieceSize, size - done));
    await onPiece(piece);
    done += piece.length;
  }
}

async function take(handle: FileHandle, archive: string, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await handle.read(buffer, at, length - at, position + at);
    if (bytesRead === 0) throw broken(archive, 'it is cut short');
    at += bytesRead;
  }
  return buffer;
}

function broken(archive: string, why: string): StudioError {
  return new StudioError(
    'model.corrupt',
    `${archive} cannot be unpacked: ${why}. Copy it again from where it was made.`,
    {
      details: { path: archive },
    },
  );
}
