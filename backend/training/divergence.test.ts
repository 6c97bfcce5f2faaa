import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, expect, it } from 'vitest';
import { divergedError, type Divergence } from './divergence';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const common = (more: Partial<Divergence> = {}): Divergence => ({
  metric: 'loss',
  step: 41,
  epoch: 3,
  batchIndex: 2,
  learningRate: 0.5,
  clipped: false,
  weights: [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([3]))],
  names: ['dense_1/kernel', 'dense_1/bias'],
  checkpoint: 'epoch-0002-step-000040',
  ...more,
});

it('names step, batch, rate and the checkpoint to go on from', () => {
  const error = divergedError(common());
  expect(error.kind).toBe('training.diverged');
  expect(error.message).toMatch(
    /step 41 \(epoch 3, batch 2\).*it was 0\.5.*set training\.clipNorm.*epoch-0002-step-000040/,
  );
  expect(error.details).toMatchObject({
    step: 41,
    epoch: 3,
    batch: 2,
    learningRate: 0.5,
    checkpoint: 'epoch-0002-step-000040',
  });
});

it('names the weights that left the range of numbers', () => {
  const weights = [tf.variable(tf.tensor1d([1, NaN])), tf.variable(tf.tensor1d([3]))];
  const error = divergedError(common({ weights, clipped: true }));
  expect(error.message).toMatch(/weights of dense_1\/kernel left the range.*lower training\.clipNorm/);
  expect(error.details).toMatchObject({ layers: ['dense_1/kernel'] });
});

it('names the weights that grow', () => {
  const weights = [tf.variable(tf.tensor1d([1, 2])), tf.variable(tf.tensor1d([-1e6]))];
  expect(divergedError(common({ weights })).message).toContain('dense_1/bias have grown to 1000000');
});

it('blames the data where the batch itself is broken', () => {
  const batch = { inputs: tf.tensor1d([1, Infinity]), labels: tf.tensor1d([0], 'int32') };
  const { message } = divergedError(common({ batch }));
  expect(message).toMatch(/batch itself holds NaN or infinite/);
  expect(message).not.toContain('learningRate');
});

it('tells large inputs, and that there is no checkpoint', () => {
  const batch = { inputs: [tf.tensor1d([1, -50_000])] };
  const { message } = divergedError(common({ batch, checkpoint: undefined, batchIndex: undefined }));
  expect(message).toMatch(/numbers of up to 50000: scale the data.*No checkpoint was made/);
  expect(message).toContain('(epoch 3)');
});
