/** How long each letter is spoken: what the two duration predictors share, and the one that draws no noise. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { MlError } from '../../errors';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import type { DurationConfig } from './config';
import { loadNorm, normed, type Norm } from './norm';

export interface DurationPredictor {
  /**
   * The logarithm of each letter's frames.
   * @param hidden `[1, 1, length, width]`, which stays the caller's
   * @param speaker `[1, 1, 1, speaker width]`
   * @param noise normal numbers with the deviation wanted, `[2, length]`; none for the most likely durations
   */
  predict(
    hidden: tf.Tensor4D,
    speaker: tf.Tensor4D | undefined,
    noise: Float32Array | undefined,
  ): Promise<Float32Array>;
}

/** More than an hour of speech: no text has it, but damaged weights may. */
const mostFrames = 250_000;

/** Frames of each letter. Throws `model.corrupt` for numbers that are none. */
export function framesOf(logs: Float32Array, speakingRate: number): Int32Array {
  const frames = Array.from(logs, (log) => Math.ceil(Math.exp(log) / speakingRate));
  const total = frames.reduce((sum, count) => sum + count, 0);
  if (!(total <= mostFrames)) {
    throw new MlError('model.corrupt', `The model gives ${frames.length} letters ${total} frames of sound.`);
  }
  return Int32Array.from(frames);
}

export class PlainDurations implements DurationPredictor {
  private constructor(
    private readonly layers: readonly { readonly conv: Conv1d; readonly norm: Norm }[],
    private readonly project: Conv1d,
    private readonly speaker: Conv1d | undefined,
  ) {}

  static async load(
    tensors: ModelTensors,
    config: DurationConfig,
    speakerWidth: number,
  ): Promise<PlainDurations> {
    const { width, inner, size, epsilon } = config;
    const at = 'duration_predictor';
    const layer = async (i: number, from: number): Promise<{ conv: Conv1d; norm: Norm }> => ({
      conv: await loadConv1d(tensors, `${at}.conv_${i}`, { from, to: inner, size }),
      norm: await loadNorm(tensors, `${at}.norm_${i}`, inner, epsilon),
    });
    return new PlainDurations(
      [await layer(1, width), await layer(2, inner)],
      await loadConv1d(tensors, `${at}.proj`, { from: inner, to: 1, size: 1 }),
      speakerWidth > 0
        ? await loadConv1d(tensors, `${at}.cond`, { from: speakerWidth, to: width, size: 1 })
        : undefined,
    );
  }

  async predict(hidden: tf.Tensor4D, speaker: tf.Tensor4D | undefined): Promise<Float32Array> {
    const logs = tf.tidy(() => {
      const told =
        speaker === undefined || this.speaker === undefined
          ? hidden
          : tf.add<tf.Tensor4D>(hidden, conv1d(speaker, this.speaker));
      const last = this.layers.reduce((x, { conv, norm }) => normed(tf.relu(conv1d(x, conv)), norm), told);
      return conv1d(last, this.project);
    });
    try {
      return await logs.data<'float32'>();
    } finally {
      logs.dispose();
    }
  }
}
