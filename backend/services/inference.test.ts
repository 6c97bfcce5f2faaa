import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { input, layers, model as functional, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import { audioFrames } from '../../ml/trained/audioFeatures';
import type { Preprocessing } from '../../ml/trained/metadata';
import type { InferenceParams } from '../../protocol/model/inference';
import { silent } from '../../tests/fixtures/databases';
import { eventually } from '../../tests/fixtures/eventually';
import { bundleTrainer, type TrainerBundle } from '../../tests/fixtures/trainerBundle';
import { modelFiles } from '../training/modelFiles';
import { InferenceService } from './inference';

let bundle: TrainerBundle;
let folder: string;
let service: InferenceService;

beforeAll(async () => {
  await tf.setBackend('cpu');
  bundle = await bundleTrainer([]);
}, 60_000);
afterAll(() => bundle.remove());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-inference-'));
  service = make();
});
afterEach(async () => {
  await service.close();
  await rm(folder, { recursive: true, force: true });
});

const make = (more: object = {}): InferenceService =>
  new InferenceService({
    log: silent,
    storagePath: folder,
    settings: () => ({ training: { engine: 'cpu' } }),
    runtimes: { detect: () => Promise.resolve(undefined) },
    entry: bundle.inferenceEntry,
    ...more,
  });

const run = (params: InferenceParams, signal = new AbortController().signal) => service.run(params, signal);

async function save(name: string, model: LayersModel, preprocessing?: Preprocessing): Promise<string> {
  const target = path.join(folder, name);
  await mkdir(target, { recursive: true });
  const files = await modelFiles(model);
  await writeFile(path.join(target, 'model.json'), files.modelJson);
  await writeFile(path.join(target, 'weights.bin'), files.weights);
  if (preprocessing !== undefined) {
    const metadata = {
      formatVersion: 1,
      task: preprocessing.kind === 'tabular' ? 'tabular-classification' : 'audio-classification',
      name,
      labels: ['a', 'b'],
      preprocessing,
      metrics: {},
      engine: { name: 'cpu' },
      createdAt: '2026-01-01T00:00:00Z',
      configHash: '',
    };
    await writeFile(path.join(target, 'goya.json'), JSON.stringify(metadata));
  }
  return target;
}

/** Probability of `b` is sigmoid(2 · (x − 5) / 2), by hand. */
async function table(): Promise<string> {
  const model = sequential({ layers: [layers.dense({ inputShape: [1], units: 2, activation: 'softmax' })] });
  model.setWeights([tf.tensor2d([[0, 2]]), tf.tensor1d([0, 0])]);
  return save('table', model, {
    kind: 'tabular',
    columns: [{ name: 'x', kind: 'numeric', mean: 5, std: 2 }],
  });
}

