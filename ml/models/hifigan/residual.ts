import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import type { ResidualShape } from './config';

/** Pairs of convolutions, the first of each dilated, each pair beside a way around it. */
export interface Residual {
  readonly pairs: readonly { readonly dilated: Conv1d; readonly plain: Conv1d }[];
  readonly slope: number;
  /** Places on each side that an output depends on. */
  readonly reach: number;
}

export async function loadResidual(
  tensors: ModelTensors,
  name: string,
  channels: number,
  shape: ResidualShape,
  slope: number,
): Promise<Residual> {
  const pairs: Residual['pairs'][number][] = [];
  for (const [i, dilation] of shape.dilations.entries()) {
    const layer = { from: channels, to: channels, size: shape.size };
    pairs.push({
      dilated: await loadConv1d(tensors, `${name}.convs1.${i}`, { ...layer, dilation }),
      plain: await loadConv1d(tensors, `${name}.convs2.${i}`, layer),
    });
  }
  return { pairs, slope, reach: residualReach([shape]) };
}

/** Of the block that looks furthest. */
export function residualReach(blocks: readonly ResidualShape[]): number {
  const reaches = blocks.map(({ size, dilations }) =>
    dilations.reduce((sum, dilation) => sum + Math.ceil(((size - 1) * (dilation + 1)) / 2), 0),
  );
  return Math.max(0, ...reaches);
}

/** The mean of what the blocks make of `x`, `[batch, 1, length, channels]`. */
export function runResiduals(x: tf.Tensor4D, blocks: readonly Residual[]): tf.Tensor4D {
  return tf.tidy(() => {
    const sum = blocks.map((block) => runResidual(x, block)).reduce((total, one) => tf.add(total, one));
    return tf.mul(sum, 1 / blocks.length);
  });
}

function runResidual(x: tf.Tensor4D, { pairs, slope }: Residual): tf.Tensor4D {
  return pairs.reduce(
    (state, { dilated, plain }) =>
      tf.tidy(() => {
        const inner = conv1d(tf.leakyRelu(state, slope), dilated);
        return tf.add(state, conv1d(tf.leakyRelu(inner, slope), plain));
      }),
    x,
  );
}
