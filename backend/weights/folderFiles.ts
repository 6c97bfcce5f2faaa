/** The files of a model's folder, as a listing of the hub would tell them. */
import type { Dirent } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ModelFiles } from '../sdk/modelRuntime';
import { onnxFacts } from '../sdk/onnx/facts';

export interface FolderFile {
  /** Within the folder, with forward slashes. */
  readonly path: string;
  readonly size: number;
  readonly mtimeMs: number;
}

/** Longest JSON that is read to tell what a model is. */
const longestJson = 8 * 1024 * 1024;
/** Folders that belong to tools, not to the model. */
const skipped = new Set(['.cache', '.git', '.goya', 'node_modules']);

/** Links are not followed. Rejects as `readdir` does when the folder cannot be read. */
export async function listFolder(root: string): Promise<FolderFile[]> {
  const visit = async (relative: string): Promise<FolderFile[]> => {
    const entries = await readdir(path.join(root, relative), { withFileTypes: true });
    const look = async (entry: Dirent): Promise<FolderFile[]> => {
      const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) return visit(name);
      if (!entry.isFile()) return [];
      const { size, mtimeMs } = await stat(path.join(root, name));
      return [{ path: name, size, mtimeMs }];
    };
    return (await Promise.all(entries.sort((a, b) => (a.name < b.name ? -1 : 1)).map(look))).flat();
  };
  return visit('');
}

/** `files` are those of `listFolder`. */
export function filesOnDisk(root: string, files: readonly FolderFile[]): ModelFiles {
  const sizeOf = (name: string): number | undefined => files.find((file) => file.path === name)?.size;
  return {
    files,
    readJson: async (name) => {
      const size = sizeOf(name);
      if (size === undefined || size > longestJson) return undefined;
      try {
        return JSON.parse(await readFile(path.join(root, name), 'utf8')) as unknown;
      } catch {
        return undefined;
      }
    },
    onnx: async (name) => {
      const size = sizeOf(name);
      if (size === undefined) return undefined;
      const file = await open(path.join(root, name)).catch(() => undefined);
      try {
        return await onnxFacts({ path: name, size }, async (_, start, end) => {
          const read = await file?.read(Buffer.alloc(end - start), 0, end - start, start);
          return read?.buffer.subarray(0, read.bytesRead);
        });
      } finally {
        await file?.close();
      }
    },
  };
}
