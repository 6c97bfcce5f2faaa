/** Pieces that transformer models share, for inference: no gradients. Call them inside `tf.tidy`. */
import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../../errors';
import { linearOfRow, normOfRow, unitOfRow } from './row';

/** Layer normalisation over the last axis (Ba et al. 2016), with the population variance. */
export function layerNorm<T extends tf.Tensor>(x: T, gamma: tf.Tensor, beta: tf.Tensor, epsilon: number): T {
  const whole = normOfRow(x, gamma, beta, epsilon);
  if (whole !== undefined) return whole;
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  return tf.add(tf.mul(tf.mul(centred, inverse), gamma), beta);
}

/** The same without its scale and shift, for layers that have them folded in. */
export function standardize<T extends tf.Tensor>(x: T, epsilon: number): T {
  return toUnitVariance(centre(x), epsilon);
}

/** Without its mean over the last axis. */
export function centre<T extends tf.Tensor>(x: T): T {
  return tf.sub(x, tf.mean(x, -1, true));
}

/** What `standardize` makes of something that has no mean already. */
export function toUnitVariance<T extends tf.Tensor>(x: T, epsilon: number): T {
  const whole = unitOfRow(x, epsilon);
  if (whole !== undefined) return whole;
  return tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), epsilon)));
}

/** `[rows, from] · [from, to] + bias` in one kernel. */
export function linear(x: tf.Tensor2D, kernel: tf.Tensor2D, bias?: tf.Tensor1D): tf.Tensor2D {
  const ofRow = linearOfRow(x, kernel, bias);
  if (ofRow !== undefined) return ofRow;
  if (bias === undefined) return tf.matMul(x, kernel);
  // There the fused kernel is two operations as well, and its product one of batches, which takes half as long again.
  if (tf.getBackend() === 'tensorflow') return tf.add(tf.matMul(x, kernel), bias);
  return tf.fused.matMul({ a: x, b: kernel, bias }) as tf.Tensor2D;
}

export type Activation = (x: tf.Tensor) => tf.Tensor;

/** x · Φ(x), with the error function. */
export function gelu<T extends tf.Tensor>(x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** Its approximation by the hyperbolic tangent, which GPT-2 was trained with: ½ (1 + tanh u) is the sigmoid of 2u. */
export function geluTanh<T extends tf.Tensor>(x: T): T {
  const slope = tf.add(tf.mul(tf.square(x), 0.044715 * twoRoots), twoRoots);
  return tf.mul(x, tf.sigmoid(tf.mul(x, slope)));
}

const twoRoots = 2 * Math.sqrt(2 / Math.PI);

/**
 * Softmax over the last axis in single operations: what TensorFlow makes of it is compiled anew for each length, and a
 * text that grows has another one each time.
 */
export function softmaxOnce<T extends tf.Tensor>(scores: T): T {
  const powers = tf.exp(tf.sub(scores, tf.max(scores, -1, true)));
  return tf.div(powers, tf.sum(powers, -1, true));
}

const activations: ReadonlyMap<string, Activation> = new Map<string, Activation>([
  ['gelu', gelu],
  ['gelu_python', gelu],
  ['gelu_new', geluTanh],
  ['gelu_fast', geluTanh],
  ['gelu_pytorch_tanh', geluTanh],
  ['quick_gelu', (x) => tf.mul(x, tf.sigmoid(tf.mul(x, 1.702)))],
  ['relu', (x) => tf.relu(x)],
  ['silu', (x) => tf.mul(x, tf.sigmoid(x))],
  ['swish', (x) => tf.mul(x, tf.sigmoid(x))],
  ['tanh', (x) => tf.tanh(x)],
  ['sigmoid', (x) => tf.sigmoid(x)],
  ['linear', (x) => x],
]);

/** By the name that a config gives it. Throws `model.unsupported`. */
export function activationOf(name: string): Activation {
  const found = activations.get(name);
  if (found === undefined)
    throw new MlError('model.unsupported', `The activation "${name}" is not known here.`);
  return found;
}

/** An activation between two linear layers: factors that go into them leave it fewer steps. */
export interface FoldedActivation {
  /** Of the output of the layer before. */
  readonly before: number;
  /** Of the input of the layer after. */
  readonly after: number;
  readonly apply: Activation;
}

/** x · Φ(x) = √½ · u · (1 + erf u) with u = √½ · x. Throws `model.unsupported`. */
export function foldedActivation(name: string): FoldedActivation {
  const apply = activationOf(name);
  if (apply !== gelu) return { before: 1, after: 1, apply };
  return { before: Math.SQRT1_2, after: Math.SQRT1_2, apply: (u) => tf.mul(u, tf.add(tf.erf(u), 1)) };
}
