import * as tf from '@tensorflow/tfjs-core';

/** The stock WebAssembly kernel goes number by number; the one with a slope for each channel does not. */
const byChannel = (): boolean => tf.getBackend() === 'wasm';

const slopes = (x: tf.Tensor, slope: number): tf.Tensor => tf.fill([x.shape.at(-1) ?? 1], slope);

/** A leaky ReLU over `[…, channels]`. Call inside `tf.tidy`. */
export function leakyRelu<T extends tf.Tensor>(x: T, slope: number): T {
  return byChannel() ? tf.prelu<T>(x, slopes(x, slope) as T) : tf.leakyRelu(x, slope);
}

interface Fused {
  readonly activation?: 'leakyrelu' | 'prelu';
  readonly leakyreluAlpha?: number;
  readonly preluActivationWeights?: tf.Tensor;
}

/** The same as an activation that `tf.fused` operations take; none for no slope. Call inside `tf.tidy`. */
export function fusedLeakyRelu(filter: tf.Tensor, slope: number | undefined): Fused {
  if (slope === undefined) return {};
  return byChannel()
    ? { activation: 'prelu', preluActivationWeights: slopes(filter, slope) }
    : { activation: 'leakyrelu', leakyreluAlpha: slope };
}
