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

/** One read call gives at most 2 GB. */
const largestRead = 1024 * 1024 * 1024;

/** Fewer bytes than asked for only at the end of the file. */
async function readRange(handle: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  let filled = 0;
  while (filled < bytes.byteLength) {
    const length = Math.min(largestRead, bytes.byteLength - filled);
    const { bytesRead } = await handle.read(bytes, filled, length, start + filled);
    if (bytesRead === 0) return bytes.subarray(0, filled);
    filled += bytesRead;
  }
  return bytes;
}
