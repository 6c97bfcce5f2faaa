import { statfs } from 'node:fs/promises';
import path from 'node:path';

/** Bytes that may still be written below a folder that need not exist yet. */
export async function freeBytes(folder: string): Promise<number> {
  for (let candidate = path.resolve(folder); ; candidate = path.dirname(candidate)) {
    try {
      const { bavail, bsize } = await statfs(candidate);
      return bavail * bsize;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      const missing = code === 'ENOENT' || code === 'ENOTDIR';
      if (!missing || path.dirname(candidate) === candidate) throw error;
    }
  }
}
