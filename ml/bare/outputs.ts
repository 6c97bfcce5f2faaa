/** What a bare model answered, as `{name, dtype, shape, data}`. */
import type { Tensor } from '@tensorflow/tfjs-core';
import { MlError } from '../errors';
import type { TensorSpec } from './bareModel';

export interface TensorOutput {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row after row; 0 and 1 for bool. */
  readonly data: Float32Array | Int32Array | Uint8Array | readonly string[];
}

/** Reads them from the engine; they stay the caller's to free. Rejects with `model.unsupported` for complex numbers. */
export async function readOutputs(
  specs: readonly TensorSpec[],
  tensors: readonly Tensor[],
): Promise<TensorOutput[]> {
  return Promise.all(
    tensors.map(async (tensor, i) => {
      const name = specs[i]?.name ?? `output ${i + 1}`;
      if (tensor.dtype === 'complex64') {
        throw new MlError('model.unsupported', `The output "${name}" is complex; Goya shows real numbers.`);
      }
      const data = await tensor.data<'float32' | 'int32' | 'bool' | 'string'>();
      return { name, dtype: tensor.dtype, shape: tensor.shape, data };
    }),
  );
}

/** As JSON carries it: what is no number is null. */
export function plainOutput({ data, ...rest }: TensorOutput): PlainOutput {
  const plain = Array.from<number | string, PlainNumber>(data as ArrayLike<number | string>, (value) =>
    typeof value === 'string' || Number.isFinite(value) ? value : null,
  );
  return { ...rest, data: plain };
}
type PlainNumber = number | string | null;

export interface PlainOutput extends Omit<TensorOutput, 'data'> {
  readonly data: readonly PlainNumber[];
}
