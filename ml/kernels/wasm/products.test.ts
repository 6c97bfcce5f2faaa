/** Products, convolutions and their gradients of our own, against the cpu backend on random shapes. */
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../backend/sdk/random';
import { agree, compare, random, startWasm } from '../../../tests/fixtures/backends';
import { registerGradientKernels } from '../register';
import { heapInUse } from './heap';

beforeAll(async () => {
  await startWasm();
  registerGradientKernels('wasm');
});

const chance = Random.from(20);
const between = (least: number, most: number): number => least + chance.int(most - least + 1);
const oneOf = <T>(...choices: readonly T[]): T => choices[between(0, choices.length - 1)] as T;

type Edges = [[0, 0], [number, number], [number, number], [0, 0]];

interface Shape {
  readonly x: [number, number, number, number];
  readonly filter: [number, number, number, number];
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid' | Edges;
  readonly dilations: [number, number];
}

/** Channels fill vectors and panels or do not; a batch may be one example. */
function shape(dilates: boolean): Shape {
  const dilations: [number, number] = dilates ? [between(1, 3), between(2, 3)] : [1, 1];
  const [fh, fw] = [between(1, 4), between(1, 5)];
  const [h, w] = [dilations[0] * fh + between(0, 3), dilations[1] * fw + between(2, 8)];
  const edge = (): number => between(0, 2);
  return {
    x: [between(1, 3), h, w, oneOf(1, 3, 4, 5, 8, 16, 17)],
    filter: [fh, fw, 0, oneOf(1, 5, 8, 9, 12, 16, 23)],
    strides: dilates ? [1, 1] : [between(1, 3), between(1, 3)],
    pad: oneOf<Shape['pad']>('same', 'valid', [
      [0, 0],
      [edge(), edge()],
      [edge(), edge()],
      [0, 0],
    ]),
    dilations,
  };
}

const shapes = (count: number, dilates: boolean): [string, Shape][] =>
  Array.from({ length: count }, () => {
    const { filter, ...rest } = shape(dilates);
    const made = { ...rest, filter: [filter[0], filter[1], rest.x[3], filter[3]] as Shape['filter'] };
    return [JSON.stringify(made), made];
  });

const convolved =
  ({ strides, pad, dilations }: Shape) =>
  (x: tf.Tensor, filter: tf.Tensor): tf.Tensor =>
    tf.conv2d(x as tf.Tensor4D, filter as tf.Tensor4D, strides, pad, 'NHWC', dilations);

describe('products of our own', () => {
  it('run here', () => {
    expect(heapInUse()).toBeDefined();
  });

  it.each(shapes(40, false))('conv2d and its gradients %s', async (_, one) => {
    await compare(() => [random(one.x, 1), random(one.filter, 2)], convolved(one));
  });

  // tfjs has no gradient of dilated convolutions on any backend.
  it.each(shapes(12, true))('dilated conv2d %s', async (_, one) => {
    await agree(() => [convolved(one)(random(one.x, 3), random(one.filter, 4))]);
  });

  it.each([
    [[4, 23, 64], 5, 72, 1, 'same'],
    [[1, 50, 12], 3, 40, 2, 'valid'],
    [[3, 9, 130], 1, 20, 1, 'valid'],
    [[2, 300, 8], 3, 16, 1, 'same'],
  ] as const)('conv1d of %j with a filter of %i, to %i', async (x, width, k, stride, pad) => {
    await compare(
      () => [random(x, 5), random([width, x[2], k], 6)],
      (input, filter) => tf.conv1d(input as tf.Tensor3D, filter as tf.Tensor3D, stride, pad),
    );
  });

  it.each(Array.from({ length: 16 }, () => [between(1, 40), between(1, 40), between(1, 300), between(0, 3)]))(
    'matMul of %i × %i over %i',
    async (m, n, k, batch) => {
      for (const [tA, tB] of [
        [false, false],
        [true, false],
        [false, true],
        [true, true],
      ] as const) {
        const outer = batch === 0 ? [] : [batch];
        await compare(
          () => [
            random([...outer, ...(tA ? [k, m] : [m, k])], 7),
            random([...outer, ...(tB ? [n, k] : [k, n])], 8),
          ],
          (a, b) => tf.matMul(a, b, tA, tB),
        );
      }
    },
  );

  it('matMul that repeats one side for each example', async () => {
    await agree(() => [tf.matMul(random([3, 30, 40], 9), random([1, 40, 20], 10))]);
  });

  it('answers what is not a number, and empty tensors, as the cpu backend does', async () => {
    await agree(() => [tf.matMul(tf.zeros([0, 40]), tf.ones([40, 30]))]);
    await tf.setBackend('wasm');
    const poisoned = tf.tidy(() => {
      const x = tf.concat([tf.fill([1, 40], NaN), tf.fill([15, 40], 1)]);
      return tf.matMul(x, tf.ones([40, 30])).arraySync() as number[][];
    });
    expect(poisoned[0]).toEqual(Array.from({ length: 30 }, () => NaN));
    expect(
      poisoned
        .slice(1)
        .flat()
        .every((value) => value === 40),
    ).toBe(true);
  });

  it('keeps apart what was cloned', async () => {
    await tf.setBackend('wasm');
    tf.tidy(() => {
      const x = tf.variable(tf.tensor1d([1, 2, 3]));
      const before = tf.clone(x);
      x.assign(tf.mul(x, 2));
      expect([...before.dataSync()]).toEqual([1, 2, 3]);
      expect([...x.dataSync()]).toEqual([2, 4, 6]);
      x.dispose();
    });
  });
});
