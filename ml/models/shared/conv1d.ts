/** One-dimensional convolutions of inference models, over `[batch, 1, length, channels]`. Call them inside `tf.tidy`. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { fusedLeakyRelu } from './leaky';

export interface Conv1d {
  /** `[1, size, in, out]` */
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D | undefined;
  readonly dilation: number;
}

export interface Conv1dShape {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  readonly dilation?: number;
  readonly bias?: boolean;
  /** A factor for the filter. */
  readonly scale?: number;
}

/** Reads torch's `nn.Conv1d`, its weight norm folded in. Rejects with `model.corrupt`. */
export async function loadConv1d(
  tensors: ModelTensors,
  layer: string,
  { from, to, size, dilation = 1, bias = true, scale = 1 }: Conv1dShape,
): Promise<Conv1d> {
  const stored = await tensors.takeFolded(layer, 0, [to, from, size]);
  const filter = tensors.keep(
    tf.tidy(() =>
      tf.mul<tf.Tensor4D>(tf.reshape(tf.transpose(stored, [2, 1, 0]), [1, size, from, to]), scale),
    ),
  );
  tensors.release(stored);
  const offset = bias ? ((await tensors.take(`${layer}.bias`, [to])) as tf.Tensor1D) : undefined;
  return { filter, bias: offset, dilation };
}

/**
 * Stride 1, as long as its input: zeros on both sides, where their number is odd one more at the end.
 * @param x `[batch, 1, length, in]`
 * @param slope of a leaky ReLU after it
 */
export function conv1d(x: tf.Tensor4D, { filter, bias, dilation }: Conv1d, slope?: number): tf.Tensor4D {
  return tf.fused.conv2d({
    x,
    filter,
    strides: 1,
    pad: 'same',
    dilations: [1, dilation],
    ...(bias === undefined ? {} : { bias }),
    ...fusedLeakyRelu(filter, slope),
  });
}

/** `[batch, 1, length, channels]` of `[length, channels]`. */
export function asSequence(x: tf.Tensor2D): tf.Tensor4D {
  return tf.reshape(x, [1, 1, ...x.shape]);
}

/** The sequence of a batch of one, `[length, channels]`. */
export function asMatrix(x: tf.Tensor4D): tf.Tensor2D {
  return tf.reshape(x, [x.shape[2], x.shape[3]]);
}
