import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { chooseSamples, Mistakes, samplePredictions } from './predictions';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('chooseSamples', () => {
  it('takes 8, of every label in turn, always the same', () => {
    const examples = Array.from({ length: 30 }, (_, i) => ({ id: i, label: i < 27 ? 'a' : 'b' }));
    const chosen = chooseSamples(examples);
    expect(chosen.map(({ id }) => id)).toEqual([0, 27, 1, 28, 2, 29, 3, 4]);
    expect(chooseSamples(examples)).toEqual(chosen);
  });

  it('takes what there is', () => {
    expect(chooseSamples([])).toEqual([]);
    expect(chooseSamples([{ label: 'a' }, { label: 'a' }])).toHaveLength(2);
  });
});

it('predicts each sample with its probability and leaves no tensor', async () => {
  const before = tf.memory().numTensors;
  const inputs = tf.tensor2d([
    [2, 0],
    [0, 3],
  ]);
  const batch = { inputs, labels: tf.tensor1d([0, 0], 'int32') };
  const got = await samplePredictions(
    (x) => tf.clone(x) as tf.Tensor2D,
    batch,
    ['no', 'yes'],
    [
      { text: 'x'.repeat(500), label: 'no' },
      { audioPath: '/a.wav', label: 'no' },
    ],
  );
  expect(got).toEqual([
    { input: 'x'.repeat(200), truth: 'no', predicted: 'no', score: 0.8808 },
    { audioPath: '/a.wav', truth: 'no', predicted: 'yes', score: 0.9526 },
  ]);
  expect(tf.memory().numTensors).toBe(before);
});

it('collects mistakes over batches, the surest first', () => {
  const examples = ['a', 'b', 'a', 'b'].map((label, i) => ({ text: `t${i}`, label, line: i + 2 }));
  const mistakes = new Mistakes(examples, ['a', 'b']);
  mistakes.see([0, 0], [0.9, 0.6]);
  mistakes.see([1, 1], [0.8, 0.9]);
  expect(mistakes.worst()).toEqual([
    { text: 't2', label: 'a', predicted: 'b', score: 0.8, line: 4 },
    { text: 't1', label: 'b', predicted: 'a', score: 0.6, line: 3 },
  ]);
});
