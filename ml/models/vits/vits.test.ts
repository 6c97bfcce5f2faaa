import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { randomVits } from '../../../tests/fixtures/vitsWeights';
import { decodeInPieces } from '../hifigan/pieces';
import { vitsConfig } from './config';
import { Vits } from './model';
import { speak } from './speak';

const small = {
  model_type: 'vits',
  vocab_size: 9,
  hidden_size: 6,
  flow_size: 4,
  num_hidden_layers: 1,
  num_attention_heads: 3,
  ffn_dim: 8,
  ffn_kernel_size: 2,
  window_size: 2,
  num_speakers: 3,
  speaker_embedding_size: 5,
  prior_encoder_num_flows: 2,
  prior_encoder_num_wavenet_layers: 2,
  wavenet_kernel_size: 3,
  wavenet_dilation_rate: 2,
  duration_predictor_num_flows: 2,
  upsample_initial_channel: 8,
  upsample_rates: [3, 2],
  // An odd one over an even stride is a sample longer.
  upsample_kernel_sizes: [7, 5],
  resblock_kernel_sizes: [3, 2],
  resblock_dilation_sizes: [
    [1, 3],
    [2, 4],
  ],
} as const;

let model: Vits;
let before: number;

beforeAll(async () => {
  await tf.setBackend('cpu');
});

beforeEach(async () => {
  before = tf.memory().numTensors;
  model = await Vits.load(randomVits(small), vitsConfig(small));
});

afterEach(() => {
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

async function joined(pieces: AsyncIterable<Float32Array>): Promise<{ samples: number[]; count: number }> {
  const samples: number[] = [];
  let count = 0;
  for await (const piece of pieces) {
    count += 1;
    samples.push(...piece);
  }
  return { samples, count };
}

describe('a decoder in pieces', () => {
  it('gives the samples of the whole, without a seam', async () => {
    const latents = tf.randomNormal<tf.Rank.R4>([1, 1, 150, 4], 0, 1, 'float32', 5);
    const speaker = model.speaker(2);
    const wave = model.decode(latents, speaker);
    const whole = await wave.data<'float32'>();
    const options = { first: 5, most: 17, speaker };
    const { samples, count } = await joined(decodeInPieces(model.generator, latents, options));
    tf.dispose([latents, wave, speaker ?? []]);
    expect(count).toBeGreaterThan(5);
    expect(samples).toHaveLength(whole.length);
    expect(samples).toHaveLength(model.generator.samples(150));
    const furthest = samples.reduce((most, x, i) => Math.max(most, Math.abs(x - (whole[i] ?? NaN))), 0);
    expect(furthest).toBeLessThan(1e-6);
    expect(Math.max(...samples) - Math.min(...samples)).toBeGreaterThan(1e-3);
  });

  it('needs the frames that it says it needs: with one fewer the samples differ', async () => {
    const latents = tf.randomNormal<tf.Rank.R4>([1, 1, 90, 4], 0, 1, 'float32', 6);
    const changed = tf.tidy(() => {
      const [first, , last] = tf.split(latents, [44, 1, 45], 2);
      const parts = [first, tf.ones([1, 1, 1, 4]), last] as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
      return tf.concat(parts, 2);
    });
    const [one, other] = [model.decode(latents), model.decode(changed)];
    const [a, b] = [await one.data(), await other.data()];
    tf.dispose([latents, changed, one, other]);
    const { hop, reach } = model.generator;
    const touched = Array.from(a, (x, i) => (x === b[i] ? -1 : Math.floor(i / hop))).filter(
      (frame) => frame >= 0,
    );
    expect(Math.min(...touched)).toBeGreaterThanOrEqual(44 - reach);
    expect(Math.max(...touched)).toBeLessThanOrEqual(44 + reach);
    expect(Math.max(...touched) - Math.min(...touched)).toBeGreaterThan(reach);
  });
});

describe('speaking', () => {
  const seeded = (): (() => number) => {
    let state = 1;
    return () => (state = (state * 16807) % 2147483647) / 2147483647;
  };

  it('says the same with the same random numbers, and each speaker sounds otherwise', async () => {
    const say = async (speaker: number): Promise<string> =>
      (await joined(speak(model, [1, 2, 3], { speaker, random: seeded() }))).samples.join();
    const first = await say(0);
    expect(await say(0)).toBe(first);
    expect(await say(1)).not.toBe(first);
  });

  it('speaks longer at half the rate', async () => {
    const quiet = { noise: 0, durationNoise: 0 };
    const fast = await joined(speak(model, [1, 2, 3, 4], { ...quiet, speakingRate: 2 }));
    const slow = await joined(speak(model, [1, 2, 3, 4], { ...quiet, speakingRate: 0.25 }));
    expect(slow.samples.length).toBeGreaterThan(fast.samples.length);
  });

  it('frees all when the listener has heard enough', async () => {
    const loaded = tf.memory().numTensors;
    for await (const piece of speak(model, [1, 2, 3], { first: 1 })) {
      expect(piece.length).toBeGreaterThan(0);
      break;
    }
    expect(tf.memory().numTensors).toBe(loaded);
  });

  it('refuses what the model does not have', async () => {
    const refusal = { code: 'input.invalid' };
    await expect(joined(speak(model, [9]))).rejects.toMatchObject(refusal);
    await expect(joined(speak(model, []))).rejects.toMatchObject(refusal);
    await expect(joined(speak(model, [1], { speaker: 3 }))).rejects.toMatchObject(refusal);
    await expect(joined(speak(model, [1], { speakingRate: 0 }))).rejects.toMatchObject(refusal);
  });
});

describe('loading', () => {
  it('refuses a config that its weights do not fit, and keeps nothing', async () => {
    const loaded = tf.memory().numTensors;
    const other = { ...small, wavenet_kernel_size: 5 };
    await expect(Vits.load(randomVits(small), vitsConfig(other))).rejects.toMatchObject({
      code: 'model.corrupt',
    });
    expect(tf.memory().numTensors).toBe(loaded);
  });

  it('refuses durations that no text has', () => {
    expect(() => model.frames(Float32Array.of(80), 1)).toThrow(/frames/);
    expect(() => model.frames(Float32Array.of(NaN), 1)).toThrow(/frames/);
  });
});
