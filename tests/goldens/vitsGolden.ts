import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { z } from 'zod';
import { vitsConfig } from '../../ml/models/vits/config';
import { Vits } from '../../ml/models/vits/model';
import { splineAt } from '../../ml/models/vits/spline';
import { VitsTokenizer } from '../../ml/models/vits/tokenizer';
import { openWeightFile } from '../../ml/weights/open';
import type { Weights } from '../../ml/weights/weights';
import { isModel, type GoldenCase, type GoldenFamily } from './goldenCase';

const oneCase = z.looseObject({
  text: z.string().optional(),
  speaking_rate: z.number().optional(),
  noise_scale: z.number().optional(),
  noise_scale_duration: z.number().optional(),
  speaker_id: z.number().nullish(),
});
type Case = z.infer<typeof oneCase>;

const splineCase = z.looseObject({
  tail_bound: z.number(),
  bins: z.number(),
  min_bin_width: z.number().optional(),
  min_bin_height: z.number().optional(),
  min_derivative: z.number().optional(),
});

async function run(golden: GoldenCase): Promise<void> {
  const cases = golden.given('cases', z.record(z.string(), oneCase)) ?? {};
  const tokenizer = await goldenVitsTokenizer(golden);
  if (tokenizer !== undefined) tokenizerCases(golden, tokenizer, cases);
  await spline(golden);
  const model = await Vits.load(await golden.weights(), vitsConfig(golden.config));
  const waves = new Map<string, Float32Array>();
  try {
    for (const [name, one] of Object.entries(cases)) waves.set(name, await speak(golden, model, name, one));
  } finally {
    model.dispose();
  }
  await otherWeights(golden, cases, waves);
}

async function goldenVitsTokenizer(golden: GoldenCase): Promise<VitsTokenizer | undefined> {
  const vocabulary = await golden.json('vocab.json');
  if (vocabulary === undefined) return undefined;
  const config = await golden.json('tokenizer_config.json');
  return VitsTokenizer.fromFiles({ vocabulary, config, added: await golden.json('added_tokens.json') });
}

function tokenizerCases(golden: GoldenCase, tokenizer: VitsTokenizer, cases: Record<string, Case>): void {
  const texts = golden.given('tokenizer_cases', z.array(z.looseObject({ text: z.string() }))) ?? [];
  if (texts.length > 0) {
    golden.putText(
      'tokenizer_cases',
      texts.map(({ text, ...more }) => ({
        text,
        ...('normalized' in more ? { normalized: tokenizer.normalize(text) } : {}),
        ids: tokenizer.encode(text),
      })),
    );
  }
  for (const [name, { text, input_ids: ids }] of Object.entries(cases)) {
    if (text === undefined || !Array.isArray(ids)) continue;
    const own = tokenizer.encode(text);
    const same = own.join() === ids.join();
    golden.remark(`${name}: the text has ${same ? 'the same' : 'other'} ids (${own.length})`, !same);
  }
}

/** One utterance, step by step, each step put down. */
async function speak(golden: GoldenCase, model: Vits, name: string, one: Case): Promise<Float32Array> {
  const ids = await golden.inputIds(`${name}/input_ids.npy`);
  const put = async (file: string, x: tf.Tensor, shape: number[]): Promise<void> =>
    golden.put(`${name}/${file}.npy`, (await x.data<'float32'>()).slice(), shape);
  const { channels } = model.config.flow;
  const speaker = model.speaker(one.speaker_id ?? undefined);
  const prior = model.encode(ids);
  await put('last_hidden_state', prior.hidden, [1, ...prior.hidden.shape]);
  await put('prior_means', prior.means, [1, ...prior.means.shape]);
  await put('prior_log_variances', prior.logVariances, [1, ...prior.logVariances.shape]);
  const durationNoise = await noise(golden, `${name}/noise_duration.npy`, one.noise_scale_duration);
  const logs = await model.logDurations(prior.hidden, speaker, durationNoise);
  golden.put(`${name}/log_duration.npy`, logs, [1, 1, ids.length]);
  const frames = model.frames(logs, one.speaking_rate);
  golden.put(`${name}/durations.npy`, frames, [1, 1, ids.length]);
  const byChannel = await noise(golden, `${name}/noise_prior.npy`, one.noise_scale);
  const latents = model.expand(
    prior,
    frames,
    byChannel && ((count) => transposed(byChannel, channels, count)),
  );
  const z = model.flow(latents, speaker);
  for (const [file, x] of [
    ['prior_latents', latents],
    ['z', z],
  ] as const) {
    const swapped = tf.tidy(() => tf.transpose(x, [0, 1, 3, 2]));
    await put(file, swapped, [1, channels, x.shape[2]]);
    swapped.dispose();
  }
  const wave = model.decode(z, speaker);
  const samples = (await wave.data<'float32'>()).slice();
  golden.put(`${name}/waveform.npy`, samples, wave.shape);
  tf.dispose([prior.hidden, prior.means, prior.logVariances, latents, z, wave, speaker ?? []]);
  return samples;
}

