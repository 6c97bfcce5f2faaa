/** What one more token of a text looks at, in one operation. Models that write texts take it where the engine has it. */
import * as tf from '@tensorflow/tfjs-core';
import { wholeAttendRow } from '../../../ml/layers/whole';
import { runOwn } from './ownKernels';
import type { NativeBackend } from './nativeOps';

export function registerAttendRow(): void {
  tf.registerKernel({
    kernelName: wholeAttendRow,
    backendName: 'tensorflow',
    kernelFunc: ({ inputs, backend, attrs }) => {
      const { query, keys, values } = inputs as Record<'query' | 'keys' | 'values', tf.TensorInfo>;
      const heads = Number(attrs?.['heads']);
      return runOwn(backend as NativeBackend, wholeAttendRow, { heads }, [query, keys, values], 1);
    },
  });
}
