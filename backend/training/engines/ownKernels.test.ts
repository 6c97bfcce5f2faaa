/** The operations of our own on the native engine give what plain JavaScript does, on shapes of every kind. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { attend } from '../../../ml/layers/attention';
import { dropoutMask, layerNorm, linear } from '../../../ml/layers/functional';
import {
  hasWhole,
  runWhole,
  wholeAttention,
  wholeConv1d,
  wholeDense,
  wholeLayerNorm,
} from '../../../ml/layers/whole';
import { Random } from '../../sdk/random';
import { quickenLayers } from '../quickLayers';
import { loadEngine } from './load';
import { findNative } from './locate';
import { Optimizer } from '../optimizer';
import { ownKernels } from './ownKernels';

const { engine, reason } = await findNative({ storagePath: undefined });
if (engine === undefined)
  process.stderr.write(`The tests of the native engine's own operations are left out: it is ${reason}.\n`);

let takeBack: () => void;
beforeAll(async () => {
  await loadEngine('cpu', { storagePath: undefined });
  if (engine !== undefined) await loadEngine('tensorflow', { storagePath: undefined });
  takeBack = await quickenLayers();
});
afterEach(() => tf.setBackend('cpu'));
afterAll(() => takeBack());

type Network = (given: tf.Tensor[]) => tf.Tensor;
interface Case {
  readonly shapes: readonly (readonly number[])[];
  /** Of the result. */
  readonly shapeOf: (given: readonly tf.Tensor[]) => number[];
  readonly network: Network;
}

/** The result, and its gradient by each of the given tensors. */
async function figures(backend: string, { shapes, shapeOf, network }: Case): Promise<number[][]> {
  await tf.setBackend(backend);
  const given = shapes.map((shape, i) => tf.randomNormal([...shape], 0, 0.7, 'float32', i + 1));
  const slope = tf.randomNormal(shapeOf(given), 0, 1, 'float32', 99);
  const { value, grads } = tf.valueAndGrads((...all: tf.Tensor[]) => network(all))(given, slope);
  return [value, ...grads].map((tensor) => [...tensor.dataSync()]);
}

async function expectAlike(one: Case): Promise<void> {
  const expected = await figures('cpu', one);
  const got = await figures('tensorflow', one);
  expect(got.map(({ length }) => length)).toEqual(expected.map(({ length }) => length));
  got.forEach((values, i) => {
    const wanted = expected[i] ?? [];
    const scale = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    const worst = values.reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (wanted[at] ?? NaN))),
      0,
    );
    expect(worst / scale).toBeLessThan(1e-5);
  });
}

const random = Random.from(5);
const size = (most: number): number => 1 + Math.floor(random.next() * most);

function denseCase(activation: 'relu' | 'linear'): Case {
  const [n, input, inner, output] = [size(40), size(70), size(70), size(40)];
  const layer = (a: tf.Tensor, b?: tf.Tensor, bias?: tf.Tensor): tf.Tensor =>
    tf.fused.matMul({ a: a, b: b as tf.Tensor2D, bias: bias as tf.Tensor1D, activation });
  return {
    shapes: [[n, input], [input, inner], [inner], [inner, output], [output]],
    shapeOf: () => [n, output],
    network: ([x, a, b, c, d]) => layer(layer(x as tf.Tensor, a, b), c, d),
  };
}

function normCase(): Case {
  const width = size(80);
  return {
    shapes: [[size(4), size(20), width], [width], [width]],
    shapeOf: ([x]) => x?.shape ?? [],
    network: (given) => layerNorm(...(given as [tf.Tensor, tf.Tensor, tf.Tensor])),
  };
}

/** With sums long enough to be taken in pieces, and rows and columns enough for several threads. */
function bigDenseCase(): Case {
  const [input, output] = [390 + size(400), 60 + size(60)];
  return {
    shapes: [[3, 90 + size(200), input], [input, output], [output]],
    shapeOf: ([x, , bias]) => [...(x?.shape.slice(0, 2) ?? []), bias?.size ?? 0],
    network: ([x, weight, bias]) => linear(x as tf.Tensor, weight as tf.Tensor, bias),
  };
}

/** With so many rows that the weights' gradient is summed in parts, as of a picture's points. */
function pointsCase(): Case {
  const [batch, height, width, input, output] = [3, 40, 26 + size(10), size(30), size(40)];
  return {
    shapes: [[batch, height, width, input], [1, 1, input, output], [output]],
    shapeOf: () => [batch, height, width, output],
    network: ([x, filter, bias]) =>
      tf.fused.conv2d({
        ...{ x: tf.mul(x as tf.Tensor4D, 1), filter: filter as tf.Tensor4D, bias: bias as tf.Tensor },
        ...{ strides: 1, pad: 'same' as const },
      }),
  };
}

