/** Multi-head attention (Vaswani et al. 2017) on keys that are all there. Call inside `tf.tidy`. */
import * as tf from '@tensorflow/tfjs-core';
import { softmaxOnce } from './ops';
import { attendOfRow } from './row';

/** Elements of a score matrix above which heads are computed in groups: 64 MB. */
const mostScores = 1 << 24;

/** `[batch · tokens, parts · width]` → `parts` times `[batch, heads, tokens, head width]`. */
export function splitHeads(x: tf.Tensor2D, parts: number, batch: number, heads: number): tf.Tensor4D[] {
  const [rows, columns] = x.shape;
  const tokens = rows / batch;
  // No number of tokens: what is compiled of this serves any.
  const apart = tf.reshape<tf.Rank.R4>(x, [batch, -1, parts * heads, columns / (parts * heads)]);
  // One token needs no rearranging: its numbers lie in the same order either way.
  const byHead: tf.Tensor4D =
    tokens === 1
      ? tf.reshape(apart, [batch, parts * heads, 1, columns / (parts * heads)])
      : tf.transpose(apart, [0, 2, 1, 3]);
  return parts === 1 ? [byHead] : tf.split(byHead, parts, 1);
}

/**
 * @param query already scaled by the root of the head width; all `[batch, heads, tokens, head width]`
 * @param mask added to the scores: anything that broadcasts to `[batch, heads, queries, keys]` with one head
 * @returns `[batch · queries, heads · head width]`
 */
export function attend(
  query: tf.Tensor4D,
  keys: tf.Tensor4D,
  values: tf.Tensor4D,
  mask?: tf.Tensor4D,
): tf.Tensor2D {
  const [batch, heads, tokens, width] = query.shape;
  const ofRow = batch * tokens === 1 && !mask ? attendOfRow(query, keys, values, heads) : undefined;
  if (ofRow !== undefined) return ofRow;
  const group = headsAtOnce(batch * tokens * keys.shape[2], heads);
  const mixed: tf.Tensor4D[] = [];
  for (let first = 0; first < heads; first += group) {
    mixed.push(
      tf.tidy(() => {
        const [q, k, v] = [query, keys, values].map((x) => headsOf(x, first, Math.min(group, heads - first)));
        const raw = tf.matMul(q as tf.Tensor4D, k as tf.Tensor4D, false, true);
        return tf.matMul(tf.softmax(mask === undefined ? raw : tf.add(raw, mask)), v as tf.Tensor4D);
      }),
    );
  }
  const all = mixed.length === 1 ? (mixed[0] as tf.Tensor4D) : tf.concat(mixed, 1);
  const inOrder = tokens === 1 ? all : tf.transpose(all, [0, 2, 1, 3]);
  return tf.reshape(inOrder, [tokens === 1 ? batch : -1, heads * width]);
}

function headsAtOnce(scores: number, heads: number): number {
  return Math.max(1, Math.min(heads, Math.floor(mostScores / scores)));
}

/** Whether `attend` does the same for this many tokens as for most. */
export function isWhole(batch: number, tokens: number, heads: number): boolean {
  return tokens > 1 && headsAtOnce(batch * tokens * tokens, heads) === heads;
}

function headsOf(x: tf.Tensor4D, first: number, count: number): tf.Tensor4D {
  return count === x.shape[1] ? x : tf.slice(x, [0, first, 0, 0], [-1, count, -1, -1]);
}

/**
 * Of one token of one row, with keys and values as they lie: each head's part of the query in a row of its own, zeros
 * beside it. The zeros are multiplied too, which costs less than to take keys and values apart.
 * @param query scaled, `[1, width]`; keys and values `[tokens, width]`
 * @returns `[1, width]`
 */
export function attendOnce(
  query: tf.Tensor2D,
  keys: tf.Tensor2D,
  values: tf.Tensor2D,
  heads: number,
): tf.Tensor2D {
  const ofRow = attendOfRow(query, keys, values, heads);
  if (ofRow !== undefined) return ofRow;
  const own = ownParts(heads, query.shape[1]);
  const scores = tf.matMul<tf.Tensor2D>(tf.mul(query, own), keys, false, true);
  return tf.sum(tf.mul(tf.matMul(softmaxOnce(scores), values), own), 0, true);
}

/** `[heads, width]`: 1 where a column is the head's. */
function ownParts(heads: number, width: number): tf.Tensor2D {
  const part = width / heads;
  return tf.tensor2d(
    Float32Array.from({ length: heads * width }, (_, i) =>
      Math.floor((i % width) / part) === Math.floor(i / width) ? 1 : 0,
    ),
    [heads, width],
  );
}

/** The least float32: softmax makes a zero of it beside any real score. */
export const never = -3.4028234663852886e38;

/**
 * `[batch, 1, 1, tokens]`: 0 where a token is one, the least float where it only fills the row up.
 * @param used `[batch · tokens]`, 1 or 0
 */
export function paddingMask(used: Uint8Array, batch: number): tf.Tensor4D {
  const mask = Float32Array.from(used, (one) => (one === 0 ? never : 0));
  return tf.tensor4d(mask, [batch, 1, 1, used.length / batch]);
}

/** 1 for the first `lengths[row]` of each row's tokens. */
export function usedOf(lengths: readonly number[], tokens: number): Uint8Array {
  const used = new Uint8Array(lengths.length * tokens);
  lengths.forEach((length, row) => used.fill(1, row * tokens, row * tokens + length));
  return used;
}