async function noise(golden: GoldenCase, file: string, scale = 0): Promise<Float32Array | undefined> {
  if (!golden.hasInput(file)) return undefined;
  return Float32Array.from((await golden.input(file)).data, (one) => one * scale);
}

/** `[rows, columns]` → `[columns, rows]` */
function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  return Float32Array.from(x, (_, i) => x[(i % rows) * columns + Math.floor(i / rows)] ?? NaN);
}

async function spline(golden: GoldenCase): Promise<void> {
  const given = golden.given('spline', splineCase);
  if (given === undefined || !golden.hasInput('spline/x.npy')) return;
  const { data, shape } = await golden.input('spline/x.npy');
  const bins = given.bins;
  const parts: { readonly values: ArrayLike<number>; readonly size: number }[] = [];
  for (const [part, size] of [
    ['widths', bins],
    ['heights', bins],
    ['derivatives', bins - 1],
  ] as const)
    parts.push({ values: (await golden.input(`spline/unnormalized_${part}.npy`)).data, size });
  for (const reverse of [false, true]) {
    const points = Array.from(data, (x, i) => {
      const own = parts.flatMap(({ values, size }) =>
        Array.from({ length: size }, (_, j) => values[i * size + j] ?? NaN),
      );
      const least = {
        leastWidth: given.min_bin_width ?? 1e-3,
        leastHeight: given.min_bin_height ?? 1e-3,
        leastDerivative: given.min_derivative ?? 1e-3,
      };
      return splineAt(x, own, { bins, tail: given.tail_bound, ...least }, reverse);
    });
    const ending = `reverse_${reverse ? 1 : 0}.npy`;
    golden.put(
      `spline/y_${ending}`,
      Float32Array.from(points, ({ value }) => value),
      shape,
    );
    golden.put(
      `spline/logabsdet_${ending}`,
      Float32Array.from(points, (point) => point.logDerivative),
      shape,
    );
  }
}

/** Files in `alt/` hold some of the same weights in another form: what is spoken with them must be the same. */
async function otherWeights(
  golden: GoldenCase,
  cases: Record<string, Case>,
  waves: ReadonlyMap<string, Float32Array>,
): Promise<void> {
  const listed = await readdir(path.join(golden.path, 'alt')).catch(() => []);
  const files = listed.filter((file) => /\.(safetensors|bin|pth|pt)$/.test(file));
  const [name, one] = Object.entries(cases)[0] ?? [];
  if (name === undefined || one === undefined) return;
  for (const file of files) {
    const other = await openWeightFile(golden.folder, `alt/${file}`);
    const model = await Vits.load(layered(other, await golden.weights()), vitsConfig(golden.config));
    try {
      const samples = await speak(golden, model, name, one);
      const before = waves.get(name) ?? samples;
      const difference = samples.reduce((most, x, i) => Math.max(most, Math.abs(x - (before[i] ?? NaN))), 0);
      golden.remark(
        `${name} with alt/${file}: differs by ${difference.toExponential(2)}`,
        !(difference < 1e-5),
      );
    } finally {
      model.dispose();
    }
  }
}

/** Layers that `over` has, in whatever form, hide those of `under`. */
function layered(over: Weights, under: Weights): Weights {
  const layer = (name: string): string =>
    name.replace(/\.(weight(_[gv])?|parametrizations\.weight\.original[01])$/, '');
  const hidden = new Set(over.names().map(layer));
  const of = (name: string): Weights => (over.has(name) ? over : under);
  return {
    names: () => [...new Set([...over.names(), ...under.names()])],
    has: (name) => over.has(name) || (under.has(name) && !hidden.has(layer(name))),
    info: (name) => of(name).info(name),
    read: (name) => of(name).read(name),
    load: (name) => of(name).load(name),
  };
}

export const vitsGolden: GoldenFamily = {
  name: 'vits',
  matches: (golden) => isModel(golden, 'vits', /^VitsModel/),
  run,
};
