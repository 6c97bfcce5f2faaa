/** Layers of voices. */
import * as tf from '@tensorflow/tfjs-core';
import { ConvBlock, isTraining, pair, type Kwargs } from './blocks';
import { convolve, dropout, layerNorm } from './functional';

/**
 * `x + dropout(norm(relu(conv(x))))`, for what foretells an amount. A norm after the dropout, as in `ConvBlock`, sees other
 * deviations without it, and the amounts come out too large.
 */
export class AmountBlock extends ConvBlock {
  static override readonly className = 'GoyaAmountBlock';

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs?: Kwargs): tf.Tensor {
    return tf.tidy(() => {
      const [given, presence] = pair(inputs);
      const x = tf.mul<tf.Tensor3D>(given, presence);
      const y = convolve(x, this.weight('kernel') as tf.Tensor3D, this.weight('bias'));
      const norm = layerNorm(y, this.weight('gamma'), this.weight('beta'));
      return tf.add(x, dropout(norm, this.rate, isTraining(kwargs)));
    });
  }
}

/** Makes `tf.loadLayersModel` know these layers. */
export function registerVoiceBlocks(): void {
  tf.serialization.registerClass(AmountBlock);
}
