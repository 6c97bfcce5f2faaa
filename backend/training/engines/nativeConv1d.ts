/** A convolution over time, with its bias and relu, in one operation forward and one backward. */
import * as tf from '@tensorflow/tfjs-core';
import { wholeConv1d } from '../../../ml/layers/whole';
import { weightedGradient } from './nativeDense';
import { runOwn } from './ownKernels';
import type { NativeBackend } from './nativeOps';

export function registerConv1d(): void {
  tf.registerKernel({
    kernelName: wholeConv1d,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, weight, bias } = inputs as Record<'x' | 'weight' | 'bias', tf.TensorInfo>;
      const flags = { relu: attrs?.['relu'] === true, same: attrs?.['same'] === true };
      const [y] = runOwn(backend as NativeBackend, wholeConv1d, flags, [x, weight, bias], 1);
      if (y === undefined) throw new Error('the engine gave back no tensor');
      return y;
    },
  });
  tf.registerGradient({
    kernelName: wholeConv1d,
    inputsToSave: ['x', 'weight'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attrs) => weightedGradient(`${wholeConv1d}Grad`, dy as tf.Tensor, saved, attrs),
  });
}
