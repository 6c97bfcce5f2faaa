/** Layer normalisation in one operation each way. `layerNorm` of ml/layers takes it where the engine has it. */
import * as tf from '@tensorflow/tfjs-core';
import { wholeLayerNorm } from '../../../ml/layers/whole';
import { ownKernels, runOwn } from './ownKernels';
import type { NativeBackend } from './nativeOps';

export function registerLayerNorm(): void {
  tf.registerKernel({
    kernelName: wholeLayerNorm,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { x, gamma, beta } = inputs as Record<'x' | 'gamma' | 'beta', tf.TensorInfo>;
      const epsilon = Number(attrs?.['epsilon']);
      return runOwn(backend as NativeBackend, wholeLayerNorm, { epsilon }, [x, gamma, beta], 3);
    },
  });
  tf.registerGradient({
    kernelName: wholeLayerNorm,
    inputsToSave: ['gamma'],
    outputsToSave: [false, true, true],
    gradFunc: (dys, saved) => {
      const backend = ownKernels();
      const [gamma, normal, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const [dy] = dys as tf.Tensor[];
      if (backend === undefined || dy === undefined)
        throw new Error('only the native engine normalises whole');
      const all = runOwn(backend, `${wholeLayerNorm}Grad`, {}, [dy, normal, scale, gamma], 3);
      const [dx, dGamma, dBeta] = all as [tf.Tensor, tf.Tensor, tf.Tensor];
      return { x: () => dx, gamma: () => dGamma, beta: () => dBeta };
    },
  });
}
