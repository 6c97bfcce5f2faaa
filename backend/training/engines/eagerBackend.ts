import type { DataType } from '@tensorflow/tfjs-core';
import { NodeJSKernelBackend } from '@tensorflow/tfjs-node/dist/nodejs_kernel_backend';
import type { NativeBackend } from './nativeOps';

/** Numbers from which a tensor counts as large: a weight, not a scalar or an index. */
const large = 65_536;

/**
 * Hands large tensors to the engine when they are made. tfjs-node keeps their numbers in JavaScript until an operation
 * reads them: a model's first call then held its weights twice, as nothing was collected between the copies.
 */
export class EagerBackend extends NodeJSKernelBackend {
  override move(...[dataId, values, shape, dtype, refCount]: Parameters<NodeJSKernelBackend['move']>): void {
    super.move(dataId, values, shape, dtype, refCount);
    if (isLarge(values, dtype))
      (this as unknown as NativeBackend).getInputTensorIds([{ dataId, shape, dtype }]);
  }
}

function isLarge(values: unknown, dtype: DataType): boolean {
  const fits =
    (dtype === 'float32' && values instanceof Float32Array) ||
    (dtype === 'int32' && values instanceof Int32Array);
  return fits && values.length >= large;
}
