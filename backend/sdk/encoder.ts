/** A downloaded recogniser whose hearing a task builds on. No tensors until `openEncoder` is called. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import type { SpeechEncoder } from '../../ml/speech/ear';
import { weightFiles } from '../../ml/weights/weightFiles';
import { openNodeFolder } from '../weights/nodeFolder';

const families = ['wav2vec2', 'whisper'] as const;
const configJson = z.looseObject({ model_type: z.enum(families) });

export interface EncoderFacts {
  readonly family: (typeof families)[number];
  /** SHA-256 (hex) over its config.json and the names and sizes of its weights: another model hears otherwise. */
  readonly fingerprint: string;
}

/** Undefined for a folder that is no Wav2Vec2 or Whisper with its weights. */
export async function encoderFacts(folder: string): Promise<EncoderFacts | undefined> {
  const config = await readFile(path.join(folder, 'config.json'), 'utf8').catch(() => undefined);
  if (config === undefined) return undefined;
  const parsed = configJson.safeParse(jsonOf(config));
  if (!parsed.success) return undefined;
  const hash = createHash('sha256').update(config);
  let weights = 0;
  for (const name of weightFiles) {
    const info = await stat(path.join(folder, name)).catch(() => undefined);
    if (info === undefined) continue;
    hash.update(`\0${name}\0${info.size}`);
    weights++;
  }
  if (weights === 0) return undefined;
  return { family: parsed.data.model_type, fingerprint: hash.digest('hex') };
}

/** On the engine that is current; the caller disposes it. Rejects with what is wrong with the model's files. */
export async function openEncoder(folder: string): Promise<SpeechEncoder> {
  const { loadSpeechEncoder } = await import('../../ml/published/encoder');
  const files = openNodeFolder(folder);
  try {
    return await loadSpeechEncoder(files);
  } finally {
    await files.close();
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // No JSON is no model: whoever asked says what the folder lacks.
    return undefined;
  }
}
