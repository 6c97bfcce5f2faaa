import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { input, layers, model as modelOf } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildModel } from '../../backend/plugins/grapheme-to-phoneme/model';
import { modelOptions } from '../../backend/plugins/grapheme-to-phoneme/config';
import { loadTrained, type TrainedModel } from '../trained/load';
import { plainLinear, softmaxRows, type MakeLinear } from './arithmetic';
import { networksOf } from './compile';
import { alphabetIds } from './letters';
import { scoreByAll } from './network';
import { phonemizeText } from './phonemize';
import { SimdMemory } from './simd';

beforeAll(() => tf.setBackend('cpu'));

/** The farthest that the two ways are from each other in the scores of a word, beyond 1 as a share of the score. */
function difference(model: TrainedModel['model'], ids: readonly number[]): number {
  const networks = networksOf(model);
  if (networks === undefined) throw new Error('the model was not taken apart');
  const own = scoreByAll(networks, ids);
  const reference = tf.tidy(() => {
    const scores = model.predict(tf.tensor2d([...ids], [1, ids.length], 'int32')) as tf.Tensor3D;
    return (networks.length === 1 ? scores : tf.exp(scores)).dataSync<'float32'>();
  });
  expect(own).toHaveLength(reference.length);
  // Of several members the sum of the probabilities is compared with their mean.
  const scale = networks.length;
  return own.reduce((most, value, i) => {
    const wanted = reference[i] ?? NaN;
    return Math.max(most, Math.abs(value / scale - wanted) / Math.max(1, Math.abs(wanted)));
  }, 0);
}

describe('a word without tensors', () => {
  it.each([
    [{ channels: 16, heads: 2, inner: 24 }],
    [{ channels: 12, heads: 3, inner: 9, kernelSize: 4, convolutions: 2, attention: 1, upsampling: 3 }],
    [{ channels: 10, convolutions: 0, attention: 0, upsampling: 1 }],
    [{ channels: 16, heads: 4, inner: 20, members: 3 }],
  ])('has the scores of the model: %j', (options) => {
    const { model } = buildModel(modelOptions.parse(options), 9, 7);
    for (const layer of model.layers) {
      layer.setWeights(layer.getWeights().map((weight) => tf.randomNormal(weight.shape, 0, 0.4)));
    }
    for (const ids of [[3], [1, 2], [9, 8, 7, 1, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2]]) {
      expect(difference(model, ids)).toBeLessThan(1e-5);
    }
  });

  it('leaves a model of other layers to tensors', () => {
    const x = input({ shape: [4] });
    expect(
      networksOf(modelOf({ inputs: x, outputs: layers.dense({ units: 2 }).apply(x) as typeof x })),
    ).toBeUndefined();
  });
});

describe('the shipped model', () => {
  let trained: TrainedModel;
  beforeAll(async () => {
    const folder = path.resolve('assets/g2p-fa');
    trained = await loadTrained({ read: (name) => readFile(path.join(folder, name)) });
  });
  afterAll(() => trained.model.dispose());

  it('has the same scores both ways', () => {
    const { preprocessing } = trained.metadata;
    const ids =
      preprocessing.kind === 'graphemes' ? alphabetIds(preprocessing.alphabet) : new Map<string, number>();
    for (const word of ['سلام', 'آذربایجان', 'و', 'نمیخواستند']) {
      expect(
        difference(
          trained.model,
          Array.from(word, (letter) => ids.get(letter) ?? 1),
        ),
      ).toBeLessThan(1e-5);
    }
  });

  it('says the same of few words and of many', async () => {
    const words = ['شهر', 'ورزش', 'واگذاری', 'بازار', 'نرفته', 'پرنده', 'گویا', 'دوستان'];
    const many = await phonemizeText(trained, words);
    for (const [i, word] of words.entries()) {
      expect(await phonemizeText(trained, [word])).toEqual([many[i]]);
    }
  });
});

describe('arithmetic', () => {
  const simd: MakeLinear = (...map) => {
    const memory = SimdMemory.create();
    if (memory === undefined) throw new Error('Node has SIMD');
    return memory.linear(...map);
  };

  describe.each([
    ['plain', plainLinear],
    ['SIMD', simd],
  ])('%s', (_name, make) => {
    it.each([
      [1, 3],
      [4, 16],
      [7, 33],
      [8, 2],
    ])('multiplies %i overlapping rows into %i columns', (rows, to) => {
      const kernel = Float32Array.from({ length: 6 * to }, (_, i) => i % 5);
      const bias = Float32Array.from({ length: to }, (_, i) => i * 10);
      const x = Float64Array.from({ length: rows * 2 + 4 }, (_, i) => (i * 7) % 11);
      const out = make(kernel, to, bias).apply(x, rows, 2);
      expect(out).toHaveLength(rows * to);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < to; j++) {
          let sum = j * 10;
          for (let p = 0; p < 6; p++) sum += (x[i * 2 + p] ?? NaN) * (kernel[p * to + j] ?? NaN);
          expect(out[i * to + j]).toBe(sum);
        }
      }
    });
  });

  it('keeps the weights of many maps while its memory grows', () => {
    const memory = SimdMemory.create();
    const maps = Array.from({ length: 5 }, (_, i) => memory?.linear(new Float32Array(20_000).fill(i), 100));
    const sums = maps.map((map) => map?.apply(new Float64Array(200).fill(1), 1)[99]);
    expect(sums).toEqual([0, 200, 400, 600, 800]);
  });

  it('makes shares of huge numbers', () => {
    expect(
      [...softmaxRows(Float64Array.of(1000, 1000, -1000, 0, 0, 0), 3)].map((share) => share.toFixed(3)),
    ).toEqual(['0.500', '0.500', '0.000', '0.333', '0.333', '0.333']);
  });
});
