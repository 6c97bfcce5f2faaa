/** "View code" of a model without metadata: the same tensors in, the same numbers out, with plain TensorFlow.js. */
import type { BareModel } from '../../../ml/bare/bareModel';
import type { AudioParameters, SoundWindows } from '../../../ml/bare/soundWindows';
import { wavFunctions } from '../snippetAudio';

export interface BareSnippetInput {
  readonly kind: 'bare';
  readonly model: Pick<BareModel, 'format' | 'dynamic' | 'inputs'>;
  readonly values: Readonly<
    Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>
  >;
  /** Files of the inputs that were filled with images. */
  readonly images: Readonly<Record<string, string>>;
  readonly sound?: BareSnippetSound;
}

export interface BareSnippetSound {
  readonly file: string;
  readonly parameters: AudioParameters;
  /** How the clip is cut; -1 in the shape is time. */
  readonly windows: Pick<SoundWindows, 'length' | 'hop' | 'lead' | 'shape'> & { readonly whole: boolean };
}

/** Longer lists of numbers are not written into a program. */
const mostWritten = 10_000;

export function bareSnippet(platform: 'node' | 'web', folder: string, input: BareSnippetInput): string {
  const parts = [head(platform, folder, input), tensors(input)];
  if (input.sound === undefined) parts.push(`const outputs = ${call(input)};`);
  else parts.push(sound(platform, input, input.sound));
  parts.push(
    'console.log(JSON.stringify(outputs.map((output) => ({ shape: output.shape, data: [...output.dataSync()] }))));\n',
  );
  return parts.join('\n');
}

