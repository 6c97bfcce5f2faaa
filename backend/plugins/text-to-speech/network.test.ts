import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../ml/generation/random';
import { toBatch, type Utterance } from './batches';
import { modelOptions } from './config';
import { buildModel } from './model';
import { VoiceNetwork } from './network';

const mels = 20;
const options = modelOptions.parse({
  mels,
  encoderChannels: 16,
  decoderChannels: 16,
  encoderConvolutions: 2,
  decoderConvolutions: 1,
});

function utterance(ids: readonly number[], frames: number): Utterance {
  const random = seededRandom(3);
  const noise = Float32Array.from({ length: frames * mels }, () => random() - 0.5);
  return { audioPath: '', text: '', line: 1, ids, mels: noise, frames };
}

let network: VoiceNetwork;
beforeAll(async () => {
  await tf.setBackend('cpu');
  network = new VoiceNetwork(buildModel(options, 6), mels);
});
afterAll(() => network.model.dispose());

describe('alignments', () => {
  it('are near the straight way in the first epoch, and free of it later', () => {
    const batch = toBatch([utterance([1, 2, 3, 4, 5], 50), utterance([6, 1, 2], 24)], mels);
    const durations = (epoch: number): number[][] => {
      network.beginEpoch(epoch);
      return tf.tidy(() => network.foretell(batch, false).durations.map((own) => Array.from(own)));
    };
    const [first = [], shorter = []] = durations(1);
    for (const frames of first) expect(Math.abs(frames - 10)).toBeLessThanOrEqual(3);
    for (const frames of shorter) expect(Math.abs(frames - 8)).toBeLessThanOrEqual(3);
    const late = durations(30);
    expect(late).not.toEqual([first, shorter]);
    expect(late.map((own) => own.reduce((sum, each) => sum + each, 0))).toEqual([50, 24]);
    tf.dispose(batch);
  });

  it('share the frames of a sound that follows itself', () => {
    const batch = toBatch([utterance([1, 4, 4, 4, 2], 40)], mels);
    const [, ...rest] = network.alignmentOf(batch).frames;
    const [first = 0, second = 0, third = 0] = rest;
    expect(Math.max(first, second, third) - Math.min(first, second, third)).toBeLessThanOrEqual(1);
    expect(network.alignmentOf(batch).frames.reduce((sum, each) => sum + each, 0)).toBe(40);
    tf.dispose(batch);
  });

  it('take a sound for the same whatever stands beside it', () => {
    const scoresOfFirst = (ids: readonly number[]): Float32Array => {
      const batch = toBatch([utterance(ids, 30)], mels);
      const { scores } = network.alignmentOf(batch);
      tf.dispose(batch);
      return scores.slice(0, 30);
    };
    expect(scoresOfFirst([4, 2, 3])).toEqual(scoresOfFirst([4, 5, 1]));
    expect(scoresOfFirst([4, 2, 3])).not.toEqual(scoresOfFirst([5, 2, 3]));
  });
});
