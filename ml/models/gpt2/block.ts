import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { attendOnce } from '../shared/attention';
import { layerNorm, linear, type Activation } from '../shared/ops';
import type { Gpt2Config } from './config';

interface Norm {
  readonly gamma: tf.Tensor;
  readonly beta: tf.Tensor;
}

/** Stored as `[in, out]`. */
interface Dense {
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

export interface BlockWeights {
  readonly before: Norm;
  readonly qkv: Dense;
  readonly attentionOut: Dense;
  readonly between: Norm;
  readonly widen: Dense;
  readonly narrow: Dense;
}

/** Keys and values of the tokens so far, `[tokens, width]`. */
export interface BlockCache {
  readonly keys: tf.Tensor2D;
  readonly values: tf.Tensor2D;
}

export async function norm(tensors: ModelTensors, name: string, width: number): Promise<Norm> {
  return {
    gamma: await tensors.take(`${name}.weight`, [width]),
    beta: await tensors.take(`${name}.bias`, [width]),
  };
}

async function dense(tensors: ModelTensors, name: string, from: number, to: number): Promise<Dense> {
  return {
    kernel: (await tensors.take(`${name}.weight`, [from, to])) as tf.Tensor2D,
    bias: (await tensors.take(`${name}.bias`, [to])) as tf.Tensor1D,
  };
}

export async function loadBlock(
  tensors: ModelTensors,
  index: number,
  { width, inner }: Gpt2Config,
): Promise<BlockWeights> {
  const at = `h.${index}`;
  return {
    before: await norm(tensors, `${at}.ln_1`, width),
    qkv: await dense(tensors, `${at}.attn.c_attn`, width, 3 * width),
    attentionOut: await dense(tensors, `${at}.attn.c_proj`, width, width),
    between: await norm(tensors, `${at}.ln_2`, width),
    widen: await dense(tensors, `${at}.mlp.c_fc`, width, inner),
    narrow: await dense(tensors, `${at}.mlp.c_proj`, inner, width),
  };
}

export interface BlockStep {
  /** `[tokens, width]` */
  readonly hidden: tf.Tensor2D;
  readonly cache: BlockCache;
}

/**
 * One transformer block on new tokens. Call inside `tf.tidy`.
 * @param hidden `[tokens, width]`
 * @param mask `[tokens, all tokens]`, added to the scores; none for a single token, which may see all before it
 */
export function runBlock(
  weights: BlockWeights,
  hidden: tf.Tensor2D,
  past: BlockCache | undefined,
  mask: tf.Tensor2D | undefined,
  settings: {
    readonly heads: number;
    readonly scale: number;
    readonly epsilon: number;
    readonly activation: Activation;
  },
): BlockStep {
  const { heads, scale, epsilon, activation } = settings;
  const [tokens] = hidden.shape;
  const unit = layerNorm(hidden, weights.before.gamma, weights.before.beta, epsilon);
  const qkv = linear(unit, weights.qkv.kernel, weights.qkv.bias);
  const [query, key, value] = tf.split(qkv, 3, 1) as [tf.Tensor2D, tf.Tensor2D, tf.Tensor2D];
  const keys = past === undefined ? key : tf.concat([past.keys, key]);
  const values = past === undefined ? value : tf.concat([past.values, value]);
  const joined =
    tokens === 1
      ? attendOnce(tf.mul(query, scale), keys, values, heads)
      : attendMany(query, { keys, values }, { heads, scale, mask });
  const attended: tf.Tensor2D = tf.add(
    hidden,
    linear(joined, weights.attentionOut.kernel, weights.attentionOut.bias),
  );
  const again = layerNorm(attended, weights.between.gamma, weights.between.beta, epsilon);
  const wide = activation(linear(again, weights.widen.kernel, weights.widen.bias)) as tf.Tensor2D;
  const output = tf.add(attended, linear(wide, weights.narrow.kernel, weights.narrow.bias));
  return {
    hidden: output as tf.Tensor2D,
    cache: { keys, values },
  };
}

interface HowToAttend {
  readonly heads: number;
  readonly scale: number;
  readonly mask: tf.Tensor2D | undefined;
}

function attendMany(query: tf.Tensor2D, past: BlockCache, { heads, scale, mask }: HowToAttend): tf.Tensor2D {
  const [q, keys, values] = [query, past.keys, past.values].map((x) => byHead(x, heads));
  const raw = tf.mul(tf.matMul(q as tf.Tensor3D, keys as tf.Tensor3D, false, true), scale);
  const scores = mask === undefined ? raw : tf.add(raw, mask);
  const mixed = tf.matMul(tf.softmax(scores), values as tf.Tensor3D);
  return tf.reshape(tf.transpose(mixed, [1, 0, 2]), query.shape);
}

/** `[tokens, width]` → `[heads, tokens, head width]` */
function byHead(x: tf.Tensor2D, heads: number): tf.Tensor3D {
  const [tokens, width] = x.shape;
  return tf.transpose<tf.Tensor3D>(tf.reshape(x, [tokens, heads, width / heads]), [1, 0, 2]);
}
