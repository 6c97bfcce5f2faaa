/** A published graph model (audio to notes) through `inference/run`, held against the package that publishes it. */
import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs';
import { BasicPitch } from '@spotify/basic-pitch';
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readWav } from '../../ml/audio/wav';
import { writeWav } from '../../ml/audio/wavWriter';
import { inferenceRun } from '../../protocol/api/inference';
import { modelsImport } from '../../protocol/api/models';
import type { InferenceParams } from '../../protocol/model/inference';
import { runsHere } from '../../protocol/model/hubModel';
import { startBackend, type Backend } from './backend';

const published = path.join(
  path.dirname(createRequire(import.meta.url).resolve('@spotify/basic-pitch/package.json')),
  'model',
);
const rate = 22_050;
/** The package's own: windows of 43 844 samples, 30 frames of which overlap. */
const audio = { sampleRate: rate, window: { hop: 36_164 } };

const outputs = z.array(
  z.object({ name: z.string(), dtype: z.string(), shape: z.array(z.number()), data: z.array(z.number()) }),
);

let folder: string;
let wav: string;
let samples: Float32Array;
let backend: Backend;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-نت-'));
  wav = path.join(folder, 'ملودی.wav');
  await writeFile(wav, writeWav({ sampleRate: rate, channels: [melody()] }));
  samples = readWav(await readFile(wav)).channels[0] ?? new Float32Array();
  backend = await startBackend();
});
afterAll(async () => {
  await backend.dispose();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** Six notes of half a second, each with overtones, a chord at the end. */
function melody(): Float32Array {
  const notes = [[60], [62], [64], [67], [72], [60, 64, 67]];
  const length = rate / 2;
  const sound = new Float32Array(notes.length * length);
  notes.forEach((chord, n) => {
    for (let i = 0; i < length; i++) {
      const envelope = Math.min(1, i / 400) * Math.exp((-3 * i) / length);
      for (const note of chord) {
        const phase = (2 * Math.PI * 440 * 2 ** ((note - 69) / 12) * i) / rate;
        const tone = Math.sin(phase) + 0.4 * Math.sin(2 * phase) + 0.2 * Math.sin(3 * phase);
        sound[n * length + i] = (sound[n * length + i] ?? 0) + 0.2 * envelope * tone;
      }
    }
  });
  return sound;
}

const run = (params: Omit<InferenceParams, 'modelPath'>, modelPath = published) =>
  backend.call(inferenceRun, { engine: 'wasm', modelPath, ...params });

async function byThePackage(): Promise<Record<'contours' | 'notes' | 'onsets', number[][]>> {
  await tf.setBackend('wasm');
  const json = JSON.parse(await readFile(path.join(published, 'model.json'), 'utf8')) as tf.io.ModelJSON;
  const bytes = await readFile(path.join(published, json.weightsManifest[0]?.paths[0] ?? ''));
  const model = tf.loadGraphModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
      weightData: new Uint8Array(bytes).buffer,
    }),
  );
  const all = { contours: [], notes: [], onsets: [] } as Record<'contours' | 'notes' | 'onsets', number[][]>;
  await new BasicPitch(model).evaluateModel(
    samples,
    (frames, onsets, contours) => {
      all.notes.push(...frames);
      all.onsets.push(...onsets);
      all.contours.push(...contours);
    },
    () => undefined,
  );
  return all;
}

describe('@spotify/basic-pitch', { timeout: 120_000 }, () => {
  it('hears the same notes here as in its own package', async () => {
    const wanted = await byThePackage();
    for (const engine of ['wasm', 'auto'] as const) {
      const { task, output, timings } = await run({
        engine,
        input: { audioPath: wav },
        parameters: { audio },
      });
      expect(task).toBe('graph-model');
      expect(timings.audioSeconds).toBeCloseTo(3, 3);
      const answers = outputs.parse(output.values);
      expect(answers.map(({ name }) => name)).toEqual(['contour', 'Identity_1:0', 'Identity_2:0']);
      const pairs = [wanted.contours, wanted.notes, wanted.onsets] as const;
      pairs.forEach((rows, i) => {
        const { shape, data } = answers[i] ?? { shape: [], data: [] };
        const [, frames = 0, width = 0] = shape;
        expect(width).toBe([264, 88, 88][i]);
        // The package counts 86 frames a second; the model makes a little more, and here they all stay.
        expect(frames).toBeGreaterThanOrEqual(rows.length);
        expect(frames).toBeLessThan(rows.length * 1.02);
        const apart = rows.flat().reduce((most, x, at) => Math.max(most, Math.abs(x - (data[at] ?? NaN))), 0);
        expect(apart).toBeLessThan(2e-4);
      });
      expect(Math.max(...wanted.notes.flat())).toBeGreaterThan(0.5);
    }
  });

  it('takes samples as they are', async () => {
    const values = { input_2: { shape: [1, 43_844, 1], data: Array.from(samples.subarray(0, 43_844)) } };
    const answers = outputs.parse((await run({ input: { values } })).output.values);
    expect(answers.map(({ shape }) => shape)).toEqual([
      [1, 172, 264],
      [1, 172, 88],
      [1, 172, 88],
    ]);
  });

  it.each<[object, string]>([
    [{}, 'parameters.audio'],
    [{ audio: {} }, 'sampleRate'],
    [{ audio: { ...audio, mel: 3 } }, 'mel'],
    [{ audio: { ...audio, features: 'logMel' } }, 'frames of 64 numbers do not fit'],
    [{ audio: { ...audio, input: 'ورودی' } }, 'its inputs are input_2'],
    [{ audio, more: 1 }, 'more'],
  ])('refuses the parameters %j', async (parameters, named) => {
    await expect(run({ input: { audioPath: wav }, parameters: { ...parameters } })).rejects.toMatchObject({
      kind: 'inference.invalidInput',
      message: expect.stringContaining(named) as string,
    });
  });

  it('is a graph model that runs, in the library; a damaged one says what is wrong', async () => {
    const mine = path.join(folder, 'گراف');
    await cp(published, mine, { recursive: true });
    const model = await backend.call(modelsImport, { path: mine });
    expect([model.architecture, model.format]).toEqual(['tf.js graph model', 'tfjs']);
    expect(runsHere.parse(model.metadata['runsHere'])).toMatchObject({ verdict: 'yes', engine: 'tf.js' });
    const weights = path.join(mine, 'group1-shard1of1.bin');
    await truncate(weights, 700_000);
    const broken = { kind: 'model.corrupt', message: expect.stringContaining('700000') as string };
    await expect(run({ input: { audioPath: wav }, parameters: { audio } }, mine)).rejects.toMatchObject(
      broken,
    );
    await rm(weights);
    await expect(run({ input: { audioPath: wav }, parameters: { audio } }, mine)).rejects.toMatchObject({
      kind: 'model.corrupt',
      message: expect.stringContaining('group1-shard1of1.bin') as string,
    });
  });
});

it('drags no second TensorFlow.js into the product', async () => {
  const lock = z
    .object({ packages: z.record(z.string(), z.unknown()) })
    .parse(JSON.parse(await readFile(path.resolve(import.meta.dirname, '../../package-lock.json'), 'utf8')));
  const copies = Object.keys(lock.packages).filter((name) =>
    /node_modules\/@tensorflow\/tfjs(-core)?$/.test(name),
  );
  expect(copies.sort()).toEqual(['node_modules/@tensorflow/tfjs', 'node_modules/@tensorflow/tfjs-core']);
});
