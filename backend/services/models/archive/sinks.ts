/** Where an export goes: a folder, or one tar archive. Both are written aside and get their name when whole. */
import { mkdir, open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { blockSize, encodeHeader, padding } from './tarFormat';

export interface Sink {
  /** Writes one file; `fill` hands over exactly `size` bytes. */
  add(
    name: string,
    size: number,
    fill: (write: (piece: Buffer) => Promise<void>) => Promise<void>,
  ): Promise<void>;
  /** Makes everything durable. */
  finish(): Promise<void>;
  /** Lets go of what is open; what is written stays. */
  close(): Promise<void>;
}

export async function writeFully(handle: FileHandle, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length;) {
    at += (await handle.write(piece, at, piece.length - at, null)).bytesWritten;
  }
}

export async function folderSink(root: string): Promise<Sink> {
  await mkdir(root);
  return {
    add: async (name, _, fill) => {
      const file = path.join(root, ...name.split('/'));
      await mkdir(path.dirname(file), { recursive: true });
      const handle = await open(file, 'wx');
      try {
        await fill((piece) => writeFully(handle, piece));
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
    finish: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** `top`: the folder that unpacking makes. */
export async function archiveSink(file: string, top: string): Promise<Sink> {
  const handle = await open(file, 'wx');
  const mtime = Date.now() / 1000;
  return {
    add: async (name, size, fill) => {
      await writeFully(handle, encodeHeader({ name: `${top}/${name}`, size, mtime }));
      await fill((piece) => writeFully(handle, piece));
      await writeFully(handle, Buffer.alloc(padding(size)));
    },
    finish: async () => {
      await writeFully(handle, Buffer.alloc(2 * blockSize));
      await handle.sync();
    },
    close: () => handle.close(),
  };
}
