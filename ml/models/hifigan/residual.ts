import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import { leakyRelu } from '../shared/leaky';
import type { ResidualShape } from './config';

/** Pairs of convolutions, the first of each dilated, each pair beside a way around it. */
export interface Residual {
  readonly pairs: readonly { readonly dilated: Conv1d; readonly plain: Conv1d }[];
  readonly slope: number;
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
  return { pairs, slope };
}

/** Of the block that looks furthest. */
export function residualReach(blocks: readonly ResidualShape[]): number {
  const reaches = blocks.map(({ size, dilations }) =>
    dilations.reduce((sum, dilation) => sum + Math.ceil(((size - 1) * (dilation + 1)) / 2), 0),
  );
  return Math.max(0, ...reaches);
}

/**
 * The sum of what the blocks make of `x`, `[batch, 1, length, channels]`. Call inside `tf.tidy`. In tiles that a
 * processor's cache holds it would take more time, not less: there are as many more operations.
 */
export function runResiduals(x: tf.Tensor4D, blocks: readonly Residual[]): tf.Tensor4D {
  return tf.tidy(() => {
    // The first step of every block.
    const bent = leakyRelu(x, blocks[0]?.slope ?? 0);
    return blocks.reduce<tf.Tensor4D | undefined>((total, block) => {
      const one = runResidual(x, bent, block);
      if (total === undefined) return one;
      const sum = tf.add<tf.Tensor4D>(total, one);
      tf.dispose([total, one]);
      return sum;
    }, undefined) as tf.Tensor4D;
  });
}

function runResidual(x: tf.Tensor4D, bent: tf.Tensor4D, { pairs, slope }: Residual): tf.Tensor4D {
  return pairs.reduce((state, { dilated, plain }, i) => {
    const next = tf.tidy(() => {
      const entering = i === 0 ? bent : leakyRelu(state, slope);
      const inner = conv1d(entering, dilated, slope);
      // As early as can be: these are the largest tensors of a model.
      if (i > 0) entering.dispose();
      const passed = conv1d(inner, plain);
      inner.dispose();
      return tf.add<tf.Tensor4D>(state, passed);
    });
    if (i > 0) state.dispose();
    return next;
  }, x);
}
