import * as tf from '@tensorflow/tfjs-core';
import type { TensorSpec } from './bareModel';
import type { TensorInput } from './inputs';

/** The caller frees it. */
export function toTensor({ dtype }: TensorSpec, { shape, data }: TensorInput): tf.Tensor {
  const type = dtype === 'int32' || dtype === 'bool' ? dtype : 'float32';
  const typed =
    type === 'int32'
      ? Int32Array.from(data)
      : type === 'bool'
        ? Uint8Array.from(data)
        : Float32Array.from(data);
  return tf.tensor(typed, [...shape], type);
}
