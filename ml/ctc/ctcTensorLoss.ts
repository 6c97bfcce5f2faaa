import * as tf from '@tensorflow/tfjs-core';
import { ctcLoss, type CtcOptions } from './ctcLoss';

/**
 * The mean CTC loss of a batch as a tensor whose gradient tf.js can follow. An example that its frames cannot hold
 * counts as zero and teaches nothing.
 * @param scores unnormalised, `[batch, frames, classes]`
 */
export function ctcTensorLoss(
  scores: tf.Tensor3D,
  labels: readonly ArrayLike<number>[],
  options: CtcOptions = {},
): tf.Scalar {
  const [batch, frames, classes] = scores.shape;
  const meanLoss = tf.customGrad((given: tf.Tensor | tf.GradSaveFunc) => {
    const values = (given as tf.Tensor).dataSync<'float32'>();
    const { losses, gradient } = ctcLoss(values, { batch, frames, classes }, labels, options);
    const possible = losses.filter(Number.isFinite);
    return {
      value: tf.scalar(possible.reduce((sum, loss) => sum + loss, 0) / batch),
      gradFunc: (dy: tf.Tensor) => tf.mul(tf.tensor(gradient, [batch, frames, classes]), tf.div(dy, batch)),
    };
  });
  return meanLoss(scores) as tf.Scalar;
}
