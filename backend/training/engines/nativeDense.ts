/** A dense layer in one operation forward and one backward: for small ones the calls are what takes the time. */
import * as tf from '@tensorflow/tfjs-core';
import { ownKernels, runOwn } from './ownKernels';
import type { NativeBackend } from './nativeOps';

const denseKernel = 'GoyaDense';
/** Products beyond this are quicker in the library's own way. */
const mostProducts = 4_000_000;

/** Whether `nativeDense` does it, and sooner. */
export function isSmallDense(x: tf.Tensor, weight: tf.Tensor, bias: unknown): bias is tf.Tensor1D {
  if (!(bias instanceof tf.Tensor) || bias.rank !== 1 || x.rank !== 2 || weight.rank !== 2) return false;
  if ([x, weight, bias].some(({ dtype }) => dtype !== 'float32')) return false;
  const [, out = 0] = weight.shape;
  return x.size * out <= mostProducts && ownKernels() !== undefined;
}

/** `x · weight + bias`, cut off at 0 with `relu`. x `[n, in]`, weight `[in, out]`, bias `[out]`. */
export function nativeDense(
  x: tf.Tensor2D,
  weight: tf.Tensor2D,
  bias: tf.Tensor1D,
  relu: boolean,
): tf.Tensor2D {
  return tf.engine().runKernel(denseKernel, { x, weight, bias }, { relu });
}

export function registerDense(): void {
  tf.registerKernel({
    kernelName: denseKernel,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, weight, bias } = inputs as Record<'x' | 'weight' | 'bias', tf.TensorInfo>;
      const relu = attrs?.['relu'] === true;
      const [y] = runOwn(backend as NativeBackend, denseKernel, { relu }, [x, weight, bias], 1);
      if (y === undefined) throw new Error('the engine gave back no tensor');
      return y;
    },
  });
  tf.registerGradient({
    kernelName: denseKernel,
    inputsToSave: ['x', 'weight'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => {
      const [x, weight, y] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const relu = attrs['relu'] === true;
      const gradients = (input: boolean): tf.Tensor[] => {
        const backend = ownKernels();
        if (backend === undefined) throw new Error('a dense layer in one operation is for the native engine');
        return runOwn(backend, 'GoyaDenseGrad', { relu, input }, [dy as tf.Tensor, y, x, weight], 3);
      };
      // That of the data itself is as dear as the layer, and wanted by nobody.
      const computed = isComputed(x);
      const [dWeight, dBias, dx] = gradients(computed) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return {
        x: () => (computed ? dx : (gradients(true)[2] ?? dx)),
        weight: () => dWeight,
        bias: () => dBias,
      };
    },
  });
}

/** Whether another operation whose gradient is being recorded gave this tensor. */
function isComputed(x: tf.Tensor): boolean {
  const { activeTape } = tf.engine().state;
  return activeTape.some(({ outputs }) => outputs.some(({ id }) => id === x.id));
}
