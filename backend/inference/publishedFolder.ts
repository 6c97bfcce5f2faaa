/** A downloaded recogniser's, reader's or writer's folder: whether it is one, and what must be the same for it to be the same. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { MlError } from '../../ml/errors';

const configJson = z.looseObject({
  model_type: z.enum(['wav2vec2', 'whisper', 'bert', 'gpt2']),
  architectures: z.array(z.string()).nullish(),
});

/** Those whose change makes it another model; shards are rewritten together with their list. */
const weightFiles = ['model.safetensors', 'pytorch_model.bin'].flatMap((name) => [
  name,
  `${name}.index.json`,
]);

export interface PublishedFolder {
  readonly path: string;
  /** Changes when the model is replaced. */
  readonly version: string;
  readonly family: 'wav2vec2' | 'whisper' | 'bert' | 'gpt2';
  /** What stands on it, such as `BertForTokenClassification`. */
  readonly architecture: string;
  /** Its config.json. */
  readonly config: unknown;
}

/** Undefined for what is no folder with such a model's config.json, and for a tf.js model. */
export async function openPublishedFolder(modelPath: string): Promise<PublishedFolder | undefined> {
  const folder = path.resolve(modelPath);
  const info = await stat(path.join(folder, 'config.json')).catch(() => undefined);
  const trained = await stat(path.join(folder, 'model.json')).catch(() => undefined);
  if (info === undefined || trained !== undefined) return undefined;
  const config = await jsonIn(folder, 'config.json').catch(() => undefined);
  const parsed = configJson.safeParse(config);
  if (!parsed.success) return undefined;
  let version = String(info.mtimeMs);
  for (const name of weightFiles) {
    const weights = await stat(path.join(folder, name)).catch(() => undefined);
    if (weights !== undefined) version += ` ${weights.mtimeMs} ${weights.size}`;
  }
  const { model_type: family, architectures } = parsed.data;
  return { path: folder, version, family, architecture: architectures?.[0] ?? '', config };
}

/** A file of the folder; undefined where there is none. */
export async function textIn(folder: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(folder, name), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The same, as JSON. Rejects with `model.corrupt` for what is none. */
export async function jsonIn(folder: string, name: string): Promise<unknown> {
  const text = await textIn(folder, name);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MlError('model.corrupt', `${name} is no JSON.`, { cause: error });
  }
}
