/** A downloaded HiFi-GAN that a voice is trained for. No tensors until `openVocoder` is called. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Vocoder } from '../../ml/voice/vocoder';
import { isVocoderConfig, vocoderForm, type VocoderForm } from '../../ml/voice/vocoderForm';
import { weightFiles } from '../../ml/weights/weightFiles';
import { openNodeFolder } from '../weights/nodeFolder';

/** The spectra that it takes; undefined for a folder that is no HiFi-GAN with its weights. */
export async function vocoderFacts(folder: string): Promise<VocoderForm | undefined> {
  const config = await jsonIn(folder, 'config.json');
  if (!isVocoderConfig(config)) return undefined;
  const there = await Promise.all(
    weightFiles.map((name) =>
      stat(path.join(folder, name)).then(
        (found) => found.isFile(),
        () => false,
      ),
    ),
  );
  if (!there.includes(true)) return undefined;
  try {
    return vocoderForm(config, await jsonIn(folder, 'preprocessor_config.json'));
  } catch {
    // A config.json whose fields are wrong.
    return undefined;
  }
}

export interface OpenVocoder {
  readonly vocoder: Vocoder;
  /** What a voice's folder keeps of it, by name. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
}

/** On the engine that is current; the caller disposes it. Rejects with what is wrong with the files. */
export async function openVocoder(folder: string): Promise<OpenVocoder> {
  const { Vocoder: loader, vocoderFiles } = await import('../../ml/voice/vocoder');
  const { openWeights } = await import('../../ml/weights/open');
  const files = openNodeFolder(folder);
  try {
    const weights = await openWeights(files);
    const config = await jsonIn(folder, 'config.json');
    return { vocoder: await loader.load(weights, config), files: await vocoderFiles(weights, config) };
  } finally {
    await files.close();
  }
}

async function jsonIn(folder: string, name: string): Promise<unknown> {
  const text = await readFile(path.join(folder, name), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    // No JSON tells nothing: whoever asked says what the folder lacks.
    return name === 'config.json' ? undefined : null;
  }
}
