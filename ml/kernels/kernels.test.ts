import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
// Registers every operation's gradient.
import '@tensorflow/tfjs-layers';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { registerGradientKernels } from './register';

const wasm = path.resolve(import.meta.dirname, '../../node_modules/@tensorflow/tfjs-backend-wasm/dist');

beforeAll(async () => {
  setWasmPaths(`${wasm}${path.sep}`);
  expect(await tf.setBackend('wasm')).toBe(true);
  registerGradientKernels('wasm');
});

/** The same function's value and gradients on both backends, from the same seeded inputs. */
async function compare(make: () => tf.Tensor[], f: (...inputs: tf.Tensor[]) => tf.Tensor): Promise<void> {
  const results: { shape: number[]; data: Float32Array }[][] = [];
  let leaked = 0;
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const grads = tf.tidy(() => {
      const inputs = make();
      const y = f(...inputs);
      const dy = tf.randomUniform(y.shape, -1, 1, 'float32', 99);
      return [y, ...tf.grads((...all: tf.Tensor[]) => f(...all))(inputs, dy)];
    });
    results.push(
      await Promise.all(grads.map(async (g) => ({ shape: g.shape, data: (await g.data()) as Float32Array }))),
    );
    tf.dispose(grads);
    leaked += tf.memory().numTensors - before;
  }
  expect(leaked).toBe(0);
  const [cpu, fast] = results;
  cpu?.forEach((expected, i) => {
    const got = fast?.[i];
    expect(got?.shape).toEqual(expected.shape);
    const worst = expected.data.reduce(
      (max, value, at) => Math.max(max, Math.abs(value - (got?.data[at] ?? NaN))),
      0,
    );
    const largest = expected.data.reduce((max, value) => Math.max(max, Math.abs(value)), 1);
    expect(worst / largest).toBeLessThan(2e-4);
    expect(expected.data.some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });
}

const random = (shape: number[], seed: number): tf.Tensor => tf.randomUniform(shape, -1, 1, 'float32', seed);

type Pad = 'same' | 'valid' | number;
/** n, h, w, c, k or multiplier, fh, fw, stride, padding */
const shapes: [number, number, number, number, number, number, number, number, Pad][] = [
  [2, 7, 6, 3, 4, 3, 3, 1, 'same'],
  [2, 7, 6, 3, 4, 3, 3, 1, 'valid'],
  [1, 9, 8, 2, 3, 3, 2, 2, 'same'],
  [3, 8, 9, 2, 3, 2, 3, 2, 'valid'],
  [2, 11, 10, 3, 2, 3, 3, 3, 'same'],
  [2, 9, 9, 2, 3, 3, 3, 1, 'same'],
  [2, 5, 5, 3, 2, 1, 1, 1, 'same'],
  [2, 6, 5, 3, 2, 1, 1, 2, 'valid'],
  [2, 8, 7, 2, 2, 5, 5, 1, 2],
  [1, 1, 20, 4, 5, 1, 5, 1, 'same'],
  [2, 4, 4, 2, 3, 4, 4, 1, 'valid'],
];