function head(platform: 'node' | 'web', folder: string, { model }: BareSnippetInput): string {
  const load = model.format === 'graph' ? 'tf.loadGraphModel' : 'tf.loadLayersModel';
  if (platform === 'web') {
    return `// Runs the model in a web page: npm install @tensorflow/tfjs, and serve the model's folder.
import * as tf from '@tensorflow/tfjs';

const folder = '/model/'; // where your page finds model.json
const model = await ${load}(folder + 'model.json');
`;
  }
  const base = folder.replaceAll('\\', '/').replace(/\/*$/, '/');
  return `// Runs the model in Node: npm install @tensorflow/tfjs, save as run.mjs, node run.mjs
import * as tf from '@tensorflow/tfjs';
import { readFile } from 'node:fs/promises';

const folder = ${JSON.stringify(base)};
const { weightsManifest, ...json } = JSON.parse(await readFile(folder + 'model.json', 'utf8'));
const files = weightsManifest.flatMap((group) => group.paths);
const weights = await Promise.all(files.map((name) => readFile(folder + name)));
const model = await ${load}(
  tf.io.fromMemory({
    ...json,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: await new Blob(weights).arrayBuffer(),
  }),
);
`;
}

function tensors({ model, values, images }: BareSnippetInput): string {
  const lines = model.inputs.flatMap(({ name, dtype }) => {
    const value = values[name];
    if (value === undefined) return [];
    const image = images[name];
    const note =
      image === undefined ? '' : ` // the pixels of ${image.replaceAll('\n', ' ')}, scaled as in the form`;
    return [
      `  ${JSON.stringify(name)}: tf.tensor(${numbers(value.data)}, ${JSON.stringify(value.shape)}, '${dtype}'),${note}`,
    ];
  });
  return `const inputs = {\n${lines.join('\n')}\n};`;
}

function numbers(data: readonly number[]): string {
  const [first = 0] = data;
  if (data.length > 8 && data.every((value) => value === first))
    return `new Float32Array(${data.length}).fill(${first})`;
  if (data.length <= mostWritten) return JSON.stringify(data.map((value) => Number(value.toPrecision(8))));
  return `Float32Array.from({ length: ${data.length} }, Math.random) /* your numbers */`;
}

function call({ model }: BareSnippetInput): string {
  if (model.format === 'layers') {
    const order = JSON.stringify(model.inputs.map(({ name }) => name));
    return `[model.predict(${order}.map((name) => inputs[name]))].flat()`;
  }
  const given = `[${model.dynamic ? 'await model.executeAsync' : 'model.execute'}(inputs)].flat()`;
  return given;
}

function sound(
  platform: 'node' | 'web',
  input: BareSnippetInput,
  { file, parameters, windows }: BareSnippetSound,
): string {
  const {
    features,
    sampleRate,
    nFft,
    hop,
    centre,
    mels,
    fMin,
    fMax = sampleRate / 2,
    scale,
    floor,
  } = parameters;
  const audio =
    features === 'samples'
      ? { sampleRate }
      : { sampleRate, nFft, hop, centre, mels, fMin, fMax, scale, floor };
  const read =
    platform === 'node' ? 'await readFile(file)' : 'new Uint8Array(await (await fetch(file)).arrayBuffer())';
  const name = JSON.stringify(parameters.input ?? input.model.inputs[0]?.name);
  const { whole, shape, ...places } = windows;
  return `
const file = ${JSON.stringify(file)};
const audio = ${JSON.stringify(audio)};
${wavFunctions}
${features === 'samples' ? samplesOf : framesOf(features)}
const { steps, width, data } = stepsOf(readWav(${read}));
const { length, hop, lead } = ${whole ? '{ length: steps, hop: steps, lead: 0 }' : JSON.stringify(places)};
const shape = ${JSON.stringify(shape)}.map((size) => (size === -1 ? length : size)); // -1 is time
const silence = ${features === 'logMel' ? 'Math.log(audio.floor)' : '0'};
const answers = [];
for (let start = -lead; start < ${whole ? '1' : 'Math.max(steps, 1 - lead)'}; start += hop) {
  const rows = Array.from({ length: length * width }, (_, i) => data[start * width + i] ?? silence);
  inputs[${name}] = ${widthFirst(shape, features) ? 'tf.transpose(tf.tensor(rows, [length, width])).reshape(shape)' : "tf.tensor(rows, shape, 'float32')"};
  answers.push(${call(input)});
}
const outputs = answers[0].map((first, i) => {
  const parts = answers.map((outputs) => outputs[i]);
  const [, frames] = first.shape;
  if (${String(!parameters.join)} || first.rank < 3 || first.shape[0] !== 1) return parts.length === 1 ? first : tf.concat(parts.map((part) => (part.rank === 0 ? part.reshape([1]) : part)));
  // What overlaps is cut off again, half at each side, and what lies behind the sound's end.
  const cut = Math.floor(Math.round((frames * (length - hop)) / length) / 2);
  const kept = frames - 2 * cut;
  const begin = lead - Math.floor((length - hop) / 2);
  const total = Math.min(parts.length * kept, Math.max(1, Math.ceil(((steps + begin) * kept) / hop)));
  return parts.length === 1 && lead === 0 ? first : tf.concat(parts.map((part) => part.slice([0, cut], [1, kept])), 1).slice([0, 0], [1, total]);
});`;
}

/** In a shape whose time is marked, the axis before it that is not the batch carries the bands. */
function widthFirst(shape: readonly number[], features: AudioParameters['features']): boolean {
  if (features === 'samples') return false;
  const time = shape.indexOf(-1);
  return shape.slice(time + 1).every((size) => size === 1);
}

const samplesOf = `
const stepsOf = (samples) => ({ steps: samples.length, width: 1, data: samples });`;

function framesOf(features: 'stft' | 'logMel'): string {
  const bands = `
    const melOf = (hz) => audio.scale === 'htk' ? 2595 * Math.log10(1 + hz / 700) : hz < 1000 ? (hz * 3) / 200 : 15 + (Math.log(hz / 1000) * 27) / Math.log(6.4);
    const hzOf = (mel) => audio.scale === 'htk' ? 700 * (10 ** (mel / 2595) - 1) : mel < 15 ? (mel * 200) / 3 : 1000 * Math.exp(((mel - 15) * Math.log(6.4)) / 27);
    const edge = (i) => hzOf(melOf(audio.fMin) + ((melOf(audio.fMax) - melOf(audio.fMin)) * i) / (audio.mels + 1));
    for (let m = 0; m < audio.mels; m++) {
      const [low, top, high] = [edge(m), edge(m + 1), edge(m + 2)];
      const sum = power.reduce((all, energy, k) => {
        const hz = (k * audio.sampleRate) / nFft;
        return all + (Math.max(0, Math.min((hz - low) / (top - low), (high - hz) / (high - top))) * 2 * energy) / (high - low);
      }, 0);
      data.push(Math.log(Math.max(sum, audio.floor)));
    }`;
  return `
/** Frames of a Hann window, ${features === 'stft' ? 'magnitudes' : 'log-mel energies'} of each. */
function stepsOf(samples) {
  const { nFft, hop, centre } = audio;
  const pad = centre ? Math.floor(nFft / 2) : 0;
  const period = Math.max(1, 2 * (samples.length - 1));
  const at = (i) => {
    const folded = ((i % period) + period) % period;
    return samples[folded < samples.length ? folded : period - folded];
  };
  const angle = Float64Array.from({ length: nFft }, (_, i) => (2 * Math.PI * i) / nFft);
  const steps = 1 + Math.floor((samples.length + 2 * pad - nFft) / hop);
  const data = [];
  for (let t = 0; t < steps; t++) {
    const frame = angle.map((a, i) => (0.5 - 0.5 * Math.cos(a)) * at(t * hop + i - pad));
    const power = Array.from({ length: Math.floor(nFft / 2) + 1 }, (_, k) => {
      let [re, im] = [0, 0];
      frame.forEach((value, i) => {
        re += value * Math.cos(angle[(i * k) % nFft]);
        im -= value * Math.sin(angle[(i * k) % nFft]);
      });
      return re ** 2 + im ** 2;
    });${features === 'stft' ? '\n    data.push(...power.map(Math.sqrt));' : bands}
  }
  return { steps, width: data.length / steps, data };
}`;
}
