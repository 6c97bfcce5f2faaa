/**
 * The gradient of batch normalisation over the last axis. tfjs's own spreads every per-channel figure over the whole
 * tensor first and walks over it ten times; with the figures per channel kept small it takes four walks, on every backend.
 */
import * as tf from '@tensorflow/tfjs-core';
// Registers tfjs's gradients, which this one takes the place of.
import '@tensorflow/tfjs-layers';

let replaced = false;

/** For all backends. Safe to call twice. */
export function registerBatchNormGradient(): void {
  if (replaced) return;
  replaced = true;
  const stock = tf.getGradient(tf.FusedBatchNorm);
  tf.unregisterGradient(tf.FusedBatchNorm);
  tf.registerGradient({
    ...stock,
    gradFunc: (dy, saved, attrs) => {
      const [, mean] = saved;
      return mean?.rank === 1 && !Array.isArray(dy)
        ? perChannel(dy, saved, attrs as unknown as tf.FusedBatchNormAttrs)
        : stock.gradFunc(dy, saved, attrs);
    },
  });
}

/** dy, x `[…, c]`; mean, variance, scale `[c]`. */
function perChannel(
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  { varianceEpsilon }: tf.FusedBatchNormAttrs,
): Record<'x' | 'mean' | 'variance' | 'scale' | 'offset', () => tf.Tensor> {
  const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor | undefined];
  const leading = x.shape.slice(0, -1).map((_, axis) => axis);
  const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
  const slope = scale === undefined ? inverse : tf.mul(inverse, scale);
  // Made here, not in the functions below: what those make is gone when each returns, and several need the sums.
  const dySum = tf.sum(dy, leading);
  const product = tf.sum(tf.mul(dy, tf.sub(x, mean)), leading);
  return {
    x: () => tf.mul(dy, slope),
    mean: () => tf.neg(tf.mul(dySum, slope)),
    variance: () => tf.mul(product, tf.mul(tf.mul(slope, tf.square(inverse)), -0.5)),
    scale: () => tf.mul(product, inverse),
    offset: () => tf.clone(dySum),
  };
}
