import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { balancedWeights, classificationLoss, evaluateClassifier, logitsOf } from './classification';
import { taskOf, trainModuleOf } from './contract';
import { Random } from './random';
import { shuffledBatches, stratifiedSplit } from './split';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

describe('Random', () => {
  it('gives the same numbers for the same seeds and others for others', () => {
    const draw = (...seeds: number[]): number[] => {
      const random = Random.from(...seeds);
      return [random.next(), random.next(), random.next()];
    };
    expect(draw(7, 1)).toEqual(draw(7, 1));
    expect(draw(7, 1)).not.toEqual(draw(1, 7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('goes on from a saved state', () => {
    const random = Random.from(3);
    random.next();
    const copy = Random.restore(random.state);
    expect([copy.next(), copy.next()]).toEqual([random.next(), random.next()]);
  });

  it('is uniform and in range', () => {
    const random = Random.from(5);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) bins[Math.floor(random.next() * 10)]! += 1;
    for (const count of bins) expect(Math.abs(count - 2000)).toBeLessThan(200);
    expect(Math.max(...Array.from({ length: 1000 }, () => random.int(3)))).toBe(2);
  });
});

describe('stratifiedSplit', () => {
  it('keeps shares, loses nothing, and gives rare labels to training first', () => {
    const labels = [...new Array<number>(40).fill(0), ...new Array<number>(10).fill(1), 2, 3, 3];
    const { training, validation } = stratifiedSplit(labels, 0.2, Random.from(1));
    expect([...training, ...validation].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
    const held = (label: number): number => validation.filter((i) => labels[i] === label).length;
    expect([held(0), held(1), held(2), held(3)]).toEqual([8, 2, 0, 1]);
  });

  it('makes batches of every index once', () => {
    const batches = shuffledBatches([1, 2, 3, 4, 5], 2, Random.from(2));
    expect(batches.map((batch) => batch.length)).toEqual([2, 2, 1]);
    expect(batches.flat().sort()).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('classification', () => {
  const model = sequential({
    layers: [layers.dense({ inputShape: [2], units: 3, activation: 'softmax' })],
  });
  model.setWeights([tf.tensor2d([1, 0, -1, 0, 2, 1], [2, 3]), tf.tensor1d([0.1, -0.2, 0.3])]);
  const batch = () => ({
    inputs: tf.tensor2d([
      [3, 0],
      [0, 3],
      [-3, 1],
    ]),
    labels: tf.tensor1d([0, 1, 1], 'int32'),
  });

  it('computes the cross-entropy of the probabilities the model answers', async () => {
    const { inputs, labels } = batch();
    const { loss, metrics, examples } = classificationLoss(
      logitsOf(model),
      { inputs, labels },
      { classes: 3 },
    );
    const probabilities = await (model.predict(inputs) as tf.Tensor2D).array();
    const expected = -[0, 1, 1].reduce((sum, label, i) => sum + Math.log(probabilities[i]![label]!), 0) / 3;
    expect((await loss.data())[0]).toBeCloseTo(expected, 5);
    expect((await metrics!['accuracy']!.data())[0]).toBeCloseTo(2 / 3, 6);
    expect(examples).toBe(3);
  });

  it('stays finite where probabilities underflow', async () => {
    const inputs = tf.tensor2d([[400, -400]]);
    const { loss } = classificationLoss(
      logitsOf(model),
      { inputs, labels: tf.tensor1d([2], 'int32') },
      { classes: 3 },
    );
    const value = (await loss.data())[0]!;
    expect(Number.isFinite(value)).toBe(true);
    expect(value).toBeGreaterThan(100);
  });

  it('measures confusion, F1 and accuracy', async () => {
    const before = tf.memory().numTensors;
    const evaluation = await evaluateClassifier(
      logitsOf(model),
      [batch()],
      ['a', 'b', 'c'],
      new AbortController().signal,
    );
    expect(tf.memory().numTensors).toBe(before);
    expect(evaluation.report?.confusion).toEqual([
      [1, 0, 0],
      [0, 1, 1],
      [0, 0, 0],
    ]);
    expect(evaluation.metrics['val_accuracy']).toBeCloseTo(2 / 3);
    expect(evaluation.report?.perLabel?.[1]).toEqual({
      label: 'b',
      precision: 1,
      recall: 0.5,
      f1: 2 / 3,
      support: 2,
    });
    expect(evaluation.metrics['val_macro_f1']).toBeCloseTo((1 + 2 / 3) / 2);
  });

  it('refuses a model that does not end in probabilities', () => {
    const plain = sequential({ layers: [layers.dense({ inputShape: [2], units: 3 })] });
    expect(() => logitsOf(plain)).toThrow(/softmax/);
  });

  it('balances classes as scikit-learn does', () => {
    expect(balancedWeights([0, 0, 0, 1], 2)).toEqual([4 / 6, 2]);
  });
});

describe('the plugin contract', () => {
  const whole = {
    title: 'T',
    description: 'D',
    data: z.strictObject({}),
    model: z.strictObject({}),
    inspect: () => Promise.resolve([]),
    load: () => Promise.resolve({}),
  };
  it('takes a whole task', () => expect(taskOf({ default: whole })).toBe(whole));
  it.each([
    [{}, /default/],
    [{ default: 3 }, /contract/],
    [{ default: { ...whole, inspect: undefined } }, /inspect: must be a function/],
    [{ default: { ...whole, data: z.string() } }, /data: must be a zod object/],
    [{ default: { ...whole, title: '' } }, /title/],
  ])('refuses %j', (module, message) => expect(() => taskOf(module)).toThrow(message));
  it('wants prepare behind load', () => expect(() => trainModuleOf({})).toThrow(/prepare/));
});
