import type * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { layerNorm } from '../shared/ops';

export interface Norm {
  readonly gamma: tf.Tensor;
  readonly beta: tf.Tensor;
  readonly epsilon: number;
}

export async function loadNorm(
  tensors: ModelTensors,
  name: string,
  width: number,
  epsilon: number,
): Promise<Norm> {
  return {
    gamma: await tensors.take(`${name}.weight`, [width]),
    beta: await tensors.take(`${name}.bias`, [width]),
    epsilon,
  };
}

export function normed<T extends tf.Tensor>(x: T, { gamma, beta, epsilon }: Norm): T {
  return layerNorm(x, gamma, beta, epsilon);
}
