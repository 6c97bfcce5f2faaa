/** LSTM layers on the native engine give what plain JavaScript does: outputs and gradients. */
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential, type LayersModel } from '@tensorflow/tfjs-layers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { loadEngine } from './engines/load';
import { findNative } from './engines/locate';
import { unfuseLayers } from './unfuse';

const { engine, reason } = await findNative({ storagePath: undefined });
if (engine === undefined)
  process.stderr.write(`The tests of the native engine's LSTM are left out: it is ${reason}.\n`);

let takeBack: () => void;
beforeAll(async () => {
  await loadEngine('cpu', { storagePath: undefined });
  if (engine !== undefined) await loadEngine('tensorflow', { storagePath: undefined });
  takeBack = unfuseLayers();
});
afterEach(() => tf.setBackend('cpu'));
afterAll(() => takeBack());

type Options = Partial<Parameters<typeof layers.lstm>[0]>;
const sigmoid = { recurrentActivation: 'sigmoid' } as const;

function both(options: Options): LayersModel {
  const lstm = (units: number, more: Options) => layers.lstm({ units, ...sigmoid, ...options, ...more });
  const layer = lstm(5, { returnSequences: true });
  return sequential({
    layers: [
      layers.bidirectional({ layer: layer, inputShape: [7, 3], mergeMode: 'concat' }),
      lstm(4, { returnSequences: false }),
    ],
  });
}

/** Output, and the gradients of the weights and of the input, one after the other. */
async function figures(backend: string, make: () => LayersModel): Promise<number[]> {
  await tf.setBackend(backend);
  const model = make();
  const seeded = (shape: number[], seed: number): tf.Tensor =>
    tf.randomNormal(shape, 0, 0.5, 'float32', seed);
  model.setWeights(model.weights.map(({ shape }, i) => seeded(shape as number[], i + 1)));
  const isVariable = (tensor: tf.Tensor): tensor is tf.Variable => tensor instanceof tf.Variable;
  const weights = model.trainableWeights.map((weight) => weight.read()).filter(isVariable);
  const x = tf.variable(seeded([2, ...model.inputs.flatMap(({ shape }) => shape.slice(1).map(Number))], 50));
  const apply = (): tf.Tensor => model.apply(x, { training: true }) as tf.Tensor;
  const target = seeded(apply().shape, 51);
  const all = [...weights, x];
  const { grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.squaredDifference(apply(), target)), all);
  return [apply(), ...all.map(({ name }) => grads[name])].flatMap((one) => [...(one?.dataSync() ?? [])]);
}

const shapes: [string, () => LayersModel][] = [
  ['in both directions, then the last point of time', () => both({})],
  ['without a bias', () => both({ useBias: false })],
  [
    'backwards, every point of time',
    () =>
      sequential({
        layers: [
          layers.lstm({ units: 4, goBackwards: true, returnSequences: true, inputShape: [7, 3], ...sigmoid }),
        ],
      }),
  ],
  ['with hard gates, which tfjs does', () => both({ recurrentActivation: 'hardSigmoid' })],
];

describe.skipIf(engine === undefined)('LSTM layers on the native engine', () => {
  it.each(shapes)('%s', async (_name, make) => {
    const expected = await figures('cpu', make);
    const got = await figures('tensorflow', make);
    expect(got.length).toBe(expected.length);
    expect(got.length).toBeGreaterThan(50);
    const worst = got.map((value, at) => Math.abs(value - (expected[at] ?? NaN)));
    expect(Math.max(...worst)).toBeLessThan(1e-5);
  });

  it('are computed whole', async () => {
    await tf.setBackend('tensorflow');
    const layer = layers.lstm({ units: 4, ...sigmoid });
    const { kernelNames } = await tf.profile(() => layer.apply(tf.ones([2, 7, 3])) as tf.Tensor);
    expect(kernelNames).not.toContain('Sigmoid');
  });

  it('leave no tensors behind', async () => {
    await figures('tensorflow', () => both({}));
    const binding = (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding;
    const x = tf.ones([2, 7, 3]);
    const layer = layers.lstm({ units: 4, ...sigmoid });
    const step = (): string => {
      tf.tidy(() => {
        tf.grad((given) => tf.sum(layer.apply(given) as tf.Tensor))(x);
      });
      return [tf.memory().numTensors, binding.getNumOfTensors()].join();
    };
    const counts = [step(), step(), step()];
    expect(counts[2]).toBe(counts[1]);
  });
});
