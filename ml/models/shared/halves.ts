import * as tf from '@tensorflow/tfjs-core';

/** The first and the second half of the last axis. Call inside `tf.tidy`. */
export function halves<T extends tf.Tensor>(x: T): readonly [T, T] {
  const [first, second] = tf.split(x, 2, -1);
  if (first === undefined || second === undefined) throw new Error('split gave no two parts');
  return [first as T, second as T];
}
