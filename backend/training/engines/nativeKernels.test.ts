/** What the native engine does in its own way is what plain JavaScript computes. */
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { packTensors } from '../modelFiles';
import { Optimizer } from '../optimizer';
import { unfuseLayers } from '../unfuse';
import { loadEngine } from './load';
import { findNative } from './locate';

const { engine, reason } = await findNative({ storagePath: undefined });
if (engine === undefined)
  process.stderr.write(`The tests of the native engine's kernels are left out: it is ${reason}.\n`);

let fuse: () => void;
beforeAll(async () => {
  await loadEngine('cpu', { storagePath: undefined });
  if (engine !== undefined) await loadEngine('tensorflow', { storagePath: undefined });
  fuse = unfuseLayers();
});
afterEach(() => tf.setBackend('cpu'));
afterAll(() => fuse());

function network(): LayersModel {
  const model = sequential({
    layers: [
      layers.conv1d({ inputShape: [12, 3], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.conv1d({ filters: 5, kernelSize: 2 }),
      layers.reLU(),
      layers.flatten(),
      layers.dense({ units: 6, activation: 'relu' }),
      layers.dense({ units: 2 }),
    ],
  });
  model.setWeights(
    model.weights.map(({ shape }, i) => tf.randomNormal(shape as number[], 0, 0.3, 'float32', i + 1)),
  );
  return model;
}

/** The weights, one after the other, of a model after some steps. */
async function trained(
  backend: string,
  options: ConstructorParameters<typeof Optimizer>[1],
  between?: (optimizer: Optimizer, variables: tf.Variable[]) => Optimizer,
): Promise<Float32Array> {
  await tf.setBackend(backend);
  const model = network();
  const isVariable = (tensor: tf.Tensor): tensor is tf.Variable => tensor instanceof tf.Variable;
  const variables = model.trainableWeights.map((weight) => weight.read()).filter(isVariable);
  let optimizer = new Optimizer(variables, options);
  const x = tf.randomNormal([8, 12, 3], 0, 1, 'float32', 21);
  const y = tf.randomNormal([8, 2], 0, 1, 'float32', 22);
  for (let step = 0; step < 6; step++) {
    tf.tidy(() => {
      const { grads } = tf.variableGrads(
        () => tf.mean(tf.square(tf.sub(model.apply(x, { training: true }) as tf.Tensor, y))),
        variables,
      );
      optimizer.apply(
        variables.map(({ name }) => grads[name]),
        0.01,
      );
    });
    if (step === 2 && between !== undefined) optimizer = between(optimizer, variables);
  }
  optimizer.dispose();
  return new Float32Array(
    packTensors(variables.map((tensor) => ({ name: tensor.name, tensor }))).data.buffer,
  );
}

function expectAlike(got: Float32Array, expected: Float32Array): void {
  expect(got.length).toBe(expected.length);
  const worst = got.reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? NaN))), 0);
  expect(worst).toBeLessThan(1e-5);
}

/** As a checkpoint does: copies out, and into another optimizer. */
function goOn(options: ConstructorParameters<typeof Optimizer>[1]) {
  return (optimizer: Optimizer, variables: tf.Variable[]): Optimizer => {
    const next = new Optimizer(variables, options);
    const state = optimizer.state().map(({ name, tensor }) => ({
      name,
      tensor: tf.tensor(Float32Array.from(tensor.dataSync()), tensor.shape),
    }));
    next.restore(state, optimizer.iterations);
    optimizer.dispose();
    return next;
  };
}

describe.skipIf(engine === undefined)('on the native engine', () => {
  it.each([
    { type: 'adam', learningRate: 0.01 },
    { type: 'adamw', learningRate: 0.01, weightDecay: 0.2, epsilon: 1e-3 },
    { type: 'adam', learningRate: 0.01, groups: [{ match: '*bias', type: 'sgd' as const }] },
  ] as const)('gradients and $type are those of plain JavaScript: %j', async (options) => {
    const expected = await trained('cpu', options as never);
    expectAlike(await trained('tensorflow', options as never), expected);
    expectAlike(await trained('tensorflow', options as never, goOn(options as never)), expected);
  });

  it('looks at a state and goes on without changing it', async () => {
    const options = { type: 'adam', learningRate: 0.01 } as const;
    const looked = await trained('tensorflow', options, (optimizer) => {
      for (const { tensor } of optimizer.state()) tensor.dataSync();
      return optimizer;
    });
    expectAlike(looked, await trained('tensorflow', options));
  });

  it('leaves alone who shares a weight, and what was assigned to it meanwhile', async () => {
    await tf.setBackend('tensorflow');
    const weight = tf.variable(tf.tensor1d([1, 2]));
    const shared = tf.clone(weight);
    const optimizer = new Optimizer([weight], { type: 'adam', learningRate: 0.5 });
    optimizer.apply([tf.tensor1d([1, -1])], 0.5);
    expect([...shared.dataSync()]).toEqual([1, 2]);
    expect([...weight.dataSync()].map((value) => value.toFixed(3))).toEqual(['0.500', '2.500']);
    weight.assign(tf.tensor1d([10, 20]));
    optimizer.apply([tf.tensor1d([1, -1])], 0.5);
    expect([...weight.dataSync()].map((value) => value.toFixed(3))).toEqual(['9.500', '20.500']);
  });

  it('keeps the number of tensors', async () => {
    await tf.setBackend('tensorflow');
    const weight = tf.variable(tf.zeros([3]));
    const optimizer = new Optimizer([weight], { type: 'adam', learningRate: 0.1 });
    const gradient = tf.ones([3]);
    const binding = (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding;
    const counts = Array.from({ length: 5 }, () => {
      optimizer.apply([gradient], 0.1);
      optimizer.state();
      return [tf.memory().numTensors, binding.getNumOfTensors()].join();
    });
    expect(new Set(counts.slice(1)).size).toBe(1);
  });

  it('reshapes as tfjs does', async () => {
    await tf.setBackend('tensorflow');
    const x = tf.tensor1d([1, 2, 3, 4, 5, 6]);
    const same = tf.reshape(x, [6]);
    x.dispose();
    expect([...same.dataSync()]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(tf.reshape(same, [2, -1]).arraySync()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(tf.reshape(tf.tensor1d(['a', 'b'], 'string'), [2, 1]).arraySync()).toEqual([['a'], ['b']]);
    expect(() => tf.reshape(same, [4, 2])).toThrow(/Size/);
  });
});
