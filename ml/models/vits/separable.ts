/** Dilated depth-separable convolutions with their norms: what the stochastic duration predictor is built of. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import { gelu } from '../shared/ops';
import type { DurationConfig } from './config';
import { loadNorm, normed, type Norm } from './norm';

interface Layer {
  /** `[size, channels]`: one filter for each channel. */
  readonly taps: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
  readonly dilation: number;
  readonly afterTaps: Norm;
  readonly pointwise: Conv1d;
  readonly afterPointwise: Norm;
}

export type Separable = readonly Layer[];

/** torch's default, which these norms have whatever the config says. */
const epsilon = 1e-5;

export async function loadSeparable(
  tensors: ModelTensors,
  name: string,
  { width, layers, size }: DurationConfig,
): Promise<Separable> {
  const stack: Layer[] = [];
  for (let i = 0; i < layers; i++) {
    const stored = await tensors.take(`${name}.convs_dilated.${i}.weight`, [width, 1, size]);
    const taps = tensors.keep(tf.tidy(() => tf.transpose(tf.reshape<tf.Rank.R2>(stored, [width, size]))));
    tensors.release(stored);
    stack.push({
      taps,
      bias: (await tensors.take(`${name}.convs_dilated.${i}.bias`, [width])) as tf.Tensor1D,
      dilation: size ** i,
      afterTaps: await loadNorm(tensors, `${name}.norms_1.${i}`, width, epsilon),
      pointwise: await loadConv1d(tensors, `${name}.convs_pointwise.${i}`, {
        from: width,
        to: width,
        size: 1,
      }),
      afterPointwise: await loadNorm(tensors, `${name}.norms_2.${i}`, width, epsilon),
    });
  }
  return stack;
}

/** Call inside `tf.tidy`. `x` and the answer are `[1, 1, length, channels]`. */
export function runSeparable(x: tf.Tensor4D, stack: Separable): tf.Tensor4D {
  return stack.reduce(
    (state, { afterTaps, pointwise, afterPointwise, ...layer }) =>
      tf.tidy(() => {
        const spread = gelu(normed(byChannel(state, layer), afterTaps));
        return tf.add(state, gelu(normed(conv1d(spread, pointwise), afterPointwise)));
      }),
    x,
  );
}

/** A sum of shifted copies: not every backend has depthwise convolutions with dilation. */
function byChannel(
  x: tf.Tensor4D,
  { taps, bias, dilation }: Pick<Layer, 'taps' | 'bias' | 'dilation'>,
): tf.Tensor4D {
  const [, , length, channels] = x.shape;
  const size = taps.shape[0];
  const edge = (size - 1) * dilation;
  const before = Math.floor(edge / 2);
  const padded = tf.pad4d(x, [
    [0, 0],
    [0, 0],
    [before, edge - before],
    [0, 0],
  ]);
  let sum: tf.Tensor4D | undefined;
  for (let i = 0; i < size; i++) {
    const seen = tf.slice4d(padded, [0, 0, i * dilation, 0], [1, 1, length, channels]);
    const part: tf.Tensor4D = tf.mul(seen, tf.slice2d(taps, [i, 0], [1, channels]));
    sum = sum === undefined ? part : tf.add(sum, part);
  }
  return tf.add(sum ?? x, bias);
}
