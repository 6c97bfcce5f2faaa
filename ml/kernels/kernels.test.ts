import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { agree, compare, random, startWasm } from '../../tests/fixtures/backends';
import { registerGradientKernels } from './register';

beforeAll(startWasm);

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

// In this order: products once put in place stay.
describe.each([
  ['composed of operations', false],
  ['with products of our own', true],
])('gradient kernels %s, against the cpu backend', (_, products) => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
    registerGradientKernels('wasm', products);
  });

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

  // The stock backend answers these wrongly.
  it.each([
    [2, 3, 1, 6, 6],
    [2, 1, 3, 8, 9],
    [3, 2, 2, 8, 9],
    [3, 5, 1, 6, 6],
    [2, 1, 1, 6, 5],
  ])('stride %i, longer than the filter %i × %i, on %i × %i', async (stride, fh, fw, h, w) => {
    const inputs = (): tf.Tensor[] => [random([2, h, w, 4], 14), random([fh, fw, 4, 8], 15)];
    await compare(inputs, (x, f) => tf.conv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, 'same'));
    await agree(() => {
      const [x, filter] = inputs() as [tf.Tensor4D, tf.Tensor4D];
      const bias = random([8], 16);
      return [tf.fused.conv2d({ x, filter, strides: stride, pad: 'same', bias, activation: 'relu' })];
    });
    await compare(
      () => [random([2, h, w, 4], 17), random([fh, fw, 4, 2], 18)],
      (x, f) => tf.depthwiseConv2d(x as tf.Tensor4D, f as tf.Tensor4D, stride, 'same'),
    );
  });

  it('layers of convolutions, which say null where nothing is dilated', async () => {
    await agree(() => {
      const x = random([2, 9, 8, 4], 31);
      const seeded = { depthwiseInitializer: 'ones', kernelInitializer: 'ones' } as const;
      const depthwise = layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding: 'same', ...seeded });
      const plain = layers.conv2d({ filters: 8, kernelSize: 3, strides: 2, padding: 'same', ...seeded });
      const answers = [depthwise, plain].map((layer) => layer.apply(x) as tf.Tensor);
      for (const layer of [depthwise, plain]) layer.dispose();
      return answers;
    });
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

  it('sums of segments, empty ones and foreign numbers among them', async () => {
    await agree(() => {
      const ids = tf.tensor1d([3, 0, 3, 3, 5], 'int32');
      const sums = tf.unsortedSegmentSum(random([5, 7], 28), ids, 8);
      const whole = tf.unsortedSegmentSum(random([5], 29), ids, 6);
      return [sums, whole, tf.unsortedSegmentSum(random([2, 3, 2], 30), tf.tensor1d([1, 1], 'int32'), 2)];
    });
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
