/** Self-attention with learned relative positions (Shaw et al. 2018), as VITS has it. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { linear } from '../shared/ops';
import type { EncoderConfig } from './config';

/** Stored as `[in, out]`. */
interface Dense {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D | undefined;
}

export interface AttentionWeights {
  readonly query: Dense;
  readonly key: Dense;
  readonly value: Dense;
  readonly output: Dense;
  /** `[2 · window + 1, head width]`, shared by the heads; none without a window. */
  readonly relativeKeys: tf.Tensor2D | undefined;
  readonly relativeValues: tf.Tensor2D | undefined;
}

export async function loadAttention(
  tensors: ModelTensors,
  name: string,
  { width, heads, window, bias }: EncoderConfig,
): Promise<AttentionWeights> {
  const dense = async (part: string): Promise<Dense> => {
    const stored = (await tensors.take(`${name}.${part}.weight`, [width, width])) as tf.Tensor2D;
    const kernel = tensors.keep(tf.transpose(stored));
    tensors.release(stored);
    return { kernel, bias: bias ? await tensors.take(`${name}.${part}.bias`, [width]) : undefined } as Dense;
  };
  const relative = async (part: string): Promise<tf.Tensor2D | undefined> => {
    if (window === 0) return undefined;
    const stored = await tensors.take(`${name}.${part}`, [1, 2 * window + 1, width / heads]);
    const flat = tensors.keep(tf.reshape<tf.Rank.R2>(stored, [2 * window + 1, width / heads]));
    tensors.release(stored);
    return flat;
  };
  return {
    query: await dense('q_proj'),
    key: await dense('k_proj'),
    value: await dense('v_proj'),
    output: await dense('out_proj'),
    relativeKeys: await relative('emb_rel_k'),
    relativeValues: await relative('emb_rel_v'),
  };
}

/** Call inside `tf.tidy`. `x` and the answer are `[length, width]`. */
export function attend(x: tf.Tensor2D, weights: AttentionWeights, heads: number): tf.Tensor2D {
  const [length, width] = x.shape;
  const { relativeKeys, relativeValues } = weights;
  const split = ({ kernel, bias }: Dense): tf.Tensor3D =>
    tf.transpose<tf.Tensor3D>(tf.reshape(linear(x, kernel, bias), [length, heads, width / heads]), [1, 0, 2]);
  // Scaled before both products: the relative one has no scale of its own.
  const query = tf.mul<tf.Tensor3D>(split(weights.query), (width / heads) ** -0.5);
  let scores: tf.Tensor = tf.matMul(query, split(weights.key), false, true);
  if (relativeKeys !== undefined) scores = tf.add(scores, relativeScores(query, relativeKeys));
  const chances = tf.softmax(scores) as tf.Tensor3D;
  let mixed: tf.Tensor = tf.matMul(chances, split(weights.value));
  if (relativeValues !== undefined) mixed = tf.add(mixed, relativeMix(chances, relativeValues));
  const joined = tf.reshape<tf.Rank.R2>(tf.transpose(mixed, [1, 0, 2]), [length, width]);
  return linear(joined, weights.output.kernel, weights.output.bias);
}

/** Embeddings of the distances 1 − length … length − 1: zeros beyond the window, its middle where it is wider. */
function embeddingsFor(embeddings: tf.Tensor2D, length: number): tf.Tensor2D {
  const window = (embeddings.shape[0] - 1) / 2;
  const more = length - 1 - window;
  if (more > 0)
    return tf.pad2d(embeddings, [
      [more, more],
      [0, 0],
    ]);
  return tf.slice2d(embeddings, [-more, 0], [2 * length - 1, -1]);
}

/** `[heads, length, length]`: each query with the embedding of each key's distance. */
function relativeScores(query: tf.Tensor3D, embeddings: tf.Tensor2D): tf.Tensor3D {
  const [heads, length, width] = query.shape;
  const flat = tf.reshape<tf.Rank.R2>(query, [heads * length, width]);
  const byDistance = tf.matMul(flat, embeddingsFor(embeddings, length), false, true);
  // Rows of 2 · length − 1 distances, read again in rows one shorter at the end, come to lie one place further each.
  const padded = tf.pad3d(tf.reshape(byDistance, [heads, length, 2 * length - 1]), [
    [0, 0],
    [0, 0],
    [0, 1],
  ]);
  const long = tf.pad2d(tf.reshape(padded, [heads, 2 * length * length]), [
    [0, 0],
    [0, length - 1],
  ]);
  const skewed = tf.reshape<tf.Rank.R3>(long, [heads, length + 1, 2 * length - 1]);
  return tf.slice3d(skewed, [0, 0, length - 1], [heads, length, length]);
}

/** `[heads, length, head width]`: the embeddings of the distances, by what each key got. */
function relativeMix(chances: tf.Tensor3D, embeddings: tf.Tensor2D): tf.Tensor3D {
  const [heads, length] = chances.shape;
  const padded = tf.pad3d(chances, [
    [0, 0],
    [0, 0],
    [0, length - 1],
  ]);
  const long = tf.pad2d(tf.reshape(padded, [heads, length * (2 * length - 1)]), [
    [0, 0],
    [length, 0],
  ]);
  const byDistance = tf.slice3d(
    tf.reshape(long, [heads, length, 2 * length]),
    [0, 0, 1],
    [heads, length, 2 * length - 1],
  );
  const flat = tf.reshape<tf.Rank.R2>(byDistance, [heads * length, 2 * length - 1]);
  const mixed = tf.matMul(flat, embeddingsFor(embeddings, length));
  return tf.reshape(mixed, [heads, length, embeddings.shape[1]]);
}
