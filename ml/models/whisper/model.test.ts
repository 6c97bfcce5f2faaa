import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomWeights } from '../../../tests/fixtures/randomWeights';
import { whisperShapes } from '../../../tests/fixtures/whisperShapes';
import { whisperConfig, whisperTokens } from './config';
import { generate } from './generate';
import { Whisper } from './model';

const json = {
  vocab_size: 23,
  d_model: 12,
  encoder_layers: 1,
  encoder_attention_heads: 3,
  encoder_ffn_dim: 20,
  decoder_layers: 2,
  decoder_attention_heads: 2,
  decoder_ffn_dim: 16,
  num_mel_bins: 5,
  max_source_positions: 6,
  max_target_positions: 9,
  decoder_start_token_id: 20,
  eos_token_id: 19,
};
const config = whisperConfig(json);
const mel = { frames: 12, width: 5, data: Float32Array.from({ length: 60 }, (_, i) => Math.sin(i)) };

beforeAll(() => tf.setBackend('cpu'));

async function loaded(): Promise<Whisper> {
  return Whisper.load(randomWeights(whisperShapes(config), 0.5), config);
}

describe('Whisper', () => {
  it('gives the same a token at a time, in rows beside each other, and after rows changed places', async () => {
    const before = tf.memory().numTensors;
    const model = await loaded();
    const held = tf.memory().numTensors;
    const encoded = model.encode(mel);
    const cache = model.listen(encoded);
    const scores = (ids: number[], batch = 1, lastOnly = true): Float32Array => {
      const { hidden, logits } = model.forward(ids, cache, { batch, lastOnly });
      const data = logits.dataSync<'float32'>().slice();
      tf.dispose([hidden, logits]);
      return data;
    };
    const near = (a: Float32Array, b: Float32Array): void => {
      expect(a.length).toBe(b.length);
      expect(a.reduce((most, x, i) => Math.max(most, Math.abs(x - (b[i] ?? NaN))), 0)).toBeLessThan(1e-5);
    };
    const whole = scores([20, 3, 4, 5], 1, false);
    cache.restart();
    scores([20, 3]);
    scores([4]);
    near(scores([5]), whole.subarray(3 * 23));
    cache.restart();
    const two = scores([20, 7, 8, 20, 3, 4], 2);
    near(two.subarray(23), whole.subarray(2 * 23, 3 * 23));
    cache.reorder([1, 1]);
    const next = scores([9, 5], 2);
    near(next.subarray(23), whole.subarray(3 * 23));
    tf.dispose(encoded);
    cache.dispose();
    expect(tf.memory().numTensors).toBe(held);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('says tokens until the end token or its length, never what is suppressed', async () => {
    const model = await loaded();
    const encoded = model.encode(mel);
    const cache = model.listen(encoded);
    const options = { prompt: [20], mostNewTokens: 99, timestamps: false };
    const free = await generate(model, { ...whisperTokens(json), end: -1 }, cache, options);
    expect(free.ids).toHaveLength(8);
    const [first = 0] = free.ids;
    const held = whisperTokens(json, { suppress_tokens: [first], begin_suppress_tokens: [19] });
    const other = await generate(model, held, cache, options);
    expect(other.ids).not.toContain(first);
    const ends = await generate(model, { ...whisperTokens(json), end: first }, cache, options);
    expect(ends.ids).toEqual([first]);
    tf.dispose(encoded);
    cache.dispose();
    model.dispose();
  });

  it('refuses what does not fit', async () => {
    const model = await loaded();
    expect(() => model.encode({ ...mel, frames: 11 })).toThrow('12 frames of 5 mels');
    const encoded = model.encode(mel);
    const cache = model.listen(encoded);
    expect(() => model.forward([23], cache)).toThrow('Token 23');
    expect(() =>
      model.forward(
        Array.from({ length: 10 }, () => 1),
        cache,
      ),
    ).toThrow('more than the model');
    tf.dispose(encoded);
    cache.dispose();
    model.dispose();
    expect(() => whisperTokens({ ...json, eos_token_id: null })).toThrow('begin and end');
  });
});