function meanCase(axes: number[] | undefined): Case {
  const shape = [size(5), size(6), size(7)];
  return {
    shapes: [shape],
    shapeOf: () => shape.filter((_, axis) => axes !== undefined && !axes.includes(axis)),
    network: ([x]) => tf.mean(tf.square(x as tf.Tensor), axes),
  };
}

function convCase(same: boolean, relu: boolean): Case {
  const [batch, taps, input, output] = [size(5), size(6), size(40), size(70)];
  const length = taps + size(40);
  return {
    shapes: [[batch, length, input], [taps, input, output], [output]],
    shapeOf: () => [batch, same ? length : length - taps + 1, output],
    // The gradient by the data too: it must come of another operation to be computed with the rest.
    network: ([given, weight, bias]) => {
      const x = tf.mul(given as tf.Tensor3D, 1);
      if (hasWhole(wholeConv1d)) return runWhole(wholeConv1d, { x, weight, bias } as never, { relu, same });
      const sums = tf.add(
        tf.conv1d(x as tf.Tensor3D, weight as tf.Tensor3D, 1, same ? 'same' : 'valid'),
        bias as tf.Tensor,
      );
      return relu ? tf.relu(sums) : sums;
    },
  };
}

/** Some sequences are shorter than others, some are not there at all. */
function attentionCase(i: number, rate: number): Case {
  const [batch, length, heads] = [1 + size(3), i === 0 ? 150 : size(40), size(4)];
  const width = heads * size(20);
  const lengths = Array.from({ length: batch }, (_, at) => (at === 0 ? 0 : size(length)));
  const there = lengths.flatMap((count) => Array.from({ length }, (_, at) => (at < count ? 1 : 0)));
  // Of one seed on both engines.
  const mask = tf.tidy(() => dropoutMask([batch, heads, length, length], rate, true)?.dataSync());
  return {
    shapes: [
      [batch, length, width],
      [width, width],
      [width, width],
      [width, width],
    ],
    shapeOf: () => [batch, length, width],
    network: ([x, query, key, value]) => {
      const presence = tf.tensor3d(there, [batch, length, 1]);
      const weights = { query, key, value } as Record<'query' | 'key' | 'value', tf.Tensor>;
      const kept = mask === undefined ? mask : tf.tensor(mask, [batch, heads, length, length]);
      return attend(x as tf.Tensor3D, presence, weights, heads, kept);
    },
  };
}

describe.skipIf(engine === undefined)("the native engine's own operations", () => {
  it('are there', async () => {
    await tf.setBackend('tensorflow');
    expect(ownKernels()).toBeDefined();
  });

  it.each(Array.from({ length: 8 }, (_, i) => i))('dense layers of random sizes: %i', async (i) => {
    await expectAlike(denseCase(i % 2 === 0 ? 'relu' : 'linear'));
  });

  it.each(Array.from({ length: 6 }, (_, i) => i))('normalisation of random sizes: %i', async () => {
    await expectAlike(normCase());
  });

  it.each([0, 1, 2])('large layers of random sizes: %i', async () => {
    await expectAlike(bigDenseCase());
  });

  it.each([0, 1])('convolutions of single points: %i', async () => {
    await expectAlike(pointsCase());
  });

  it.each([undefined, [0], [1, 2]])('means over axes: %j', async (axes) => {
    await expectAlike(meanCase(axes));
  });

  it.each(Array.from({ length: 8 }, (_, i) => i))('convolutions over time of random sizes: %i', async (i) => {
    await expectAlike(convCase(i % 2 === 0, i % 4 < 2));
  });

  it.each(Array.from({ length: 8 }, (_, i) => i))('attention of random sizes: %i', async (i) => {
    await expectAlike(attentionCase(i, i % 2 === 0 ? 0 : 0.3));
  });

  it('are done without on an engine that lacks them', async () => {
    await tf.setBackend('tensorflow');
    const names = [wholeDense, wholeConv1d, wholeLayerNorm, wholeAttention];
    const kernels = names.map((name) => tf.getKernel(name, 'tensorflow'));
    for (const name of names) tf.unregisterKernel(name, 'tensorflow');
    try {
      for (const one of [normCase(), bigDenseCase(), convCase(true, true), attentionCase(1, 0.3)])
        await expectAlike(one);
    } finally {
      for (const kernel of kernels) tf.registerKernel(kernel);
    }
  });

  it('say what does not fit', async () => {
    await tf.setBackend('tensorflow');
    const run = (): unknown =>
      tf
        .engine()
        .runKernel(
          'GoyaDense',
          { x: tf.ones([2, 3]), weight: tf.ones([4, 5]), bias: tf.ones([5]) },
          { relu: false },
        );
    expect(run).toThrow('do not fit');
  });

  it('leave no tensors behind', async () => {
    await tf.setBackend('tensorflow');
    const { binding } = tf.backend() as unknown as { binding: { getNumOfTensors(): number } };
    const { shapes, network } = denseCase('relu');
    const given = shapes.map((shape) => tf.ones([...shape]));
    const step = (): string => {
      tf.tidy(() => void tf.grads((...all: tf.Tensor[]) => network(all))(given));
      return [tf.memory().numTensors, binding.getNumOfTensors()].join();
    };
    const counts = [step(), step(), step()];
    expect(counts[2]).toBe(counts[1]);
  });

  it('change no tensor that looks at a weight', async () => {
    await tf.setBackend('tensorflow');
    const weight = tf.variable(tf.tensor1d([1, 2, 3]));
    const optimizer = new Optimizer([weight], { type: 'adam', learningRate: 0.1 });
    const gradient = tf.tensor1d([1, -1, 2]);
    optimizer.apply([gradient], 0.1);
    const view = weight.clone();
    const before = [...view.dataSync()];
    optimizer.apply([gradient], 0.1);
    expect([...view.dataSync()]).toEqual(before);
    expect([...weight.dataSync()]).not.toEqual(before);
  });
});

