/** A model's folder on disk for the weight readers of ml/: files are opened once and read in parts. */
import { open, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ByteSource, SourceFolder } from '../../ml/weights/byteSource';
import { StudioError } from '../../protocol/wire/errors';

export interface NodeFolder extends SourceFolder {
  readonly path: string;
  /** Closes every file that was opened. */
  close(): Promise<void>;
}

/** `folder` is absolute. Opening rejects with `model.corrupt` for a file that is there but cannot be read. */
export function openNodeFolder(folder: string): NodeFolder {
  const sources = new Map<string, Promise<NodeSource | undefined>>();
  return {
    path: folder,
    open: (name) => {
      const opened = sources.get(name) ?? openSource(path.join(folder, ...name.split('/')), name);
      sources.set(name, opened);
      return opened;
    },
    close: async () => {
      const opened = await Promise.allSettled(sources.values());
      sources.clear();
      for (const one of opened) if (one.status === 'fulfilled') await one.value?.handle.close();
    },
  };
}

interface NodeSource extends ByteSource {
  readonly handle: FileHandle;
}

async function openSource(file: string, name: string): Promise<NodeSource | undefined> {
  try {
    // Before opening, which would wait for ever on a named pipe.
    if (!(await stat(file)).isFile()) return undefined;
    const handle = await open(file, 'r');
    const { size } = await handle.stat();
    return { name, size, handle, read: (start, end) => readRange(handle, start, end) };
  } catch (error) {
    return ifMissing(error, file);
  }
}

function ifMissing(error: unknown, file: string): undefined {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return undefined;
  throw new StudioError(
    'model.corrupt',
    `${file} cannot be read (${code ?? 'unknown'}). Check its permissions.`,
    { cause: error },
  );
}

/** Read at once of a large range: memory that is new costs as much to take as to fill, and two threads take it faster. */
const pieceBytes = 8 * 1024 * 1024;
const readers = 2;

/** Fewer bytes than asked for only at the end of the file. */
async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let next = 0;
  let reached = bytes.byteLength;
  const readPieces = async (): Promise<void> => {
    while (next < reached) {
      const from = next;
      next += pieceBytes;
      const to = Math.min(from + pieceBytes, bytes.byteLength);
      const filled = await readPiece(handle, bytes.subarray(from, to), start + from);
      if (from + filled < to) reached = Math.min(reached, from + filled);
    }
  };
  await Promise.all(Array.from({ length: readers }, readPieces));
  return reached === bytes.byteLength ? bytes : bytes.subarray(0, reached);
}

/** How many bytes there were. */
async function readPiece(handle: FileHandle, into: Uint8Array, at: number): Promise<number> {
  let filled = 0;
  while (filled < into.byteLength) {
    const { bytesRead } = await handle.read(into, filled, into.byteLength - filled, at + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
