/** Self-attention of several heads (Vaswani et al. 2017), in one operation where the engine has it. */
import * as tf from '@tensorflow/tfjs-core';
import { linear } from './functional';
import { hasWhole, runWhole, wholeAttention } from './whole';

/** Each `[width, width]`. */
export interface AttentionWeights {
  readonly query: tf.Tensor;
  readonly key: tf.Tensor;
  readonly value: tf.Tensor;
}

const farBelow = -1e9;

/**
 * What the elements of x `[batch, length, width]` see of each other, before the last projection.
 * @param presence `[batch, length, 1]`: 0 for what nobody looks at
 * @param mask what dropout multiplies the looks by, `[batch, heads, length, length]`
 * @returns like x
 */
export function attend(
  x: tf.Tensor3D,
  presence: tf.Tensor3D,
  weights: AttentionWeights,
  heads: number,
  mask?: tf.Tensor,
): tf.Tensor {
  if (hasWhole(wholeAttention))
    return runWhole(wholeAttention, { x, presence, ...weights, mask: mask ?? tf.zeros([0]) }, { heads });
  const [batch, length, width] = x.shape;
  const size = width / heads;
  const split = (weight: tf.Tensor): tf.Tensor4D => {
    const all = tf.reshape(linear(x, weight), [batch, length, heads, size]);
    return tf.transpose(all, [0, 2, 1, 3]) as tf.Tensor4D;
  };
  const absent = tf.mul(tf.sub(1, tf.reshape(presence, [batch, 1, 1, length])), farBelow);
  const scores = tf.mul(
    tf.matMul(split(weights.query), split(weights.key), false, true),
    1 / Math.sqrt(size),
  );
  const looks = tf.softmax(tf.add(scores, absent));
  const kept = (mask === undefined ? looks : tf.mul(looks, mask)) as tf.Tensor4D;
  const mixed = tf.transpose(tf.matMul(kept, split(weights.value)), [0, 2, 1, 3]);
  return tf.reshape(mixed, [batch, length, width]);
}
