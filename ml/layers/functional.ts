/** Pieces of networks as functions of tensors, with fewer operations than tf.js's own need. */
import * as tf from '@tensorflow/tfjs-core';
import { hasWhole, runWhole, wholeConv1d, wholeDense, wholeLayerNorm } from './whole';

/** What layer normalisation raises the variance by. */
export const layerNormEpsilon = 1e-5;

/**
 * Layer normalisation (Ba et al. 2016) over the last axis, with its gradient in closed form.
 * @param gamma, beta `[channels]`
 */
export function layerNorm(x: tf.Tensor, gamma: tf.Tensor, beta: tf.Tensor): tf.Tensor {
  if (hasWhole(wholeLayerNorm))
    return runWhole(wholeLayerNorm, { x, gamma, beta }, { epsilon: layerNormEpsilon });
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
  const mask = dropoutMask(x.shape, rate, training);
  return mask === undefined ? x : tf.mul(x, mask);
}

/** What `dropout` multiplies by; undefined where it drops nothing. */
export function dropoutMask(
  shape: readonly number[],
  rate: number,
  training: boolean,
): tf.Tensor | undefined {
  if (!training || rate <= 0) return undefined;
  return tf.tensor(drawMask(tf.util.sizeFromShape([...shape]), rate), [...shape]);
}

/** Marsaglia's xorshift, four decisions a word. */
function drawMask(size: number, rate: number): Float32Array {
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

/** `[…, from] · [from, to] + bias`, cut off at 0 with `relu`. */
export function linear(x: tf.Tensor, kernel: tf.Tensor, bias?: tf.Tensor, relu = false): tf.Tensor {
  if (bias !== undefined && hasWhole(wholeDense))
    return runWhole(wholeDense, { x, weight: kernel, bias }, { relu });
  const [from = 0, to = 0] = kernel.shape;
  const rows = tf.reshape(x, [x.size / from, from]);
  const product = tf.matMul(rows, kernel);
  const shifted = bias === undefined ? product : tf.add(product, bias);
  const y = tf.reshape(shifted, [...x.shape.slice(0, -1), to]);
  return relu ? tf.relu(y) : y;
}

/** `relu(conv(x) + bias)`, as long as x: `[batch, length, channels]`, kernel `[taps, channels, filters]`. */
export function convolve(x: tf.Tensor3D, kernel: tf.Tensor3D, bias: tf.Tensor): tf.Tensor {
  const inputs = { x, weight: kernel, bias };
  if (hasWhole(wholeConv1d)) return runWhole(wholeConv1d, inputs, { relu: true, same: true });
  return tf.relu(tf.add(tf.conv1d(x, kernel, 1, 'same'), bias));
}