describe('trained models', () => {
  it('classifies a row, and a list of rows', async () => {
    const modelPath = await table();
    const one = await run({ modelPath, input: { values: { x: 9 } } });
    expect(one).toMatchObject({ task: 'tabular-classification', engine: 'cpu' });
    expect(one.output.labels?.map(({ label }) => label)).toEqual(['b', 'a']);
    expect(one.output.labels?.[0]?.score).toBeCloseTo(1 / (1 + Math.exp(-4)), 5);
    expect(one.timings.loadMs).toBeGreaterThan(0);
    const many = await run({
      modelPath: path.join(modelPath, 'model.json'),
      input: { values: [{ x: 1 }, { x: '۹' }] },
    });
    expect(many.output.labels?.[0]?.label).toBe('a');
    expect((many.output.values as { label: string }[][]).map((row) => row[0]?.label)).toEqual(['a', 'b']);
    expect(many.timings.loadMs).toBeLessThan(one.timings.loadMs);
  });

  it('reads a replaced model anew', async () => {
    const modelPath = await table();
    await run({ modelPath, input: { values: { x: 9 } } });
    const model = sequential({
      layers: [layers.dense({ inputShape: [1], units: 2, activation: 'softmax' })],
    });
    model.setWeights([tf.tensor2d([[0, -2]]), tf.tensor1d([0, 0])]);
    await save('table', model);
    expect((await run({ modelPath, input: { values: { x: 9 } } })).output.labels?.[0]?.label).toBe('a');
  });

  it('listens to a wav file', async () => {
    const preprocessing: Extract<Preprocessing, { kind: 'audio' }> = {
      kind: 'audio',
      sampleRate: 8000,
      seconds: 0.5,
      nFft: 256,
      hop: 128,
      mels: 8,
      fMin: 0,
      fMax: 4000,
      floor: 1e-4,
      peak: 0.7,
      mean: new Array<number>(8).fill(0),
      std: new Array<number>(8).fill(1),
    };
    const shape = [audioFrames(preprocessing), 8, 1];
    const model = sequential({
      layers: [layers.flatten({ inputShape: shape }), layers.dense({ units: 2, activation: 'softmax' })],
    });
    const modelPath = await save('audio', model, preprocessing);
    const audioPath = path.join(folder, 'tone.wav');
    const samples = Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 5) / 2);
    await writeFile(audioPath, writeWav({ sampleRate: 16_000, channels: [samples] }));
    const { output, timings } = await run({ modelPath, input: { audioPath } });
    expect(output.labels?.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 5);
    expect(timings.audioSeconds).toBe(1);

    await expect(run({ modelPath, input: { audioPath: '' } })).rejects.toMatchObject({
      kind: 'inference.invalidInput',
      message: expect.stringContaining('input.audioPath is empty') as string,
    });
    await writeFile(audioPath, 'no sound at all');
    await expect(run({ modelPath, input: { audioPath } })).rejects.toMatchObject({
      kind: 'dataset.unsupported',
    });
    await expect(run({ modelPath, input: { audioPath: '/nowhere.wav' } })).rejects.toMatchObject({
      kind: 'dataset.notFound',
      message: expect.stringContaining('/nowhere.wav') as string,
    });
    await expect(run({ modelPath, input: {} })).rejects.toMatchObject({ kind: 'inference.invalidInput' });
  });

  it.each<[string, InferenceParams['input'], RegExp]>([
    ['no values', {}, /needs input\.values.*columns x/],
    ['a missing column', { values: { y: 1 } }, /"x" needs a number/],
    ['text for a number', { values: { x: 'nine' } }, /"x" needs a number.*nine/],
    ['an empty list', { values: [] }, /needs input\.values/],
  ])('says what is wrong with %s', async (_name, given, message) => {
    await expect(run({ modelPath: await table(), input: given })).rejects.toMatchObject({
      kind: 'inference.invalidInput',
      message: expect.stringMatching(message) as string,
    });
  });

  it('refuses another task', async () => {
    await expect(run({ modelPath: await table(), task: 'text-to-speech', input: {} })).rejects.toMatchObject({
      kind: 'model.unsupported',
    });
  });
});

describe('bare models', () => {
  it('takes and gives tensors, as tf.js does', async () => {
    const model = sequential({ layers: [layers.dense({ inputShape: [3], units: 2, activation: 'tanh' })] });
    const expected = model.predict(tf.tensor2d([[1, 2, 3]])) as tf.Tensor;
    const modelPath = await save('bare', model);
    const { output, task } = await run({ modelPath, input: { values: { shape: [1, 3], data: [1, 2, 3] } } });
    const { shape, data } = output.values as { shape: number[]; data: number[] };
    expect(task).toBe('layers-model');
    expect(shape).toEqual([1, 2]);
    expected.dataSync().forEach((value, i) => expect(data[i]).toBeCloseTo(value, 5));
  });

  it('takes several inputs by name or in order', async () => {
    const [left, right] = [input({ shape: [2], name: 'left' }), input({ shape: [2], name: 'right' })];
    const sum = layers.add().apply([left, right]) as typeof left;
    const modelPath = await save('two', functional({ inputs: [left, right], outputs: sum }));
    const a = { shape: [1, 2], data: [1, 2] };
    const b = { shape: [1, 2], data: [10, 20] };
    for (const values of [[a, b], { right: b, left: a }]) {
      expect((await run({ modelPath, input: { values } })).output.values).toMatchObject({
        shape: [1, 2],
        data: [11, 22],
      });
    }
    await expect(run({ modelPath, input: { values: a } })).rejects.toMatchObject({
      kind: 'inference.invalidInput',
      message: expect.stringMatching(/2 inputs \(left, right\)/) as string,
    });
    const short = { shape: [1, 2], data: [1] };
    await expect(run({ modelPath, input: { values: [a, short] } })).rejects.toMatchObject({
      kind: 'inference.invalidInput',
      message: expect.stringMatching(/needs 2 numbers, but has 1/) as string,
    });
  });
});

