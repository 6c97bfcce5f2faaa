/** The small files of a published model's folder. */
import { MlError } from '../errors';
import { readWithin, type SourceFolder } from '../weights/byteSource';

/** Tokenizers of large vocabularies have some 20 MB. */
const longest = 128 * 1024 * 1024;

/** Undefined where there is none. Rejects with `model.corrupt` for one that is no such file. */
export async function textOf(folder: SourceFolder, name: string): Promise<string | undefined> {
  const source = await folder.open(name);
  if (source === undefined) return undefined;
  if (source.size > longest) throw new MlError('model.corrupt', `${name} is too long.`);
  return new TextDecoder('utf-8').decode(await readWithin(source, 0, source.size));
}

/** The same, as JSON. Rejects with `model.corrupt` for what is none. */
export async function jsonOf(folder: SourceFolder, name: string): Promise<unknown> {
  const text = await textOf(folder, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MlError('model.corrupt', `${name} is not valid JSON.`, { cause: error });
  }
}
