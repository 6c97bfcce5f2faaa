// What models with layers of their own ship beside model.json: a plugin's runtime.ts as one file that takes the tf.js of
// whoever loads it, so that there is one copy of tf.js however the program got it.
import { build } from 'esbuild';

/** Keeps tf.js out: the program's own answers for all its packages. */
const givenTf = {
  name: 'given-tf',
  setup: ({ onResolve }) => onResolve({ filter: /^@tensorflow\// }, ({ path }) => ({ path, external: true })),
};

const phonemeUsage = [
  '// The layers of this model, and words to phonemes. With tf.js alone:',
  "//   import * as tf from '@tensorflow/tfjs';",
  "//   import { register } from './runtime.mjs';",
  '//   const { phonemizeWords } = register(tf);            // before tf.loadLayersModel',
  '//   const model = await tf.loadLayersModel(url);        // …/model.json',
  '//   const { labels, preprocessing } = goya;             // …/goya.json, parsed',
  "//   await phonemizeWords({ model, labels, preprocessing }, ['سلام', 'دنیا']);",
].join('\n');

const speechUsage = [
  '// The layers of this model, and sound to text. With tf.js alone:',
  "//   import * as tf from '@tensorflow/tfjs';",
  "//   import { register } from './runtime.mjs';",
  '//   const { transcribeSpeech, CharacterPrior } = register(tf);   // before tf.loadLayersModel',
  '//   const model = await tf.loadLayersModel(url);                 // …/model.json',
  '//   const prior = CharacterPrior.fromFile(json);                 // …/prior.json, parsed; none without one',
  '//   await transcribeSpeech({ model, metadata: goya, prior }, samples, rate);   // …/goya.json, parsed',
].join('\n');

const voiceUsage = [
  '// The layers of this voice, and text to sound. With tf.js alone:',
  "//   import * as tf from '@tensorflow/tfjs';",
  "//   import { register } from './runtime.mjs';",
  '//   const { loadVoice, writeWav } = register(tf);',
  '//   const voice = await loadVoice({ read: async (name) => bytes });   // files of this folder; undefined where there is none',
  "//   for await (const samples of voice.speak('سلام')) play(samples, voice.sampleRate);   // a sentence at a time, −1..1",
  "//   writeWav({ sampleRate: voice.sampleRate, channels: [samples] }, 'pcm16');          // the bytes of a file",
].join('\n');

/** By the plugin's id. */
const usages = { 'speech-recognition': speechUsage, 'text-to-speech': voiceUsage };

/** The text of a plugin's `runtime.mjs`. */
export function buildPluginRuntime(root, id) {
  return buildRuntime(root, `backend/plugins/${id}/runtime.ts`, usages[id]);
}

const head = (usage) => `${usage}
export function register(tf) {
  const module = { exports: {} };
  const require = () => tf;
`;
/** Where tf.js is already there, as `globalThis.tf` or as a package, the layers are registered at once. */
const tail = `
  return module.exports;
}
const found = globalThis.tf ?? (await import('@tensorflow/tfjs').catch(() => undefined));
if (found !== undefined) register(found);
`;

const modelUsage = [
  '// Models as people publish them (VITS, Wav2Vec2, Whisper, GPT-2, BERT) on any tf.js. With tf.js alone:',
  "//   import * as tf from '@tensorflow/tfjs';",
  "//   import { register } from './models.mjs';",
  '//   const { loadPublished } = register(tf);',
  '//   const model = await loadPublished({ open: async (name) => ({ name, size, read: async (start, end) => bytes }) });',
].join('\n');

/** The text of `models.mjs`, which the playground's programs use. */
export function buildModels(root) {
  return buildRuntime(root, 'ml/published/runtime.ts', modelUsage, '\n  return module.exports;\n}\n');
}

async function buildRuntime(root, entry, usage = phonemeUsage, end = tail) {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'neutral',
    mainFields: ['module', 'main'],
    target: 'es2022',
    minifySyntax: true,
    legalComments: 'none',
    plugins: [givenTf],
    logLevel: 'warning',
  });
  return `${head(usage)}${outputFiles[0].text}${end}`;
}
