import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomWeights } from '../../../tests/fixtures/randomWeights';
import { ModelTensors } from '../../weights/modelTensors';
import { loadTransposed, transposed, transposedLength, type TransposedShape } from './transposed';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** As torch defines it: each input adds its taps to the outputs from `stride · place − padding` on. */
function byDefinition(
  x: readonly number[],
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  { from, to, size, stride }: TransposedShape,
): number[] {
  const padding = Math.floor((size - stride) / 2);
  const places = x.length / from;
  const length = (places - 1) * stride - 2 * padding + size;
  const y = Array.from({ length: length * to }, (_, i) => bias[i % to] ?? NaN);
  for (let t = 0; t < places; t++)
    for (let i = 0; i < from; i++)
      for (let o = 0; o < to; o++)
        for (let k = 0; k < size; k++) {
          const place = t * stride - padding + k;
          if (place < 0 || place >= length) continue;
          const added = (x[t * from + i] ?? NaN) * (weight[(i * to + o) * size + k] ?? NaN);
          y[place * to + o] = (y[place * to + o] ?? NaN) + added;
        }
  return y;
}

describe('a transposed convolution', () => {
  it.each([
    { size: 16, stride: 8 },
    { size: 4, stride: 2 },
    { size: 7, stride: 3 },
    { size: 5, stride: 2 },
    { size: 8, stride: 3 },
    { size: 3, stride: 3 },
    { size: 4, stride: 1 },
  ])('with a kernel of $size and a stride of $stride is what torch defines', async ({ size, stride }) => {
    const shape = { from: 3, to: 2, size, stride };
    const weights = randomWeights({ 'up.weight': [3, 2, size], 'up.bias': [2] }, 1);
    const tensors = new ModelTensors(weights);
    const layer = await loadTransposed(tensors, 'up', shape);
    const x = Array.from({ length: 6 * 3 }, (_, i) => Math.sin(i * i));
    const y = tf.tidy(() => transposed(tf.tensor4d(x, [1, 1, 6, 3]), layer));
    const { data: weight } = await weights.read('up.weight');
    const { data: bias } = await weights.read('up.bias');
    const wanted = byDefinition(x, weight, bias, shape);
    const got = await y.data();
    expect(y.shape).toEqual([1, 1, transposedLength(6, shape), 2]);
    expect(got).toHaveLength(wanted.length);
    wanted.forEach((value, i) => {
      expect(got[i]).toBeCloseTo(value, 5);
    });
    y.dispose();
    tensors.dispose();
  });
});
