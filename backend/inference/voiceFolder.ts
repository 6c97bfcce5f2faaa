/** A downloaded voice's folder: whether it is one, and what of it must be the same for it to be the same voice. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

const configJson = z.looseObject({ model_type: z.literal('vits') });

export interface VoiceFolder {
  readonly path: string;
  /** Changes when the voice is replaced. */
  readonly version: string;
  /** Its config.json. */
  readonly config: unknown;
}

/** Undefined for what is no folder with a VITS model's config.json, and for a tf.js model. */
export async function openVoiceFolder(modelPath: string): Promise<VoiceFolder | undefined> {
  const folder = path.resolve(modelPath);
  const file = path.join(folder, 'config.json');
  const info = await stat(file).catch(() => undefined);
  if (
    info === undefined ||
    (await stat(path.join(folder, 'model.json')).catch(() => undefined)) !== undefined
  )
    return undefined;
  const config = parsed(await readFile(file, 'utf8'));
  if (!configJson.safeParse(config).success) return undefined;
  const weights = await stat(path.join(folder, 'model.safetensors')).catch(() => undefined);
  return { path: folder, version: `${info.mtimeMs} ${weights?.mtimeMs ?? 0} ${weights?.size ?? 0}`, config };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no voice: whoever asked says what the folder lacks.
    return undefined;
  }
}
