import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { randomWeights } from '../../../tests/fixtures/randomWeights';
import { wav2vec2Shapes } from '../../../tests/fixtures/wav2vec2Shapes';
import { gelu } from '../shared/ops';
import { wav2vec2Config } from './config';
import { preparedRows } from './input';
import { Wav2Vec2 } from './model';

const json = {
  vocab_size: 7,
  hidden_size: 12,
  num_hidden_layers: 2,
  num_attention_heads: 3,
  intermediate_size: 16,
  conv_dim: [6, 8],
  conv_kernel: [5, 3],
  conv_stride: [3, 2],
  num_conv_pos_embeddings: 5,
  num_conv_pos_embedding_groups: 2,
  pad_token_id: 6,
};
const tone = (length: number, pitch: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => Math.sin(i * pitch) + 0.3 * Math.sin(i * i * 0.01) + 0.2);

beforeAll(() => tf.setBackend('cpu'));

describe('Wav2Vec2', () => {
  it('gives the frames that a normalisation of the whole first convolution gives, however long the sound', async () => {
    const config = wav2vec2Config(json);
    const weights = randomWeights(wav2vec2Shapes(config), 0.5);
    const model = await Wav2Vec2.load(weights, config);
    const samples = tone(1600, 0.2);
    const at = 'wav2vec2.feature_extractor.conv_layers';
    const names = [
      `${at}.0.conv.weight`,
      `${at}.0.layer_norm.weight`,
      `${at}.0.layer_norm.bias`,
      `${at}.1.conv.weight`,
    ];
    const [first, gamma, beta, second] = await Promise.all(names.map((name) => weights.load(name)));
    let got: Float32Array | undefined;
    const tap = (stage: string, x: tf.Tensor): void => {
      if (stage === 'features') got = x.dataSync<'float32'>();
    };
    model.forward([samples], { tap }).dispose();
    const wanted = tf.tidy(() => {
      const filters = [first, second].map((filter) => tf.transpose(filter as tf.Tensor3D, [2, 1, 0]));
      const y = tf.conv1d(tf.tensor3d(samples, [1, 1600, 1]), filters[0] as tf.Tensor3D, 3, 'valid');
      const { mean, variance } = tf.moments(y, 1, true);
      const unit = tf.mul(tf.sub(y, mean), tf.rsqrt(tf.add(variance, 1e-5)));
      const active = gelu(tf.add<tf.Tensor3D>(tf.mul(unit, gamma as tf.Tensor), beta as tf.Tensor));
      return gelu(tf.conv1d(active, filters[1] as tf.Tensor3D, 2, 'valid')).dataSync<'float32'>();
    });
    expect(got?.length).toBe(265 * 8);
    const worst = wanted.reduce((most, value, i) => Math.max(most, Math.abs(value - (got?.[i] ?? NaN))), 0);
    expect(worst).toBeLessThan(1e-5);
    model.dispose();
    tf.dispose([first, gamma, beta, second] as tf.Tensor[]);
  });

  it('tells sound from what fills a row up, and frees all it held', async () => {
    const stable = { do_stable_layer_norm: true, feat_extract_norm: 'layer', conv_bias: true };
    const config = wav2vec2Config({ ...json, ...stable, num_conv_pos_embeddings: 4 });
    const before = tf.memory().numTensors;
    const model = await Wav2Vec2.load(randomWeights(wav2vec2Shapes(config), 0.4), config);
    const loaded = tf.memory().numTensors;
    const input = { sampleRate: 16_000, normalize: true, masked: true, filler: 0 };
    const [short, long] = [tone(103, 0.4), tone(200, 0.7)];
    const alone = preparedRows([short], input);
    const both = preparedRows([long, short], input);
    const single = model.forward(alone.rows, { lengths: alone.lengths ?? [] });
    const padded = model.forward(both.rows, { lengths: both.lengths ?? [] });
    expect(single.shape).toEqual([1, 16, 7]);
    const [a, b] = [single.dataSync<'float32'>(), padded.dataSync<'float32'>().subarray(32 * 7)];
    const worst = a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);
    expect(worst).toBeLessThan(1e-5);
    tf.dispose([single, padded]);
    expect(tf.memory().numTensors).toBe(loaded);
    expect(() => model.forward([new Float32Array(10)])).toThrow('at least 11 samples');
    expect(tf.memory().numTensors).toBe(loaded);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('hears positions with the activation of the convolutions, whatever the width of their kernel', async () => {
    for (const num_conv_pos_embeddings of [4, 5]) {
      const relu = { do_stable_layer_norm: true, feat_extract_activation: 'relu', num_conv_pos_embeddings };
      const config = wav2vec2Config({ ...json, ...relu });
      const model = await Wav2Vec2.load(randomWeights(wav2vec2Shapes(config), 0.4), config);
      const taps = new Map<string, Float32Array>();
      const tap = (stage: string, x: tf.Tensor): void => void taps.set(stage, x.dataSync<'float32'>());
      model.forward([tone(200, 0.4)], { tap }).dispose();
      const before = taps.get('projection') ?? new Float32Array(0);
      const added = taps.get('positions')?.map((value, i) => value - (before[i] ?? NaN));
      expect(added?.length).toBe(32 * 12);
      expect(added?.every((value) => value >= -1e-6)).toBe(true);
      expect(added?.some((value) => value > 1e-3)).toBe(true);
      model.dispose();
    }
  });

  it('refuses what it cannot run', () => {
    expect(() => wav2vec2Config({ ...json, conv_stride: [1] })).toThrow('different numbers');
    expect(() => wav2vec2Config({ ...json, add_adapter: true })).toThrow('adapters');
    expect(() => wav2vec2Config({ ...json, num_conv_pos_embedding_groups: 5 })).toThrow('5 groups');
  });
});
