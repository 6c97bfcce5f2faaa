/** Layers of a checkpoint as they are best run: torch keeps `[out, in]`, a product wants `[in, out]`. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { centre } from './ops';

export interface Norm {
  readonly gamma: tf.Tensor1D;
  readonly beta: tf.Tensor1D;
}

export interface Dense {
  /** `[in, out]` */
  readonly kernel: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** One stored layer, and what is multiplied into it when it is read rather than each time it runs. */
export interface StoredDense {
  readonly name: string;
  /** False where the model has none: zeros then. */
  readonly bias?: boolean;
  /** Of the layer's output. */
  readonly scale?: number;
  /** Of its input: the bias stays. */
  readonly inputScale?: number;
}

export async function takeNorm(tensors: ModelTensors, name: string, width: number): Promise<Norm> {
  return {
    gamma: (await tensors.take(`${name}.weight`, [width])) as tf.Tensor1D,
    beta: (await tensors.take(`${name}.bias`, [width])) as tf.Tensor1D,
  };
}

export interface DenseOptions {
  /** A normalisation before it, whose scale and shift go into the layers; its own two steps are left out then. */
  readonly after?: Norm | undefined;
  /** Takes the mean over a layer's outputs off: for what is only ever read through a normalisation, which does so too. */
  readonly centred?: boolean;
}

/**
 * Layers of one input side by side, so that one product computes all. Each is `[to, from]` in the file.
 */
export async function takeDense(
  tensors: ModelTensors,
  stored: readonly StoredDense[],
  [from, to]: readonly [number, number],
  { after, centred = false }: DenseOptions = {},
): Promise<Dense> {
  const kernels: tf.Tensor2D[] = [];
  const biases: tf.Tensor1D[] = [];
  for (const { name, bias = true } of stored) {
    kernels.push((await tensors.take(`${name}.weight`, [to, from])) as tf.Tensor2D);
    biases.push(
      bias
        ? ((await tensors.take(`${name}.bias`, [to])) as tf.Tensor1D)
        : tensors.keep(tf.zeros<tf.Rank.R1>([to])),
    );
  }
  const dense = tf.tidy(() => {
    const one = joined(stored, kernels, biases);
    const folded = after === undefined ? one : foldNorm(one, after);
    return centred ? { kernel: centre(folded.kernel), bias: centre(folded.bias) } : folded;
  });
  tensors.keep(dense.kernel);
  tensors.keep(dense.bias);
  for (const tensor of [...kernels, ...biases]) tensors.release(tensor);
  return dense;
}

type Both = { kernel: tf.Tensor2D; bias: tf.Tensor1D };

function joined(stored: readonly StoredDense[], kernels: tf.Tensor2D[], biases: tf.Tensor1D[]): Both {
  const turned = kernels.map((kernel, i) => {
    const { scale = 1, inputScale = 1 } = stored[i] ?? {};
    return scaled(tf.transpose(kernel), scale * inputScale);
  });
  const moved = biases.map((bias, i) => scaled(bias, stored[i]?.scale ?? 1));
  // A tensor of its own even where there is one: the stored one is freed.
  return {
    kernel: tf.concat(turned, 1),
    bias: moved.length === 1 ? tf.clone(moved[0] as tf.Tensor1D) : tf.concat(moved),
  };
}

function scaled<T extends tf.Tensor>(x: T, factor: number): T {
  return factor === 1 ? x : tf.mul(x, factor);
}

/** (x·γ + β)·K + b = x·(γK) + (βK + b) */
function foldNorm({ kernel, bias }: Both, { gamma, beta }: Norm): Both {
  const shift = tf.reshape(tf.matMul(tf.expandDims<tf.Tensor2D>(beta, 0), kernel), bias.shape);
  return { kernel: tf.mul(kernel, tf.expandDims(gamma, 1)), bias: tf.add(bias, shift) };
}
