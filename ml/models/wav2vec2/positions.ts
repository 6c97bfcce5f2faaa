/** Where a frame stands is told by a wide convolution in groups, added to it. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { activationOf } from '../shared/ops';
import type { Wav2Vec2Config } from './config';

export interface PositionConv {
  /** One for each group, `[1, kernel, width / groups, width / groups]`. */
  readonly filters: readonly tf.Tensor4D[];
  readonly bias: tf.Tensor1D;
}

export async function takePositions(tensors: ModelTensors, config: Wav2Vec2Config): Promise<PositionConv> {
  const { width, positionKernel: kernel, positionGroups: groups } = config;
  const at = 'encoder.pos_conv_embed.conv';
  const stored = await tensors.takeFolded(at, 2, [width, width / groups, kernel]);
  const filters = tf.tidy(() => {
    const turned: tf.Tensor4D = tf.expandDims(tf.transpose(stored, [2, 1, 0]), 0);
    return tf.split<tf.Tensor4D>(turned, groups, 3);
  });
  for (const filter of filters) tensors.keep(filter);
  tensors.release(stored);
  return { filters, bias: (await tensors.take(`${at}.bias`, [width])) as tf.Tensor1D };
}

/**
 * Call inside `tf.tidy`.
 * @param x `[batch, frames, width]`
 */
export function runPositions(
  { filters, bias }: PositionConv,
  x: tf.Tensor3D,
  config: Wav2Vec2Config,
): tf.Tensor3D {
  const { positionKernel: kernel, convActivation } = config;
  const half = Math.floor(kernel / 2);
  // An even kernel would give a frame too many, the last of which is dropped: it is not made.
  const padded: tf.Tensor4D = tf.pad(tf.expandDims(x, 1), [
    [0, 0],
    [0, 0],
    [half, half - (kernel % 2 === 0 ? 1 : 0)],
    [0, 0],
  ]);
  const parts = tf.split<tf.Tensor4D>(padded, filters.length, 3);
  const moved = parts.map((part, i) => {
    const y = tf.conv2d(part, filters[i] as tf.Tensor4D, 1, 'valid');
    part.dispose();
    return y;
  });
  const joined = tf.add(moved.length === 1 ? (moved[0] as tf.Tensor4D) : tf.concat(moved, 3), bias);
  return tf.add(x, tf.reshape(activationOf(convActivation)(joined), x.shape));
}