describe('models that cannot be run', () => {
  it('names each', async () => {
    await expect(run({ modelPath: path.join(folder, 'void'), input: {} })).rejects.toMatchObject({
      kind: 'model.notFound',
    });
    await mkdir(path.join(folder, 'empty'));
    await expect(run({ modelPath: path.join(folder, 'empty'), input: {} })).rejects.toMatchObject({
      kind: 'model.unsupported',
    });
    const modelPath = await table();
    await writeFile(path.join(modelPath, 'weights.bin'), new Uint8Array(3));
    await expect(run({ modelPath, input: { values: { x: 1 } } })).rejects.toMatchObject({
      kind: 'model.corrupt',
      message: expect.stringContaining(modelPath) as string,
    });
    await writeFile(path.join(modelPath, 'goya.json'), '{');
    await expect(run({ modelPath, input: { values: { x: 1 } } })).rejects.toMatchObject({
      kind: 'model.corrupt',
    });
  });
});

describe('the process', () => {
  /** A model whose one run takes far longer than a test. */
  async function slow(): Promise<InferenceParams> {
    const model = sequential({
      layers: [layers.conv2d({ inputShape: [512, 512, 16], filters: 64, kernelSize: 9 })],
    });
    const data = new Array<number>(512 * 512 * 16).fill(0);
    return { modelPath: await save('slow', model), input: { values: { shape: [1, 512, 512, 16], data } } };
  }
  const pid = (): number | undefined =>
    (service as unknown as { process?: { child: { pid?: number } } }).process?.child.pid;
  const isAlive = (id: number): boolean => {
    try {
      return process.kill(id, 0);
    } catch {
      return false;
    }
  };

  it('is ended when the answer is no longer wanted, and the next request gets a new one', async () => {
    const abort = new AbortController();
    const answer = run(await slow(), abort.signal);
    const first = await eventually(() => pid() ?? false);
    abort.abort();
    await expect(answer).rejects.toMatchObject({ kind: 'cancelled' });
    await eventually(() => !isAlive(first));
    expect((await run({ modelPath: await table(), input: { values: { x: 1 } } })).output.labels).toHaveLength(
      2,
    );
  });

  it('is ended when a model takes too long', async () => {
    service = make({ timeoutMs: 300 });
    await expect(run(await slow())).rejects.toMatchObject({
      kind: 'cancelled',
      message: expect.stringMatching(/no answer within 0\.3 s/) as string,
    });
  });

  it('gives its memory back when nobody asks any more', async () => {
    service = make({ idleMs: 50 });
    await run({ modelPath: await table(), input: { values: { x: 1 } } });
    const id = pid() ?? 0;
    await eventually(() => !isAlive(id));
  });

  it('that dies rejects what it was asked, and only that', async () => {
    const answer = run(await slow());
    const id = await eventually(() => pid() ?? false);
    process.kill(id, 'SIGKILL');
    await expect(answer).rejects.toMatchObject({
      kind: 'internal',
      message: expect.stringMatching(/SIGKILL/) as string,
    });
    await run({ modelPath: await table(), input: { values: { x: 1 } } });
  });
});
