import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '../../../ml/audio/wavWriter';
import { isStudioError } from '../../../protocol/wire/errors';
import type { ClassificationBatch } from '../../sdk/classification';
import { trainingOptions } from '../../sdk/options';
import { Random } from '../../sdk/random';
import type { TrainingSetup } from '../../sdk/trainingTask';
import { dataOptions, modelOptions } from './config';
import { evenBatches, prepare } from './train';

let root: string;
let realRandom: () => number;

/** Short tones: low and high ones, with changing phase, loudness and noise. */
async function makeTones(): Promise<void> {
  const random = Random.from(1);
  for (const [label, hz] of [
    ['low', 400],
    ['high', 1500],
  ] as const) {
    await mkdir(path.join(root, label), { recursive: true });
    for (let clip = 0; clip < 10; clip++) {
      const [phase, level] = [random.next() * 6, 0.1 + 0.5 * random.next()];
      const tone = (i: number) => level * Math.sin(phase + (i * 2 * Math.PI * hz * (0.9 + clip / 50)) / 8000);
      const samples = Float32Array.from({ length: 1600 }, (_, i) => tone(i) + 0.02 * random.next());
      await writeFile(
        path.join(root, label, `${clip}.wav`),
        writeWav({ sampleRate: 8000, channels: [samples] }),
      );
    }
  }
}

beforeAll(async () => {
  await tf.setBackend('cpu');
  realRandom = Math.random;
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-tones-'));
  await makeTones();
});
afterAll(async () => {
  Math.random = realRandom;
  await rm(root, { recursive: true, force: true });
});

function setup(folder = root): Promise<TrainingSetup<ClassificationBatch>> {
  Math.random = Random.from(11).next;
  return prepare({
    data: dataOptions.parse({
      path: '.',
      validation: 0.2,
      augmentation: { masks: 0, voice: 0.02, noise: 0.3 },
    }),
    model: modelOptions.parse({
      filters: 8,
      blocks: 1,
      dropout: 0,
      seconds: 0.2,
      sampleRate: 8000,
      mels: 12,
    }),
    training: trainingOptions.parse({ batchSize: 6 }),
    resolve: (relative) => path.join(folder, relative),
    cachePath: path.join(folder, 'cache'),
    engine: 'cpu',
    random: Random.from(11),
    signal: new AbortController().signal,
  });
}

/** The trainer's loop in its shortest form; answers the loss of every step. */
function train(trained: TrainingSetup<ClassificationBatch>, epochs: number): number[] {
  const optimizer = tf.train.adam(0.01);
  const losses: number[] = [];
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (const batch of trained.trainBatches(
      epoch,
      Random.from(11, epoch),
    ) as Iterable<ClassificationBatch>) {
      const loss = tf.tidy(() => optimizer.minimize(() => trained.loss(batch).loss, true) ?? tf.scalar(NaN));
      losses.push(loss.dataSync<'float32'>()[0] ?? NaN);
      tf.dispose([batch, loss]);
    }
  }
  optimizer.dispose();
  return losses;
}

describe('prepare', () => {
  it('learns to tell tones apart, and says how to feed the model', async () => {
    const trained = await setup();
    expect(trained.stepsPerEpoch).toBe(3);
    train(trained, 25);
    const { metrics, report } = await trained.evaluate(new AbortController().signal);
    expect(metrics['val_accuracy']).toBe(1);
    expect(report?.confusion).toEqual([
      [2, 0],
      [0, 2],
    ]);
    const metadata = trained.metadata();
    expect(metadata.labels).toEqual(['high', 'low']);
    expect(metadata.preprocessing).toMatchObject({ kind: 'audio', sampleRate: 8000, mels: 12, seconds: 0.2 });
    expect(metadata.dataHash).toMatch(/^[0-9a-f]{64}$/);
    trained.model.dispose();
  });

  it('names the files of its samples and of its mistakes', async () => {
    const trained = await setup();
    const { report } = await trained.evaluate(new AbortController().signal);
    const wrong = report?.confusion?.reduce(
      (sum, row, i) => sum + row.reduce((all, count, j) => all + (i === j ? 0 : count), 0),
      0,
    );
    const mistakes = report?.['mistakes'] as { audioPath: string; label: string; predicted: string }[];
    expect(mistakes).toHaveLength(wrong ?? NaN);
    for (const { audioPath, label, predicted } of mistakes) {
      expect(audioPath).toMatch(new RegExp(`${label}[/\\\\][^/\\\\]+\\.wav$`));
      expect(predicted).not.toBe(label);
    }
    const before = tf.memory().numTensors;
    const samples = await trained.samples?.(new AbortController().signal);
    expect(tf.memory().numTensors).toBe(before);
    expect(samples).toHaveLength(4);
    expect(samples?.map(({ truth }) => truth).sort()).toEqual(['high', 'high', 'low', 'low']);
    for (const { audioPath, score } of samples ?? []) {
      expect(path.isAbsolute(audioPath ?? '')).toBe(true);
      expect(score).toBeGreaterThanOrEqual(0.5);
    }
    trained.model.dispose();
  });

  it('repeats itself from the same seed', async () => {
    const curves: number[][] = [];
    for (let i = 0; i < 2; i++) {
      const trained = await setup();
      curves.push(train(trained, 1));
      trained.model.dispose();
    }
    expect(curves[0]).toEqual(curves[1]);
  });

  it('gives back every tensor of a batch and of an evaluation', async () => {
    const trained = await setup();
    train(trained, 1);
    const before = tf.memory().numTensors;
    await trained.evaluate(new AbortController().signal);
    for (const batch of trained.trainBatches(2, Random.from(1)) as Iterable<ClassificationBatch>)
      tf.dispose(batch);
    expect(tf.memory().numTensors).toBe(before);
    trained.model.dispose();
  });

  it('refuses data that cannot be trained on, with its problems', async () => {
    const error: unknown = await setup(path.join(root, 'low')).catch((thrown: unknown) => thrown);
    expect(isStudioError(error, 'training.invalidData')).toBe(true);
    expect((error as Error).message).toMatch(/no label folders/);
  });
});

describe('evenBatches', () => {
  it('takes every example once, in sizes that differ by one at most', () => {
    const indices = Array.from({ length: 33 }, (_, i) => i * 2);
    const batches = evenBatches(indices, 16, Random.from(1));
    expect(batches.map((one) => one.length)).toEqual([11, 11, 11]);
    expect(batches.flat().sort((a, b) => a - b)).toEqual(indices);
    expect(evenBatches([1], 16, Random.from(1))).toEqual([[1]]);
  });
});
