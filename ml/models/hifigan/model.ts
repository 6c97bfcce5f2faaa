/** `SpeechT5HifiGan`: a vocoder, from log-mel spectrograms to sound. */
import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../../errors';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import type { HifiganConfig } from './config';
import { Generator } from './generator';

interface Normalisation {
  readonly mean: tf.Tensor;
  readonly scale: tf.Tensor;
}

export class Hifigan {
  private constructor(
    readonly config: HifiganConfig,
    private readonly tensors: ModelTensors,
    readonly generator: Generator,
    private readonly normalisation: Normalisation | undefined,
  ) {}

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(weights: Weights, config: HifiganConfig): Promise<Hifigan> {
    const tensors = new ModelTensors(rooted(weights, ['', 'vocoder.'], 'conv_pre.bias'));
    try {
      const shape = [config.mels];
      const normalisation = config.normalizes
        ? { mean: await tensors.take('mean', shape), scale: await tensors.take('scale', shape) }
        : undefined;
      const generator = await Generator.load(tensors, '', config.generator);
      return new Hifigan(config, tensors, generator, normalisation);
    } catch (error) {
      tensors.dispose();
      throw error;
    }
  }

  /**
   * @param mels `[batch, frames, mels]`
   * @returns `[batch, samples]`, −1..1, the caller's. Throws `input.invalid` for other mels.
   */
  vocode(mels: tf.Tensor3D): tf.Tensor2D {
    return tf.tidy(() => this.generator.decode(this.latentsOf(mels)));
  }

  /**
   * What the generator takes, `[batch, 1, frames, mels]`: normalised where the model does so. Call inside `tf.tidy`. Throws
   * `input.invalid` for other mels.
   */
  latentsOf(mels: tf.Tensor3D): tf.Tensor4D {
    const [batch, frames, width] = mels.shape;
    if (width !== this.config.mels || frames === 0) {
      throw new MlError(
        'input.invalid',
        `The vocoder takes frames of ${this.config.mels} mels, not ${frames} of ${width}.`,
      );
    }
    const { normalisation } = this;
    const unit =
      normalisation === undefined
        ? mels
        : tf.div<tf.Tensor3D>(tf.sub(mels, normalisation.mean), normalisation.scale);
    return tf.reshape(unit, [batch, 1, frames, width]);
  }

  dispose(): void {
    this.generator.dispose();
    this.tensors.dispose();
  }
}
