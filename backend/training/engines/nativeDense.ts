/** A dense layer in one operation forward and one backward. */
import * as tf from '@tensorflow/tfjs-core';
import { wholeDense } from '../../../ml/layers/whole';
import { isComputed, ownKernels, runOwn } from './ownKernels';
import type { NativeBackend } from './nativeOps';

/** Whether `nativeDense` does it. */
export function isDense(x: tf.Tensor, weight: tf.Tensor, bias: unknown): bias is tf.Tensor {
  if (!(bias instanceof tf.Tensor) || x.rank !== 2 || weight.rank !== 2) return false;
  if ([x, weight, bias].some(({ dtype }) => dtype !== 'float32')) return false;
  return bias.size === weight.shape[1] && ownKernels() !== undefined;
}

/** `x · weight + bias`, cut off at 0 with `relu`. x `[n, in]`, weight `[in, out]`, bias of `out` numbers. */
export function nativeDense(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor,
  relu: boolean,
): tf.Tensor2D {
  return tf.engine().runKernel(wholeDense, { x, weight, bias: tf.reshape(bias, [-1]) }, { relu });
}

export function registerDense(): void {
  tf.registerKernel({
    kernelName: wholeDense,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, weight, bias } = inputs as Record<'x' | 'weight' | 'bias', tf.TensorInfo>;
      const relu = attrs?.['relu'] === true;
      const [y] = runOwn(backend as NativeBackend, wholeDense, { relu }, [x, weight, bias], 1);
      if (y === undefined) throw new Error('the engine gave back no tensor');
      return y;
    },
  });
  tf.registerGradient({
    kernelName: wholeDense,
    inputsToSave: ['x', 'weight'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => weightedGradient(`${wholeDense}Grad`, dy as tf.Tensor, saved, attrs),
  });
}

/** Of a layer with x, weight and bias: of the data itself it is as dear as the layer, and wanted by nobody. */
export function weightedGradient(
  name: string,
  dy: tf.Tensor,
  saved: readonly tf.Tensor[],
  attributes: Readonly<Record<string, unknown>>,
): Record<string, () => tf.Tensor> {
  const [x, weight, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
  const flags = attributes as Readonly<Record<string, boolean>>;
  const gradients = (input: boolean): tf.Tensor[] => {
    const backend = ownKernels();
    if (backend === undefined) throw new Error('a layer in one operation is for the native engine');
    return runOwn(backend, name, { ...flags, input }, [dy, y, x, weight], 3);
  };
  const computed = isComputed(x);
  const [dWeight, dBias, dx] = gradients(computed) as [tf.Tensor, tf.Tensor, tf.Tensor];
  return {
    x: () => (computed ? dx : (gradients(true)[2] ?? dx)),
    weight: () => dWeight,
    bias: () => dBias,
  };
}
