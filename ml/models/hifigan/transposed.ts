/** Transposed one-dimensional convolution as one plain convolution with a block of outputs for each input. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';

export interface Transposed {
  /** `[1, blocks, in, stride · out]`: what the inputs before and at a place add to its block of `stride` outputs. */
  readonly filter: tf.Tensor4D;
  readonly bias: tf.Tensor1D;
  readonly size: number;
  readonly stride: number;
}

export interface TransposedShape {
  readonly from: number;
  readonly to: number;
  readonly size: number;
  readonly stride: number;
}

/** Reads torch's `nn.ConvTranspose1d`, its weight norm and a factor folded in. Rejects with `model.corrupt`. */
export async function loadTransposed(
  tensors: ModelTensors,
  layer: string,
  { from, to, size, stride }: TransposedShape,
  scale = 1,
): Promise<Transposed> {
  const stored = await tensors.takeFolded(layer, 0, [from, to, size]);
  const blocks = Math.ceil(size / stride);
  const filter = tf.tidy(() => {
    const taps = tf.transpose(stored, [2, 0, 1]);
    const whole = tf.pad(taps, [
      [0, blocks * stride - size],
      [0, 0],
      [0, 0],
    ]);
    const inBlocks = tf.transpose(tf.reshape(whole, [blocks, stride, from, to]), [0, 2, 1, 3]);
    // A convolution looks forward: the oldest input meets the last taps.
    const turned = tf.reverse(tf.reshape(inBlocks, [blocks, from, stride * to]), 0);
    return tf.mul<tf.Tensor4D>(tf.reshape(turned, [1, blocks, from, stride * to]), scale);
  });
  tensors.keep(filter);
  tensors.release(stored);
  return { filter, bias: (await tensors.take(`${layer}.bias`, [to])) as tf.Tensor1D, size, stride };
}

/** Zeros that HiFi-GAN cuts from each end. */
const cut = ({ size, stride }: Pick<Transposed, 'size' | 'stride'>): number =>
  Math.floor((size - stride) / 2);

/** Outputs for `length` inputs. */
export function transposedLength(length: number, shape: Pick<Transposed, 'size' | 'stride'>): number {
  return (length - 1) * shape.stride - 2 * cut(shape) + shape.size;
}

/**
 * Call inside `tf.tidy`.
 * @param x `[batch, 1, length, in]`; the answer has `transposedLength` places
 */
export function transposed(x: tf.Tensor4D, layer: Transposed): tf.Tensor4D {
  const [batch] = x.shape;
  const { filter, bias, stride } = layer;
  const edge = filter.shape[1] - 1;
  const padded =
    edge === 0
      ? x
      : tf.pad4d(x, [
          [0, 0],
          [0, 0],
          [edge, edge],
          [0, 0],
        ]);
  const blocks = tf.conv2d(padded, filter, 1, 'valid');
  const all = tf.reshape<tf.Rank.R4>(blocks, [batch, 1, -1, bias.size]);
  return tf.add(trimmed(all, cut(layer), (edge + 1) * stride - layer.size + cut(layer)), bias);
}

/** Without so many places at the beginning and the end. Says so without naming the length: it serves any. */
function trimmed(x: tf.Tensor4D, head: number, tail: number): tf.Tensor4D {
  if (head === 0 && tail === 0) return x;
  const everything = 0b1011 | (tail === 0 ? 0b0100 : 0);
  return tf.stridedSlice(
    x,
    [0, 0, head, 0],
    [0, 0, -tail, 0],
    [1, 1, 1, 1],
    0b1011,
    everything,
  ) as tf.Tensor4D;
}
