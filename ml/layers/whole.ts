/**
 * Kernels that an engine may have for what takes several operations elsewhere, with gradients of their own. Their first
 * result is what is wanted, the others are kept for the gradient.
 */
import * as tf from '@tensorflow/tfjs-core';

/** x `[…, in]`, weight `[in, out]`, bias `[out]` (or empty: none), flag `relu` */
export const wholeDense = 'GoyaDense';
/** x `[batch, length, in]`, weight `[taps, in, out]`, bias `[out]`, flags `relu`, and `same` (not `valid`) */
export const wholeConv1d = 'GoyaConv1D';
/** x `[…, channels]`, gamma, beta `[channels]`, number `epsilon` */
export const wholeLayerNorm = 'GoyaLayerNorm';
/**
 * x `[batch, length, width]`, presence `[batch, length, 1]`, query, key, value `[width, width]`, the mask of dropout
 * `[batch, heads, length, length]` (none where it is empty), number `heads` → mixed values like x
 */
export const wholeAttention = 'GoyaAttention';

/**
 * query of one row, scaled, keys and values `[tokens, width]` or `[1, heads, tokens, head width]`, number `heads` →
 * `[1, width]`; no gradient
 */
export const wholeAttendRow = 'GoyaAttendRow';

export function hasWhole(name: string): boolean {
  const kernel: unknown = tf.getKernel(name, tf.getBackend());
  return kernel !== undefined;
}

export function runWhole(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attributes: Readonly<Record<string, number | boolean>>,
): tf.Tensor {
  const results = tf.engine().runKernel<tf.Tensor | tf.Tensor[]>(name, { ...inputs }, { ...attributes });
  const first = Array.isArray(results) ? results[0] : results;
  if (first === undefined) throw new Error(`the engine's ${name} gave nothing`);
  return first;
}
