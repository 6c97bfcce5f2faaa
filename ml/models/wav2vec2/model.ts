/** Wav2Vec2 with a CTC head (Baevski et al. 2020). */
import * as tf from '@tensorflow/tfjs-core';
import { ModelTensors } from '../../weights/modelTensors';
import type { Weights } from '../../weights/weights';
import { takeDense, type Dense } from '../shared/dense';
import { linear } from '../shared/ops';
import type { Wav2Vec2Config } from './config';
import { Wav2Vec2Encoder, type ForwardOptions } from './encoder';

export class Wav2Vec2 {
  private constructor(
    readonly config: Wav2Vec2Config,
    private readonly encoder: Wav2Vec2Encoder,
    private readonly tensors: ModelTensors,
    private readonly head: Dense,
  ) {}

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(weights: Weights, config: Wav2Vec2Config): Promise<Wav2Vec2> {
    const encoder = await Wav2Vec2Encoder.load(weights, config);
    const tensors = new ModelTensors(weights);
    try {
      const head = await takeDense(tensors, [{ name: 'lm_head' }], [config.width, config.vocabulary]);
      return new Wav2Vec2(config, encoder, tensors, head);
    } catch (error) {
      encoder.dispose();
      tensors.dispose();
      throw error;
    }
  }

  /**
   * Unnormalised scores of the letters, `[batch, frames, vocabulary]`, the caller's.
   * @param rows samples at the model's rate, normalised, of one length
   */
  forward(rows: readonly Float32Array[], options: ForwardOptions = {}): tf.Tensor3D {
    return tf.tidy(() => {
      const hidden = this.encoder.forward(rows, options);
      const scores = linear(hidden, this.head.kernel, this.head.bias);
      return tf.reshape<tf.Rank.R3>(scores, [rows.length, -1, this.config.vocabulary]);
    });
  }

  dispose(): void {
    this.encoder.dispose();
    this.tensors.dispose();
  }
}
