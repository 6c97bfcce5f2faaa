/**
 * One row through a layer, as each further token of a text is: reading the weights is the work then, and an engine may have
 * kernels that do nothing else. Where it has none, the answer is undefined.
 */
import * as tf from '@tensorflow/tfjs-core';
import { hasWhole, runWhole, wholeAttendRow, wholeDense, wholeLayerNorm } from '../../layers/whole';

const isRow = (x: tf.Tensor): boolean => x.rank === 2 && x.shape[0] === 1;

export function linearOfRow(
  x: tf.Tensor2D,
  kernel: tf.Tensor2D,
  bias?: tf.Tensor1D,
): tf.Tensor2D | undefined {
  if (!isRow(x) || !hasWhole(wholeDense)) return undefined;
  const inputs = { x, weight: kernel, bias: bias ?? tf.tensor1d([]) };
  return runWhole(wholeDense, inputs, { relu: false }) as tf.Tensor2D;
}

export function normOfRow<T extends tf.Tensor>(
  x: T,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  epsilon: number,
): T | undefined {
  if (!isRow(x) || !hasWhole(wholeLayerNorm)) return undefined;
  return runWhole(wholeLayerNorm, { x, gamma, beta }, { epsilon }) as T;
}

/** Without a scale and a shift. */
export function unitOfRow<T extends tf.Tensor>(x: T, epsilon: number): T | undefined {
  const width = x.shape.at(-1) ?? 0;
  if (!isRow(x) || !hasWhole(wholeLayerNorm)) return undefined;
  return normOfRow(x, tf.ones([width]), tf.zeros([width]), epsilon);
}

/**
 * @param query scaled, of one row
 * @param keys and values as they lie, `[tokens, width]`, or by heads, `[1, heads, tokens, head width]`
 * @returns `[1, width]`
 */
export function attendOfRow(
  query: tf.Tensor,
  keys: tf.Tensor,
  values: tf.Tensor,
  heads: number,
): tf.Tensor2D | undefined {
  if (!hasWhole(wholeAttendRow)) return undefined;
  return runWhole(wholeAttendRow, { query, keys, values }, { heads }) as tf.Tensor2D;
}
