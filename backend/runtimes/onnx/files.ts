/** Files of a model's folder, looked through before the engine opens them. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { MlError } from '../../../ml/errors';
import { checkOnnx } from './check';

/** A file is read whole to be looked through; no voice or recogniser comes near. */
const largest = 2_000_000_000;

export interface CheckedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Throws `model.corrupt`, `model.unsafe`, `model.unsupported`. */
export async function checkedFile(folder: string, name: string): Promise<CheckedFile> {
  const file = path.join(folder, ...name.split('/'));
  const { size } = await stat(file);
  if (size > largest) throw new MlError('model.unsupported', `${name} is larger than 2 GB.`);
  const bytes = await readFile(file);
  await checkOnnx(bytes, { name, folder: path.dirname(file) });
  return { path: file, bytes };
}
