/** TensorFlow's own operations, by name, past tfjs: those that tfjs does not know of. */
import * as tf from '@tensorflow/tfjs-core';

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

interface TensorEntry {
  /** The engine's handle; below 0 while `values` waits to be handed over. */
  id: number;
  values: unknown;
  readonly refCount: number;
  /** The engine's number for it. */
  readonly dtype: number;
}

/** What is used of tfjs-node's backend, which declares less of it. */
export interface NativeBackend {
  readonly binding: NativeBinding;
  readonly tensorMap: { get(dataId: object): TensorEntry };
  incRef(dataId: object): void;
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(output: OutputTensor): tf.Tensor;
  executeSingleOutput(name: string, attributes: OpAttribute[], inputs: tf.TensorInfo[]): tf.Tensor;
  executeMultipleOutputs(
    name: string,
    attributes: OpAttribute[],
    inputs: tf.TensorInfo[],
    count: number,
  ): tf.Tensor[];
}

export interface OutputTensor {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

export interface NativeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_BOOL: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly number[],
    count: number,
  ): OutputTensor[];
  createTensor(shape: readonly number[], dtype: number, values: Float32Array | Int32Array): number;
  deleteTensor(id: number): void;
  /** @param tags joined by commas, as are names below */
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  /** @param inputNames `node:output`, one for each tensor */
  runSavedModel(
    id: number,
    inputs: readonly number[],
    inputNames: string,
    outputNames: string,
  ): OutputTensor[];
}

/** The native engine where it is the one in use. */
export function nativeBackend(): NativeBackend | undefined {
  if (tf.getBackend() !== 'tensorflow') return undefined;
  const backend: unknown = tf.backend();
  return backend as NativeBackend;
}
