import { MlError } from '../errors';

/** A file, or something like one, that is read in parts: weights are never in memory as a whole. */
export interface ByteSource {
  /** What messages call it. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The bytes `[start, end)`, in an array of their own. Rejects when they are not all there. */
  read(start: number, end: number): Promise<Uint8Array>;
}

/** The files of one model's folder. */
export interface SourceFolder {
  /** `name` is relative, with forward slashes, and checked by the caller. Undefined when there is no such file. */
  open(name: string): Promise<ByteSource | undefined>;
}

/** Bytes that are in memory already. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.byteLength,
    // Not `slice`, which shares the memory where the bytes are a Node buffer.
    read: (start, end) => Promise.resolve(new Uint8Array(bytes.subarray(start, end))),
  };
}

/** Reads `[start, end)` after checking it against the size: a damaged file must not ask for memory. */
export async function readWithin(source: ByteSource, start: number, end: number): Promise<Uint8Array> {
  const sound = Number.isSafeInteger(start) && Number.isSafeInteger(end) && 0 <= start && start <= end;
  if (!sound || end > source.size) {
    throw new MlError(
      'model.corrupt',
      `${source.name} ends at byte ${source.size}, before its own contents.`,
    );
  }
  if (start === end) return new Uint8Array(0);
  const bytes = await source.read(start, end);
  if (bytes.byteLength === end - start) return bytes;
  throw new MlError('model.corrupt', `${source.name} became shorter while it was read.`);
}

/** A file's own reference to another: relative, inside the same folder. Throws `model.corrupt`. */
export function checkedPath(name: string): string {
  const parts = name.split('/');
  const inside = parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (inside && !/[\\:\u0000-\u001f]/.test(name)) return name;
  throw new MlError('model.corrupt', `The model names a file outside its folder: ${JSON.stringify(name)}.`);
}
