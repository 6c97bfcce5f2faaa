/** Pieces of networks as functions of tensors, with fewer operations than tf.js's own need. */
import * as tf from '@tensorflow/tfjs-core';

/** What layer normalisation raises the variance by. */
export const layerNormEpsilon = 1e-5;

/**
 * The name of a kernel that some engine may have: x `[rows, channels]`, gamma, beta, and `epsilon` → y, x normalised,
 * 1 / deviation, with a gradient of its own.
 */
export const wholeLayerNorm = 'GoyaLayerNorm';

/**
 * Layer normalisation (Ba et al. 2016) over the last axis, with its gradient in closed form.
 * @param gamma, beta `[channels]`
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const whole: unknown = tf.getKernel(wholeLayerNorm, tf.getBackend());
  if (whole !== undefined) return normalizeWhole(x, gamma, beta);
  const normalize = tf.customGrad((...given: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, scale, shift, save] = given as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const centred = tf.sub(input, tf.mean(input, -1, true));
    const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), layerNormEpsilon));
    const unit = tf.mul(centred, inverse);
    save([unit, inverse, scale]);
    return { value: tf.add(tf.mul(unit, scale), shift), gradFunc: normGradient };
  });
  return normalize(x, gamma, beta);
}

function normalizeWhole(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  const rows = tf.reshape(x, [-1, gamma.size]);
  const inputs = { x: rows, gamma, beta };
  const [y] = tf.engine().runKernel<tf.Tensor[]>(wholeLayerNorm, inputs, { epsilon: layerNormEpsilon });
  if (y === undefined) throw new Error('the normalisation gave nothing');
  return tf.reshape(y, x.shape);
}

function normGradient(dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] {
  const [unit, inverse, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
  const leading = dy.shape.slice(0, -1).map((_, axis) => axis);
  const dUnit = tf.mul(dy, scale);
  const along = tf.mul(unit, tf.mean(tf.mul(dUnit, unit), -1, true));
  const dx = tf.mul(inverse, tf.sub(tf.sub(dUnit, tf.mean(dUnit, -1, true)), along));
  return [dx, tf.sum(tf.mul(dy, unit), leading), tf.sum(dy, leading)];
}

/**
 * Sets a share of the numbers to zero and scales the others up. Draws one number of `Math.random` (which a run seeds)
 * and the mask from a generator of its own: tf.js's dropout takes as long as the network around it.
 */
export function dropout(x: tf.Tensor, rate: number, training: boolean): tf.Tensor {
  return training && rate > 0 ? tf.mul(x, tf.tensor(dropoutMask(x.size, rate), x.shape)) : x;
}

/** Marsaglia's xorshift, four decisions a word. */
function dropoutMask(size: number, rate: number): Float32Array {
  const threshold = Math.round(rate * 256);
  const kept = 256 / (256 - threshold);
  const mask = new Float32Array(size);
  let word = Math.floor(Math.random() * 0xffff_ffff) | 1;
  for (let i = 0; i < size; i++) {
    if (i % 4 === 0) {
      word ^= word << 13;
      word ^= word >>> 17;
      word ^= word << 5;
    }
    if (((word >>> ((i % 4) * 8)) & 255) >= threshold) mask[i] = kept;
  }
  return mask;
}

/** `[…, from] · [from, to] + bias` */
export function linear(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor): tf.Tensor {
  const [from = 0, to = 0] = kernel.shape;
  const rows = tf.reshape(x, [x.size / from, from]);
  const product = tf.matMul(rows, kernel);
  const shifted = bias === undefined ? product : tf.add(product, bias);
  return tf.reshape(shifted, [...x.shape.slice(0, -1), to]);
}
