import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimizerOptions, trainingOptions, type OptimizerOptions } from '../sdk/options';
import { isBetter, lowerIsBetter, Patience } from './monitor';
import { clipByGlobalNorm, Optimizer } from './optimizer';
import { learningRateAt } from './schedule';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const start = [1, -2, 3];
/** An uneven bowl whose gradients differ per weight. */
const loss = (x: tf.Variable): tf.Scalar => tf.sum(tf.mul(tf.square(x), tf.tensor1d([1, 5, 0.2])));

function steps(options: OptimizerOptions, count: number): number[] {
  const x = tf.variable(tf.tensor1d(start));
  const optimizer = new Optimizer([x], options);
  for (let i = 0; i < count; i++) {
    const { value, grads } = tf.variableGrads(() => loss(x), [x]);
    optimizer.apply([grads[x.name]], options.learningRate);
    tf.dispose([value, grads]);
  }
  return [...x.dataSync()];
}

describe('Optimizer', () => {
  it.each<[OptimizerOptions, () => tf.Optimizer]>([
    [optimizerOptions.parse({ type: 'adam', learningRate: 0.1 }), () => tf.train.adam(0.1, 0.9, 0.999, 1e-7)],
    [optimizerOptions.parse({ type: 'sgd', learningRate: 0.05 }), () => tf.train.sgd(0.05)],
    [
      optimizerOptions.parse({ type: 'sgd', learningRate: 0.05, momentum: 0.9 }),
      () => tf.train.momentum(0.05, 0.9),
    ],
    [
      optimizerOptions.parse({ type: 'rmsprop', learningRate: 0.05, momentum: 0.5 }),
      () => tf.train.rmsprop(0.05, 0.9, 0.5, 1e-7),
    ],
  ])('%j agrees with tfjs', (options, theirs) => {
    const y = tf.variable(tf.tensor1d(start));
    const reference = theirs();
    for (let i = 0; i < 20; i++) reference.minimize(() => loss(y), false, [y]);
    const expected = y.dataSync();
    steps(options, 20).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
  });

  it('decays weights apart from the gradient', () => {
    const plain = steps(optimizerOptions.parse({ type: 'sgd', learningRate: 0.1 }), 1);
    const decayed = steps(optimizerOptions.parse({ type: 'sgd', learningRate: 0.1, weightDecay: 0.5 }), 1);
    decayed.forEach((value, i) => expect(value).toBeCloseTo(plain[i]! - 0.1 * 0.5 * start[i]!, 5));
  });

  it('goes on from its saved state bit for bit', () => {
    const options = optimizerOptions.parse({ type: 'adam', learningRate: 0.1 });
    const x = tf.variable(tf.tensor1d(start));
    const take = (optimizer: Optimizer, variable: tf.Variable, count: number): void => {
      for (let i = 0; i < count; i++) {
        optimizer.apply([tf.variableGrads(() => loss(variable), [variable]).grads[variable.name]], 0.1);
      }
    };
    const first = new Optimizer([x], options);
    take(first, x, 5);
    const y = tf.variable(tf.tensor1d([...x.dataSync()]));
    const second = new Optimizer([y], options);
    second.restore(first.state(), first.iterations);
    take(first, x, 5);
    take(second, y, 5);
    expect([...y.dataSync()]).toEqual([...x.dataSync()]);
  });

  it('refuses a state of another model', () => {
    const optimizer = new Optimizer([tf.variable(tf.tensor1d(start))], optimizerOptions.parse({}));
    expect(() => optimizer.restore([{ name: '0/m', tensor: tf.zeros([4]) }], 1)).toThrow(/does not fit/);
  });
});

describe('clipByGlobalNorm', () => {
  it('scales together, and leaves small gradients alone', () => {
    const clipped = clipByGlobalNorm([tf.tensor1d([3]), undefined, tf.tensor1d([4])], 1);
    expect(clipped.map((one) => one?.dataSync()[0])).toEqual([
      expect.closeTo(0.6, 6),
      undefined,
      expect.closeTo(0.8, 6),
    ]);
    expect(clipByGlobalNorm([tf.tensor1d([0.3])], 1)[0]?.dataSync()[0]).toBeCloseTo(0.3);
  });
});

describe('learningRateAt', () => {
  const span = { stepsPerEpoch: 10, epochs: 10 };
  const at = (schedule: object, step: number): number =>
    learningRateAt(step, trainingOptions.parse({ optimizer: { learningRate: 1 }, schedule }), span);

  it('warms up, then follows its shape', () => {
    expect(at({ warmupSteps: 4 }, 0)).toBe(0.25);
    expect(at({ warmupSteps: 4 }, 3)).toBe(1);
    expect(at({ warmupSteps: 4 }, 50)).toBe(1);
    expect(at({ type: 'cosine' }, 0)).toBe(1);
    expect(at({ type: 'cosine' }, 50)).toBeCloseTo(0.5);
    expect(at({ type: 'cosine' }, 100)).toBeCloseTo(0);
    expect(at({ type: 'cosine', finalFactor: 0.1 }, 100)).toBeCloseTo(0.1);
    expect(at({ type: 'step', everyEpochs: 2, factor: 0.1 }, 19)).toBe(1);
    expect(at({ type: 'step', everyEpochs: 2, factor: 0.1 }, 20)).toBeCloseTo(0.1);
  });
});

describe('monitors', () => {
  it.each([
    ['val_loss', true],
    ['loss', true],
    ['val_per', true],
    ['wer', true],
    ['val_accuracy', false],
    ['val_macro_f1', false],
    ['paper', false],
  ])('%s low is good: %s', (name, low) => expect(lowerIsBetter(name)).toBe(low));

  it('knows the better value', () => {
    expect(isBetter('val_loss', 1, undefined)).toBe(true);
    expect(isBetter('val_loss', NaN, 2)).toBe(false);
    expect(isBetter('val_accuracy', 0.9, 0.8)).toBe(true);
    expect(isBetter('val_loss', 0.95, 1, 0.1)).toBe(false);
  });

  it('counts epochs without a better one', () => {
    const patience = new Patience('val_loss', 0);
    expect([3, 2, 2.5, 2.1, 1].map((value) => patience.observe(value))).toEqual([0, 0, 1, 2, 0]);
  });
});
