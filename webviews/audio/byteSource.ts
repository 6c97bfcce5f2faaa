/** The bytes of a file that the page shows: asked from the panel in parts, never whole. */
import type { RandomReader } from '../../ml/audio/wav';
import { panelReadParts } from '../../protocol/api/panel';
import { StudioError } from '../../protocol/wire/errors';
import type { PostMessagePeer } from '../../protocol/wire/postMessage';

export interface Part {
  readonly offset: number;
  readonly length: number;
}

export interface ByteSource extends RandomReader {
  /** One answer for each part, in one question. */
  readMany(parts: readonly Part[]): Promise<Uint8Array[]>;
}

export function panelSource(peer: PostMessagePeer, file: number, size: number): ByteSource {
  const readMany = async (parts: readonly Part[]): Promise<Uint8Array[]> => {
    const wanted = parts.map(({ offset, length }) => within(size, offset, length));
    if (wanted.every(({ length }) => length === 0)) return wanted.map(() => new Uint8Array(0));
    const { bytes } = await peer.call(panelReadParts, { file, parts: wanted });
    return split(bytes, wanted);
  };
  return { size, readMany, read: async (offset, length) => first(await readMany([{ offset, length }])) };
}

export function memorySource(bytes: Uint8Array): ByteSource {
  const part = (offset: number, length: number): Uint8Array =>
    bytes.slice(offset, Math.min(bytes.length, offset + length));
  return {
    size: bytes.length,
    read: (offset, length) => Promise.resolve(part(offset, length)),
    readMany: (parts) => Promise.resolve(parts.map(({ offset, length }) => part(offset, length))),
  };
}

function within(size: number, offset: number, length: number): Part {
  const start = Math.min(size, Math.max(0, offset));
  return { offset: start, length: Math.max(0, Math.min(size - start, length)) };
}

function split(bytes: Uint8Array, parts: readonly Part[]): Uint8Array[] {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  if (bytes.length !== total)
    throw new StudioError('internal', `${total} bytes were asked for and ${bytes.length} came.`);
  let at = 0;
  return parts.map(({ length }) => bytes.subarray(at, (at += length)));
}

function first(list: readonly Uint8Array[]): Uint8Array {
  return list[0] ?? new Uint8Array(0);
}
