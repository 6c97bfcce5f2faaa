import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { classifyAudio } from './audio';
import { AudioFeatures, audioFrames, fitClip, normalizeBands } from './audioFeatures';
import { audioPreprocessing, type AudioPreprocessing } from './metadata';

const options: AudioPreprocessing = {
  kind: 'audio',
  sampleRate: 8000,
  seconds: 0.5,
  nFft: 256,
  hop: 128,
  mels: 8,
  fMin: 0,
  fMax: 4000,
  floor: 1e-6,
  peak: 0.5,
  mean: new Array<number>(8).fill(-5),
  std: new Array<number>(8).fill(2),
};

const tone = (hz: number, rate: number, seconds: number) =>
  Float32Array.from(
    { length: Math.round(rate * seconds) },
    (_, i) => 0.1 * Math.sin((2 * Math.PI * hz * i) / rate),
  );

beforeAll(() => tf.setBackend('cpu'));

describe('fitClip', () => {
  it('centres a shorter clip in silence', () => {
    expect([...fitClip(Float32Array.of(1, 2), 5)]).toEqual([0, 1, 2, 0, 0]);
  });

  it('takes the loudest part of a longer one', () => {
    expect([...fitClip(Float32Array.of(0, 0, 0.5, 3, 2, 0, 1), 3)]).toEqual([0.5, 3, 2]);
    expect([...fitClip(new Float32Array(9), 3)]).toEqual([0, 0, 0]);
  });
});

describe('AudioFeatures', () => {
  const features = new AudioFeatures(options);

  it('scales to the peak, at the rate and length of the model', () => {
    const clip = features.clip(tone(440, 16_000, 2), 16_000);
    expect(clip).toHaveLength(4000);
    expect(clip.reduce((max, v) => Math.max(max, Math.abs(v)), 0)).toBeCloseTo(0.5, 6);
  });

  it('finds the loudest part of a long recording as it does of a short one', () => {
    const rate = 16_000;
    const said = tone(700, rate, 0.4).map((value) => 3 * value);
    const around = (seconds: number): Float32Array => {
      const samples = tone(90, rate, seconds);
      samples.set(said, Math.round(samples.length / 2));
      return samples;
    };
    const [long, short] = [around(40), around(4)].map((samples) => features.clip(samples, rate));
    expect(long).toHaveLength(4000);
    long?.forEach((value, i) => expect(value).toBeCloseTo(short?.[i] ?? NaN, 4));
  });

  it('leaves silence silent and refuses an empty clip', () => {
    expect(features.clip(new Float32Array(100), 8000).every((v) => v === 0)).toBe(true);
    expect(() => features.clip(new Float32Array(0), 8000)).toThrow(/no sound/);
  });

  it('gives frames × bands, the same for the same tone at another rate', () => {
    const at = (rate: number) => features.energies(features.clip(tone(1000, rate, 0.5), rate));
    const [low, high] = [at(8000), at(22_050)];
    expect(low).toHaveLength(audioFrames(options) * options.mels);
    const middle = 16 * options.mels;
    const loudest = low
      .subarray(middle, middle + 8)
      .indexOf(low.subarray(middle, middle + 8).reduce((a, b) => Math.max(a, b)));
    expect(high[middle + loudest]).toBeCloseTo(low[middle + loudest] ?? 0, 1);
  });

  it('normalises each band', () => {
    const energies = Float32Array.of(-5, -3, -1, -7);
    normalizeBands(energies, { mean: [-5, -3], std: [2, 4] });
    expect([...energies]).toEqual([0, 0, 2, -1]);
  });
});

describe('classifyAudio', () => {
  it('feeds the model what the metadata describes', async () => {
    // Two labels scored by the mean of the low and of the high bands.
    const model = sequential({
      layers: [
        layers.reshape({ targetShape: [audioFrames(options), 8], inputShape: [audioFrames(options), 8, 1] }),
        layers.globalAveragePooling1d({}),
        layers.dense({ units: 2, activation: 'softmax' }),
      ],
    });
    const weights = Array.from({ length: 8 }, (_, band) => (band < 4 ? [1, 0] : [0, 1]));
    model.setWeights([tf.tensor2d(weights), tf.tensor1d([0, 0])]);
    const trained = {
      model,
      metadata: {
        formatVersion: 1 as const,
        task: 'audio-classification',
        name: 'pitch',
        labels: ['low', 'high'],
        preprocessing: options,
        metrics: {},
        engine: { name: 'cpu' },
        createdAt: '2026-01-01T00:00:00.000Z',
        configHash: '0',
      },
    };
    const tensors = tf.memory().numTensors;
    expect((await classifyAudio(trained, tone(200, 8000, 0.4), 8000))[0]?.label).toBe('low');
    expect((await classifyAudio(trained, tone(3000, 44_100, 0.4), 44_100))[0]?.label).toBe('high');
    expect(tf.memory().numTensors).toBe(tensors);
    model.dispose();
  });
});

it('refuses metadata whose figures contradict each other', () => {
  expect(audioPreprocessing.safeParse(options).success).toBe(true);
  expect(audioPreprocessing.safeParse({ ...options, mean: [1] }).success).toBe(false);
  expect(audioPreprocessing.safeParse({ ...options, fMax: 5000 }).success).toBe(false);
});