describe('layers made quicker', () => {
  it("drop what tfjs's own dropout drops", async () => {
    await tf.setBackend('cpu');
    const x = tf.randomNormal([40, 7], 0, 1, 'float32', 3);
    const layer = layers.dropout({ rate: 0.3, seed: 11 });
    const ours = (layer.apply(x, { training: true }) as tf.Tensor).dataSync();
    const theirs = tf.dropout(x, 0.3, undefined, 11).dataSync();
    expect([...ours]).toEqual([...theirs]);
    expect(ours.filter((value) => value === 0).length).toBeGreaterThan(20);
  });

  it.skipIf(engine === undefined)('convolve each channel as tfjs does', async () => {
    const run = async (backend: string): Promise<number[]> => {
      await tf.setBackend(backend);
      const layer = layers.depthwiseConv2d({
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
      });
      const x = tf.randomNormal<tf.Rank.R4>([2, 9, 7, 3], 0, 1, 'float32', 1);
      layer.apply(x);
      layer.setWeights(
        layer.getWeights().map(({ shape }, i) => tf.randomNormal(shape, 0, 1, 'float32', i + 5)),
      );
      const isVariable = (tensor: tf.Tensor): tensor is tf.Variable => tensor instanceof tf.Variable;
      const variables = layer.trainableWeights.map((weight) => weight.read()).filter(isVariable);
      const { value, grads } = tf.variableGrads(() => tf.sum(layer.apply(x) as tf.Tensor), variables);
      const all = [value, ...variables.map(({ name }) => grads[name] as tf.Tensor)];
      return all.flatMap((one) => [...one.dataSync()]);
    };
    const expected = await run('cpu');
    const got = await run('tensorflow');
    expect(got.length).toBe(expected.length);
    got.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 3));
  });

  it.skipIf(engine === undefined)('convolve over time as tfjs does', async () => {
    const run = async (backend: string): Promise<number[]> => {
      await tf.setBackend(backend);
      const layer = layers.conv1d({
        ...{ filters: 5, kernelSize: 3, strides: 2 },
        ...({ activation: 'relu', padding: 'same' } as const),
      });
      const x = tf.randomNormal<tf.Rank.R3>([2, 9, 3], 0, 1, 'float32', 1);
      layer.apply(x);
      layer.setWeights(
        layer.getWeights().map(({ shape }, i) => tf.randomNormal(shape, 0, 1, 'float32', i + 5)),
      );
      const y = tf.grad((given) => tf.sum(layer.apply(given) as tf.Tensor))(x);
      return [...y.dataSync(), ...(layer.apply(x) as tf.Tensor).dataSync()];
    };
    const expected = await run('cpu');
    const got = await run('tensorflow');
    got.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 4));
  });
});
