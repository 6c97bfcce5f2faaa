import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { bertShapes } from '../../../tests/fixtures/bertShapes';
import { randomWeights } from '../../../tests/fixtures/randomWeights';
import { renamed } from '../../weights/views';
import { bertConfig } from './config';
import { Bert } from './model';

const json = {
  vocab_size: 20,
  hidden_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  intermediate_size: 18,
  max_position_embeddings: 9,
  pad_token_id: 7,
  id2label: { 0: 'بد', 1: 'خوب' },
};
const config = bertConfig(json);
const shapes = bertShapes(config, 2);

beforeAll(() => tf.setBackend('cpu'));

describe('Bert', () => {
  it('gives a row the same in a padded batch as alone, and frees all it held', async () => {
    const before = tf.memory().numTensors;
    const model = await Bert.load(randomWeights(shapes, 0.5), config);
    const loaded = tf.memory().numTensors;
    const alone = model.forward([{ ids: [1, 2, 3] }]);
    const both = model.forward([{ ids: [4, 5, 6, 7, 8, 9] }, { ids: [1, 2, 3] }]);
    const difference = tf.tidy(() =>
      tf.max(tf.abs(tf.sub(tf.slice(both.hidden, [1, 0, 0], [1, 3, 12]), alone.hidden))),
    );
    expect((await difference.data())[0]).toBeLessThan(1e-5);
    const pooled = model.pool(alone.hidden);
    expect(pooled?.shape).toEqual([1, 12]);
    tf.dispose([alone.embeddings, alone.hidden, both.embeddings, both.hidden, difference, pooled ?? []]);
    expect(tf.memory().numTensors).toBe(loaded);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('reads the names of old files, and refuses weights of another size without keeping any', async () => {
    const old = renamed(
      randomWeights(
        Object.fromEntries(
          Object.entries(shapes).map(([name, shape]) => [
            name.replace('LayerNorm.weight', 'LayerNorm.gamma').replace('LayerNorm.bias', 'LayerNorm.beta'),
            shape,
          ]),
        ),
      ),
      () => [],
      (name) => name,
    );
    const model = await Bert.load(old, config);
    model.dispose();
    const before = tf.memory().numTensors;
    const other = { ...config, inner: 17 };
    await expect(Bert.load(randomWeights(shapes), other)).rejects.toMatchObject({ code: 'model.corrupt' });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('refuses what does not fit', async () => {
    const model = await Bert.load(randomWeights(shapes), config);
    for (const ids of [[], [20], [-1], [1.5], Array.from({ length: 10 }, () => 1)]) {
      expect(() => model.forward([{ ids }])).toThrow(expect.objectContaining({ code: 'input.invalid' }));
    }
    model.dispose();
    expect(() => bertConfig({ ...json, num_attention_heads: 5 })).toThrow('5 heads');
    expect(() => bertConfig({ ...json, position_embedding_type: 'relative_key' })).toThrow('relative_key');
  });
});
