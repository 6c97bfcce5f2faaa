import * as tf from '@tensorflow/tfjs-core';
import { MlError } from '../errors';
import type { StoredType } from './elements';

/** How a tensor is stored. */
export interface WeightInfo {
  readonly dtype: StoredType;
  readonly shape: readonly number[];
}

/** Numbers of one tensor, row after row, as tf.js holds them. */
export interface WeightValues {
  readonly shape: number[];
  readonly data: Float32Array | Int32Array;
}

/**
 * The named tensors of a model's files. Nothing is read before it is asked for.
 * Floating types come as float32; integers and booleans as int32.
 */
export interface Weights {
  names(): readonly string[];
  has(name: string): boolean;
  /** Throws `model.corrupt` when there is no such tensor. */
  info(name: string): WeightInfo;
  /** Rejects with `model.corrupt`, or `model.unsupported` for a type or a number that tf.js cannot hold. */
  read(name: string): Promise<WeightValues>;
  /** The same as a tensor, which the caller disposes. */
  load(name: string): Promise<tf.Tensor>;
}

/** A tensor that owns `data`: tf.js copies it no more than its backend must. */
export function toTensor({ data, shape }: WeightValues): tf.Tensor {
  return tf.tensor(data, shape, data instanceof Float32Array ? 'float32' : 'int32');
}

/** Weights over a table of entries and a way to read one. */
export function weightsOf<T extends WeightInfo>(
  entries: ReadonlyMap<string, T>,
  readEntry: (entry: T, name: string) => Promise<WeightValues['data']>,
): Weights {
  const find = (name: string): T => {
    const entry = entries.get(name);
    if (entry === undefined) throw missing(name);
    return entry;
  };
  const read = async (name: string): Promise<WeightValues> => {
    const entry = find(name);
    return { shape: [...entry.shape], data: await readEntry(entry, name) };
  };
  return {
    names: () => [...entries.keys()],
    has: (name) => entries.has(name),
    info: (name) => {
      const { dtype, shape } = find(name);
      return { dtype, shape };
    },
    read,
    load: async (name) => toTensor(await read(name)),
  };
}

export function missing(name: string): MlError {
  return new MlError('model.corrupt', `The model's weights lack the tensor "${name}".`);
}

/** Product of a shape, or `model.corrupt` where it is no number of elements that could exist. */
export function elementCount(shape: readonly number[], name: string): number {
  let count = 1;
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) throw impossible(shape, name);
    count *= size;
    if (!Number.isSafeInteger(count)) throw impossible(shape, name);
  }
  return count;
}

function impossible(shape: readonly number[], name: string): MlError {
  return new MlError('model.corrupt', `"${name}" has an impossible shape: ${shape.join(' × ')}.`);
}
