/** The files of a trained model's folder on disk. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ModelFiles } from '../../ml/trained/modelFiles';
import { StudioError } from '../../protocol/wire/errors';

/** Reading rejects with `model.corrupt` for a file that is there but cannot be read. */
export function folderFiles(folder: string): ModelFiles {
  return { read: (name) => readIfThere(path.join(folder, ...name.split('/'))) };
}

async function readIfThere(file: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'EISDIR') return undefined;
    throw new StudioError(
      'model.corrupt',
      `${file} cannot be read (${code ?? 'unknown'}). Check its permissions.`,
      { cause: error },
    );
  }
}
