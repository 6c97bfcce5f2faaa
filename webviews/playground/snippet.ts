/**
 * "View code": a program that runs the same model on the same input with plain TensorFlow.js and gets the same
 * numbers. A test runs what this writes.
 */
import { normalizationSteps } from '../../ml/text/normalize';
import type { TrainedMetadata } from '../../ml/trained/metadata';
import { bareSnippet, type BareSnippetInput } from './bare/bareSnippet';
import type { Platform } from './platform';
import { audioFunctions } from './snippetAudio';
import { speechBody } from './snippetSpeech';
import { voiceSnippet, type VoiceSnippetInput } from './snippetVoice';
import { textBody, textFunctions } from './snippetText';

export type SnippetInput =
  | { readonly kind: 'tabular'; readonly row: Readonly<Record<string, unknown>> }
  | { readonly kind: 'audio'; readonly file: string }
  | { readonly kind: 'text' | 'graphemes'; readonly text: string }
  | VoiceSnippetInput
  | BareSnippetInput;

export interface SnippetOptions {
  readonly platform: Platform;
  /** Path of the model's folder. */
  readonly folder: string;
  readonly metadata: TrainedMetadata | undefined;
  readonly input: SnippetInput;
}

export function snippet(options: SnippetOptions): string {
  const { metadata, input } = options;
  if (input.kind === 'bare') return bareSnippet(options.platform, options.folder, input);
  if (input.kind === 'voice') return voiceSnippet(options, input);
  const { preprocessing, labels } = metadata ?? {};
  const parts = [headFor(options)];
  if (preprocessing?.kind === 'tabular' && input.kind === 'tabular') {
    parts.push(
      constant('labels', labels),
      constant('columns', preprocessing.columns),
      constant('row', input.row),
    );
    parts.push(tabularBody, metadata?.answers === 'values' ? amounts : answer);
  } else if (preprocessing?.kind === 'audio' && input.kind === 'audio') {
    parts.push(constant('labels', labels), constant('audio', preprocessing));
    parts.push(constant('file', input.file), audioFunctions, audioBody(options.platform), answer);
  } else if (preprocessing?.kind === 'speech' && input.kind === 'audio') {
    parts.push(constant('labels', labels), constant('audio', preprocessing));
    parts.push(constant('file', input.file), audioFunctions, speechBody(options.platform));
  } else if (preprocessing?.kind === 'graphemes' && input.kind === 'graphemes') {
    parts.push(
      constant('labels', labels),
      constant('preprocessing', preprocessing),
      constant('text', input.text),
    );
    parts.push(graphemeBody);
  } else if (preprocessing?.kind === 'text' && input.kind === 'text') {
    const steps = normalizationSteps(preprocessing.normalization);
    parts.push(
      constant('labels', labels),
      constant('steps', steps),
      constant('preprocessing', preprocessing),
    );
    parts.push(constant('text', input.text), textFunctions, textBody, answer);
  }
  return parts.join('\n');
}

function constant(name: string, value: unknown): string {
  return `const ${name} = ${JSON.stringify(value)};`;
}

function head({ platform, folder, metadata }: SnippetOptions): string {
  const title = metadata === undefined ? 'the model' : JSON.stringify(metadata.name);
  // Windows takes forward slashes as well, and they need no escaping.
  const base = folder.replaceAll('\\', '/').replace(/\/*$/, '/');
  if (platform === 'web')
    return `// Runs ${title} in a web page: npm install @tensorflow/tfjs, and serve the model's folder.
import * as tf from '@tensorflow/tfjs';

const folder = '/model/'; // where your page finds model.json
const model = await tf.loadLayersModel(folder + 'model.json');
`;
  return `// Runs ${title} in Node: npm install @tensorflow/tfjs, save as run.mjs, node run.mjs
import * as tf from '@tensorflow/tfjs';
import { readFile } from 'node:fs/promises';

const folder = ${JSON.stringify(base)};
const json = JSON.parse(await readFile(folder + 'model.json', 'utf8'));
const files = json.weightsManifest.flatMap((group) => group.paths);
const weights = await Promise.all(files.map((name) => readFile(folder + name)));
const model = await tf.loadLayersModel(
  tf.io.fromMemory({
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
    weightData: await new Blob(weights).arrayBuffer(),
  }),
);
`;
}

/** Layers of its own, from the file beside it, must be known before the model is loaded. */
function headFor(options: SnippetOptions): string {
  const kind = options.metadata?.preprocessing.kind;
  if (kind === 'graphemes') return withLayers(options, 'phonemizeWords, wordsOf');
  if (kind === 'speech') return withLayers(options, 'CharacterPrior, transcribeSpeech');
  return head(options);
}

function withLayers(options: SnippetOptions, names: string): string {
  const importRuntime = {
    node: "const { register } = await import(new URL('runtime.mjs', 'file://' + folder).href);",
    web: "const { register } = await import(folder + 'runtime.mjs');",
  }[options.platform];
  return head(options).replace(
    /(const folder = .*\n)/,
    (line) => `${line}${importRuntime}\nconst { ${names} } = register(tf);\n`,
  );
}

const graphemeBody = `
const words = wordsOf(text); // Persian text is normalised first in Goya: ی, ک and digits in their Persian forms
const phonemes = await phonemizeWords({ model, labels, preprocessing }, words);
console.log(JSON.stringify(words.map((word, i) => ({ word, phonemes: phonemes[i] })), null, 2));
`;

const tabularBody = `
const input = columns.flatMap((column) =>
  column.kind === 'numeric'
    ? [(Number(row[column.name]) - column.mean) / column.std]
    : column.values.map((value) => Number(value === row[column.name])),
);
const scores = await model.predict(tf.tensor([input])).data();`;

const answer = `
const result = labels
  .map((label, i) => ({ label, score: scores[i] }))
  .sort((a, b) => b.score - a.score);
console.log(JSON.stringify(result, null, 2));
`;

const amounts = `
console.log(JSON.stringify(Object.fromEntries(labels.map((label, i) => [label, scores[i]])), null, 2));
`;

function audioBody(platform: Platform): string {
  const read =
    platform === 'node' ? 'await readFile(file)' : 'new Uint8Array(await (await fetch(file)).arrayBuffer())';
  return `
const features = logMel(fit(readWav(${read})));
const shape = [1, features.length / audio.mels, audio.mels, 1];
const scores = await model.predict(tf.tensor(features, shape)).data();`;
}
