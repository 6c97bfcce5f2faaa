/** Self-attention in one operation each way. `AttentionBlock` of ml/layers takes it where the engine has it. */
import * as tf from '@tensorflow/tfjs-core';
import { wholeAttention } from '../../../ml/layers/whole';
import { ownKernels, runOwn } from './ownKernels';
import type { NativeBackend } from './nativeOps';

const given = ['x', 'presence', 'query', 'key', 'value', 'mask'] as const;
const learnt = ['x', 'query', 'key', 'value'] as const;

export function registerAttention(): void {
  tf.registerKernel({
    kernelName: wholeAttention,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const all = inputs as Record<(typeof given)[number], tf.TensorInfo>;
      const heads = Number(attrs?.['heads']);
      const tensors = given.map((name) => all[name]);
      return runOwn(backend as NativeBackend, wholeAttention, { heads }, tensors, 3);
    },
  });
  tf.registerGradient({
    kernelName: wholeAttention,
    inputsToSave: [...given],
    outputsToSave: [true, true, true],
    gradFunc: (dys, saved, attrs) => {
      const backend = ownKernels();
      const [dy] = dys as tf.Tensor[];
      if (backend === undefined || dy === undefined) throw new Error('only the native engine attends whole');
      const heads = Number(attrs['heads']);
      const slopes = runOwn(backend, `${wholeAttention}Grad`, { heads }, [dy, ...saved], learnt.length);
      const gradients = learnt.map((name, i): [string, () => tf.Tensor] => [
        name,
        () => slopes[i] as tf.Tensor,
      ]);
      return { ...Object.fromEntries(gradients), ...constants(saved) };
    },
  });
}

/** Nobody learns who is there, or what was dropped. */
function constants(saved: readonly tf.Tensor[]): Record<string, () => tf.Tensor> {
  const still = (at: number) => () => tf.zerosLike(saved[at] as tf.Tensor);
  return { presence: still(given.indexOf('presence')), mask: still(given.indexOf('mask')) };
}
