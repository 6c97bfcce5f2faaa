import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { Fold, FramePresence } from './frameBlocks';

it('folds neighbours into one and leaves an odd one out', async () => {
  const x = tf.tensor3d([1, 2, 3, 4, 5], [1, 5, 1]);
  const y = new Fold({ factor: 2 }).apply(x) as tf.Tensor;
  expect(await y.array()).toEqual([
    [
      [1, 2],
      [3, 4],
    ],
  ]);
  expect(new Fold({ factor: 2 }).computeOutputShape([null, null, 40])).toEqual([null, null, 80]);
});

it('tells frames from padding', async () => {
  const x = tf.tensor3d([0.5, 0, 0, -1, 0, 0], [1, 3, 2]);
  expect(await (new FramePresence({}).apply(x) as tf.Tensor).array()).toEqual([[[1], [1], [0]]]);
});
