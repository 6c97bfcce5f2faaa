import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { optimizerOptions, optimizerTypes, trainingOptions, type OptimizerOptions } from '../sdk/options';
import { isBetter, lowerIsBetter, Patience } from './monitor';
import { clipByGlobalNorm, clipByValue, Optimizer } from './optimizer';
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
    [optimizerOptions.parse({ type: 'momentum', learningRate: 0.05 }), () => tf.train.momentum(0.05, 0.9)],
    [optimizerOptions.parse({ type: 'adagrad', learningRate: 0.3 }), () => tf.train.adagrad(0.3, 0.1)],
  ])('%j agrees with tfjs', (options, theirs) => {
    const y = tf.variable(tf.tensor1d(start));
    const reference = theirs();
    for (let i = 0; i < 20; i++) reference.minimize(() => loss(y), false, [y]);
    const expected = y.dataSync();
    steps(options, 20).forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 3));
  });

  // tfjs divides by the gradients of the step before, unlike the paper.
  it('adadelta agrees with the paper', () => {
    const [rho, epsilon] = [0.9, 1e-3];
    const x = [...start];
    const [squares, updates] = [x.map(() => 0), x.map(() => 0)];
    for (let step = 0; step < 20; step++) {
      x.forEach((value, i) => {
        const gradient = 2 * ([1, 5, 0.2][i] ?? 0) * value;
        squares[i] = rho * squares[i]! + (1 - rho) * gradient ** 2;
        const update = Math.sqrt((updates[i]! + epsilon) / (squares[i] + epsilon)) * gradient;
        updates[i] = rho * updates[i]! + (1 - rho) * update ** 2;
        x[i] = value - update;
      });
    }
    const got = steps(optimizerOptions.parse({ type: 'adadelta', learningRate: 1, rho, epsilon }), 20);
    got.forEach((value, i) => expect(value).toBeCloseTo(x[i]!, 3));
  });

  it('decays weights apart from the gradient', () => {
    const plain = steps(optimizerOptions.parse({ type: 'sgd', learningRate: 0.1 }), 1);
    const decayed = steps(optimizerOptions.parse({ type: 'sgd', learningRate: 0.1, weightDecay: 0.5 }), 1);
    decayed.forEach((value, i) => expect(value).toBeCloseTo(plain[i]! - 0.1 * 0.5 * start[i]!, 5));
  });

  it.each(optimizerTypes)('%s goes on from its saved state bit for bit', (type) => {
    const options = optimizerOptions.parse({ type, learningRate: 0.1 });
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

  describe('with groups', () => {
    const names = ['embedding_1/embeddings', 'dense_1/kernel', 'dense_1/bias', 'probabilities/kernel'];
    const ones = () => names.map(() => tf.variable(tf.tensor1d([1, -1])));
    const gradients = () => names.map(() => tf.tensor1d([0.5, 0.5]));
    const after = (options: object, count = 1): number[][] => {
      const variables = ones();
      const optimizer = new Optimizer(variables, optimizerOptions.parse(options), names);
      for (let i = 0; i < count; i++) optimizer.apply(gradients(), 0.1);
      return variables.map((variable) => [...variable.dataSync()].map((x) => Number(x.toFixed(4))));
    };

    it('gives each weight the rule and the rate of the first group that matches', () => {
      const sgd = { type: 'sgd', learningRate: 0.1 };
      const got = after({
        ...sgd,
        groups: [
          { match: 'embedding*', learningRate: 0.2 },
          { match: '*/bias', learningRate: 0 },
          { match: 'dense_1', type: 'adam' },
          { match: '*' },
        ],
      });
      expect(got).toEqual([
        [0.9, -1.1],
        [0.9, -1.1],
        [1, -1],
        [0.95, -1.05],
      ]);
      expect(after({ ...sgd, groups: [{ match: 'dense_1/kernel', weightDecay: 0.5 }] })[1]).toEqual([
        0.9, -1,
      ]);
    });

    it('goes on from its saved state bit for bit', () => {
      const options = optimizerOptions.parse({
        type: 'adam',
        groups: [
          { match: 'embedding*', type: 'adagrad', learningRate: 0.01 },
          { match: 'dense_1', type: 'momentum' },
        ],
      });
      const [first, second] = [ones(), ones()];
      const whole = new Optimizer(first, options, names);
      for (let i = 0; i < 6; i++) whole.apply(gradients(), 0.1);
      const before = new Optimizer(second, options, names);
      for (let i = 0; i < 3; i++) before.apply(gradients(), 0.1);
      const resumed = new Optimizer(second, options, names);
      resumed.restore(before.state(), before.iterations);
      for (let i = 0; i < 3; i++) resumed.apply(gradients(), 0.1);
      expect(second.map((one) => [...one.dataSync()])).toEqual(first.map((one) => [...one.dataSync()]));
    });

    it('refuses a group that no weight belongs to, and names the weights', () => {
      expect(() => after({ groups: [{ match: 'embeding*' }] })).toThrow(
        /groups\[0\].*embeding\*.*dense_1\/kernel/,
      );
    });
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

describe('clipByValue', () => {
  it('cuts single entries off', () => {
    const [clipped, none] = clipByValue([tf.tensor1d([-3, 0.5, 3]), undefined], 1);
    expect([...(clipped?.dataSync() ?? [])]).toEqual([-1, 0.5, 1]);
    expect(none).toBeUndefined();
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
