/** A downloaded model's folder: whether it is one, and what must be the same for it to be the same model. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const configJson = z.looseObject({ model_type: z.enum(['vits', 'wav2vec2', 'whisper', 'bert', 'gpt2']) });

/** Those whose change makes it another model; shards are rewritten together with their list. */
const weightFiles = ['model.safetensors', 'pytorch_model.bin'].flatMap((name) => [
  name,
  `${name}.index.json`,
]);

export interface PublishedFolder {
  readonly path: string;
  /** Changes when the model is replaced. */
  readonly version: string;
}

/** Undefined for what is no folder with such a model's config.json, and for a tf.js model. */
export async function openPublishedFolder(modelPath: string): Promise<PublishedFolder | undefined> {
  const folder = path.resolve(modelPath);
  const file = path.join(folder, 'config.json');
  const info = await stat(file).catch(() => undefined);
  const trained = await stat(path.join(folder, 'model.json')).catch(() => undefined);
  if (info === undefined || trained !== undefined) return undefined;
  if (!configJson.safeParse(parsed(await readFile(file, 'utf8'))).success) return undefined;
  let version = String(info.mtimeMs);
  for (const name of weightFiles) {
    const weights = await stat(path.join(folder, name)).catch(() => undefined);
    if (weights !== undefined) version += ` ${weights.mtimeMs} ${weights.size}`;
  }
  return { path: folder, version };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no model: whoever asked says what the folder lacks.
    return undefined;
  }
}
