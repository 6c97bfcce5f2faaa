import * as tf from '@tensorflow/tfjs-core';
import { decodeInPieces, type PieceOptions } from '../hifigan/pieces';
import { normalNumbers } from './noise';
import type { Vits } from './model';

export interface SpeakOptions extends Omit<PieceOptions, 'speaker'> {
  /** Above 1 is faster; the config's own by default, as are the noises. */
  readonly speakingRate?: number | undefined;
  /** How much the voice may vary from the most likely one, and its rhythm; 0 for the same sound each time. */
  readonly noise?: number | undefined;
  readonly durationNoise?: number | undefined;
  /** From 0, in a model of several voices. */
  readonly speaker?: number | undefined;
  /** Numbers in 0..1. */
  readonly random?: (() => number) | undefined;
}

/**
 * Speaks tokens, piece by piece: −1..1 at `config.sampleRate`. What it holds is freed when the consumer stops.
 * Throws `input.invalid` for tokens, a speaker or a rate that the model does not have.
 */
export async function* speak(
  model: Vits,
  ids: readonly number[],
  options: SpeakOptions = {},
): AsyncGenerator<Float32Array, void, void> {
  const speaker = model.speaker(options.speaker);
  try {
    const latents = await latentsOf(model, ids, speaker, options);
    try {
      yield* decodeInPieces(model.generator, latents, { ...options, speaker });
    } finally {
      latents.dispose();
    }
  } finally {
    speaker?.dispose();
  }
}

/** What the decoder makes sound of, `[1, 1, frames, channels]`. */
async function latentsOf(
  model: Vits,
  ids: readonly number[],
  speaker: tf.Tensor4D | undefined,
  options: SpeakOptions,
): Promise<tf.Tensor4D> {
  const { config } = model;
  const { noise = config.noise, durationNoise = config.durationNoise, random = Math.random } = options;
  const drawn = (count: number, deviation: number): Float32Array => normalNumbers(count, deviation, random);
  const prior = model.encode(ids);
  try {
    const forDurations = durationNoise > 0 ? drawn(2 * ids.length, durationNoise) : undefined;
    const logs = await model.logDurations(prior.hidden, speaker, forDurations);
    const frames = model.frames(logs, options.speakingRate);
    return tf.tidy(() => {
      const channels = config.flow.channels;
      const forLatents = noise > 0 ? (count: number) => drawn(count * channels, noise) : undefined;
      return model.flow(model.expand(prior, frames, forLatents), speaker);
    });
  } finally {
    tf.dispose([prior.hidden, prior.means, prior.logVariances]);
  }
}
