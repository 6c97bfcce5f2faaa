import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../../scripts/lib/project.mjs';
import { bundle } from '../lib/bundle.mjs';

const parts = [
  'ml/audio/audioData',
  'ml/audio/resample',
  'ml/audio/wav',
  'ml/audio/wavWriter',
  'ml/generation/random',
  'ml/metrics/editDistance',
  'ml/metrics/melCepstralDistortion',
  'ml/speech/transcript',
  'ml/trained/load',
  'ml/voice/features',
  'ml/voice/lexicon',
  'ml/voice/phonemes',
  'ml/voice/reading',
  'ml/voice/symbols',
  'ml/voice/vocoder',
  'backend/plugins/text-to-speech/batches',
  'backend/plugins/text-to-speech/network',
  'backend/sdk/modelFiles',
];

/** The product's own code, which a voice is measured with, on tf.js's plain CPU engine. */
export async function loadLibrary() {
  const folder = await mkdtemp(path.join(tmpdir(), 'goya-bench-voice-'));
  try {
    const entry = path.join(folder, 'library.ts');
    const out = path.join(folder, 'library.mjs');
    const own = parts.map((part) => `export * from ${JSON.stringify(path.join(root, part))};`);
    const engine = JSON.stringify(path.join(root, 'node_modules/@tensorflow/tfjs-backend-cpu'));
    await writeFile(entry, [...own, `export { MathBackendCPU } from ${engine};`].join('\n'));
    await bundle(entry, out);
    const library = await import(pathToFileURL(out).href);
    const atRate = (samples, rate, wanted) =>
      rate === wanted ? samples : library.resample(samples, rate, wanted);
    return { ...library, atRate };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
