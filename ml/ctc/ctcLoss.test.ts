import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { ctcLoss, framesNeeded } from './ctcLoss';
import { ctcTensorLoss } from './ctcTensorLoss';
import reference from './testdata/ctc.json';

const floats = (base64: string): Float32Array => {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer);
};

/** Numbers between -2 and 2 that are the same every time. */
const scoresOf = (size: number, seed = 1): Float32Array =>
  Float32Array.from({ length: size }, (_, i) => 2 * Math.sin((i + seed) * 12.9898 * (1 + (i % 7))));

describe('ctcLoss', () => {
  it.each(reference.cases)('equals the reference: $name', (given) => {
    const { losses, gradient } = ctcLoss(floats(given.scores), given.shape, given.labels, {
      frameLengths: given.frameLengths,
    });
    given.losses.forEach((text, i) => {
      const expected = Number(text.replace('inf', 'Infinity'));
      if (Number.isFinite(expected))
        expect(Math.abs((losses[i] ?? NaN) - expected)).toBeLessThan(given.lossTolerance);
      else expect(losses[i]).toBe(expected);
    });
    const expected = floats(given.gradient);
    expect(gradient).toHaveLength(expected.length);
    const furthest = gradient.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))),
      0,
    );
    expect(furthest).toBeLessThan(given.gradientTolerance);
  });

  it('has the gradient that small changes of the scores show, with a blank in the middle', () => {
    const shape = { batch: 2, frames: 6, classes: 4 };
    const scores = scoresOf(48);
    const labels = [[0, 0, 3], [1]];
    const options = { blank: 2, frameLengths: [6, 4] };
    const sum = (at: Float32Array): number =>
      ctcLoss(at, shape, labels, options).losses.reduce((total, loss) => total + loss, 0);
    const { gradient } = ctcLoss(scores, shape, labels, options);
    for (let i = 0; i < scores.length; i++) {
      const [up, down] = [Float32Array.from(scores), Float32Array.from(scores)];
      up[i] = (up[i] ?? 0) + 0.01;
      down[i] = (down[i] ?? 0) - 0.01;
      expect(gradient[i]).toBeCloseTo((sum(up) - sum(down)) / ((up[i] ?? 0) - (down[i] ?? 0)), 3);
    }
  });

  it('is the probability of all alignments, counted one by one', () => {
    const shape = { batch: 1, frames: 4, classes: 3 };
    const scores = scoresOf(12, 5);
    const rows = Array.from({ length: 4 }, (_, t) => {
      const powers = Array.from(scores.subarray(3 * t, 3 * t + 3), Math.exp);
      const all = powers.reduce((a, b) => a + b);
      return powers.map((power) => power / all);
    });
    let probability = 0;
    for (let path = 0; path < 81; path++) {
      const classes = [0, 1, 2, 3].map((t) => Math.floor(path / 3 ** t) % 3);
      const merged = classes.filter((one, t) => one !== classes[t - 1] && one !== 0);
      if (merged.join() === '1,1') probability += classes.reduce((p, one, t) => p * (rows[t]?.[one] ?? 0), 1);
    }
    expect(ctcLoss(scores, shape, [[1, 1]]).losses[0]).toBeCloseTo(-Math.log(probability), 10);
  });

  it('knows how many frames labels need', () => {
    expect(framesNeeded([])).toBe(0);
    expect(framesNeeded([1, 2, 2, 2])).toBe(6);
    expect(ctcLoss(new Float32Array(0), { batch: 1, frames: 0, classes: 3 }, [[]]).losses[0]).toBe(0);
  });
});

describe('ctcTensorLoss', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  it('is a mean that tf.js differentiates, impossible examples left out', () => {
    const shape = { batch: 3, frames: 5, classes: 4 };
    const scores = scoresOf(60);
    const labels = [[1, 2], [3, 3, 3, 3], []];
    const { losses, gradient } = ctcLoss(scores, shape, labels);
    expect(losses[1]).toBe(Infinity);
    const { value, grad } = tf.valueAndGrad((x) => tf.mul(ctcTensorLoss(x as tf.Tensor3D, labels), 2))(
      tf.tensor3d(scores, [3, 5, 4]),
    );
    expect(value.dataSync()[0]).toBeCloseTo((2 * ((losses[0] ?? 0) + (losses[2] ?? 0))) / 3, 5);
    grad.dataSync().forEach((got, i) => expect(got).toBeCloseTo(((gradient[i] ?? 0) * 2) / 3, 5));
  });
});