describe('gradient kernels, against the cpu backend', () => {
  it.each(shapes)('conv2d %s', async (n, h, w, c, k, fh, fw, stride, pad) => {
    await compare(
      () => [random([n, h, w, c], 1), random([fh, fw, c, k], 2)],
      (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, pad),
    );
  });

  it.each(shapes)('depthwiseConv2d %s', async (n, h, w, c, m, fh, fw, stride, pad) => {
    await compare(
      () => [random([n, h, w, c], 3), random([fh, fw, c, m], 4)],
      (x, f) => tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, pad),
    );
  });

  it('conv1d, with and without stride', async () => {
    for (const stride of [1, 2]) {
      await compare(
        () => [random([2, 17, 4], 5), random([3, 4, 6], 6)],
        (x, f) => tf.conv1d(x as tf.Tensor3D, f as tf.Tensor3D, stride, 'same'),
      );
    }
  });

  it('transposed convolution, whose gradients are the other two', async () => {
    await compare(
      () => [random([2, 5, 4, 3], 7), random([3, 3, 2, 3], 8)],
      (x, f) => tf.conv2dTranspose(x as tf.Tensor4D, f as tf.Tensor4D, [2, 10, 8, 2], 2, 'same'),
    );
  });

  it('separable convolution', async () => {
    await compare(
      () => [random([2, 6, 7, 3], 9), random([3, 3, 3, 2], 10), random([1, 1, 6, 4], 11)],
      (x, d, p) => tf.separableConv2d(x as tf.Tensor4D, d as tf.Tensor4D, p as tf.Tensor4D, 1, 'same'),
    );
  });

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('matMul transposed %s %s, single and batched', async (tA, tB) => {
    const side = (rows: number, columns: number, swap: boolean): [number, number] =>
      swap ? [columns, rows] : [rows, columns];
    const [a, b] = [side(40, 33, tA), side(33, 21, tB)];
    for (const [outerA, outerB] of [
      [[], []],
      [[3], [3]],
    ] as const) {
      await compare(
        () => [random([...outerA, ...a], 20), random([...outerB, ...b], 21)],
        (x, y) => tf.matMul(x, y, tA, tB),
      );
    }
  });

  it.each([
    [[0], false],
    [[0, 1], true],
    [[0, 1, 2], false],
    [[1], false],
    [[2, 3], false],
    [[0, 2], true],
    [undefined, false],
  ])('sum and mean over %s', async (axis, keep) => {
    for (const reduce of [tf.sum, tf.mean]) {
      await compare(
        () => [random([3, 8, 16, 17], 22)],
        (x) => tf.mul(reduce(x, axis, keep), 100),
      );
    }
  });

  it.each<[number[], number[], number[]]>([
    [[7], [2], [3]],
    [
      [4, 5],
      [1, 0],
      [2, 5],
    ],
    [
      [4, 5],
      [1, 2],
      [2, 3],
    ],
    [
      [3, 4, 5],
      [0, 1, 0],
      [3, 2, 5],
    ],
    [
      [3, 4, 5],
      [1, 1, 1],
      [2, 2, 2],
    ],
    [
      [2, 3, 4, 5],
      [0, 1, 1, 2],
      [2, 2, 3, 3],
    ],
    [
      [2, 3, 4, 5],
      [1, 0, 0, 0],
      [1, 3, 4, 5],
    ],
    [
      [2, 2, 3, 2, 3],
      [0, 1, 1, 0, 1],
      [2, 1, 2, 1, 2],
    ],
    [
      [3, 4],
      [1, 1],
      [0, 2],
    ],
  ])('slice of %s from %s, %s', async (shape, begin, size) => {
    const taken: number[][] = [];
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      for (const dtype of ['float32', 'int32', 'bool'] as const) {
        const count = shape.reduce((a, b) => a * b, 1);
        const values = Array.from({ length: count }, (_, n) => (dtype === 'bool' ? n % 2 : n));
        taken.push([...tf.slice(tf.tensor(values, shape, dtype), begin, size).dataSync()]);
      }
    }
    expect(taken.slice(3)).toEqual(taken.slice(0, 3));
  });

  it('gather, with a row taken twice', async () => {
    await compare(
      () => [random([6, 3], 12)],
      (x) => tf.gather(x, tf.tensor1d([1, 4, 1, 0], 'int32')),
    );
    await compare(
      () => [random([6, 3], 13)],
      (x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [1, 4],
              [1, 5],
            ],
            undefined,
            'int32',
          ),
        ),
    );
  });

  it('batch normalisation, as tfjs computes it from single operations', async () => {
    const inputs = () => [random([4, 9, 8, 16], 23), random([16], 24), random([16], 25), random([16], 26)];
    const spread = (x: tf.Tensor) => tf.moments(x, [0, 1, 2]);
    const fused = (x: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor): tf.Tensor => {
      const { mean, variance } = spread(x);
      return tf.batchNorm4d(
        x as tf.Tensor4D,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
      );
    };
    const single = (x: tf.Tensor, offset: tf.Tensor, scale: tf.Tensor): tf.Tensor => {
      const { mean, variance } = spread(x);
      return tf.add(tf.mul(tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, 1e-3))), scale), offset);
    };
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      tf.tidy(() => {
        const [x, offset, scale] = inputs() as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const dy = random(x.shape, 27);
        const got = tf.grads(fused)([x, offset, scale], dy);
        tf.grads(single)([x, offset, scale], dy).forEach((expected, i) => {
          expect(tf.max(tf.abs(tf.sub(expected, got[i]!))).dataSync()[0]).toBeLessThan(1e-3);
        });
      });
    }
  });

  it('may be registered twice', () => {
    registerGradientKernels('wasm');
    expect(tf.getKernel(tf.Conv2DBackpropFilter, 'wasm')).toBeDefined();
  });
});
