/** What a function of tensors asks of the native engine, written down while it runs. */
import type * as tf from '@tensorflow/tfjs-core';
import type { NativeBackend, NativeBinding, OpAttribute, OutputTensor } from '../nativeOps';
import type { ConstantValues } from './graphDef';

export interface RecordedOp {
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly number[];
}

export interface Recording {
  readonly ops: readonly RecordedOp[];
  /** The operation that a tensor came from, and which of its outputs it is. */
  readonly made: ReadonlyMap<number, readonly [op: number, output: number]>;
  /** Tensors that were made of numbers meanwhile and did not outlive it. */
  readonly constants: ReadonlyMap<number, ConstantValues>;
  /** Of all tensors that were used, the engine's numbers for their types. */
  readonly types: ReadonlyMap<number, number>;
}

let recording = false;

/** Whether operations are being written down: shapes with a −1 must stay so then. */
export const isRecording = (): boolean => recording;

/** @param work runs in a `tf.tidy` of its own, so that what it leaves behind is none of the constants */
export function record<T>(
  backend: NativeBackend,
  work: () => T,
): { readonly result: T; readonly recording: Recording } {
  const { binding } = backend;
  const target = backend as { binding: NativeBinding; getInputTensorIds: NativeBackend['getInputTensorIds'] };
  const inputIds = target.getInputTensorIds;
  const ops: RecordedOp[] = [];
  const made = new Map<number, readonly [number, number]>();
  const written = new Map<number, ConstantValues>();
  const constants = new Map<number, ConstantValues>();
  const types = new Map<number, number>();
  const watched: NativeBinding = {
    ...own(binding),
    executeOp: (op, attributes, inputs, count) => {
      const outputs = binding.executeOp(op, attributes, inputs, count);
      ops.push({ op, attributes, inputs: [...inputs] });
      outputs.forEach((output: OutputTensor, i) => {
        made.set(output.id, [ops.length - 1, i]);
        types.set(output.id, output.dtype);
      });
      return outputs;
    },
    createTensor: (shape, dtype, values) => {
      const id = binding.createTensor(shape, dtype, values);
      written.set(id, { shape: [...shape], dtype, values: values.slice() });
      types.set(id, dtype);
      return id;
    },
    deleteTensor: (id) => {
      const values = written.get(id);
      if (values !== undefined) constants.set(id, values);
      binding.deleteTensor(id);
    },
  };
  target.binding = watched;
  target.getInputTensorIds = (tensors) => {
    const ids = inputIds.call(backend, tensors);
    tensors.forEach((tensor, i) => types.set(ids[i] ?? -1, typeOf(binding, tensor)));
    return ids;
  };
  recording = true;
  try {
    return { result: work(), recording: { ops, made, constants, types } };
  } finally {
    recording = false;
    target.binding = binding;
    Reflect.deleteProperty(target, 'getInputTensorIds');
  }
}

/** The binding's own properties cannot be changed. */
function own(binding: NativeBinding): NativeBinding {
  const names = Object.getOwnPropertyNames(binding) as (keyof NativeBinding)[];
  return Object.fromEntries(names.map((name) => [name, binding[name]])) as unknown as NativeBinding;
}

function typeOf(binding: NativeBinding, tensor: tf.TensorInfo): number {
  if (tensor.dtype === 'int32') return binding.TF_INT32;
  return tensor.dtype === 'bool' ? binding.TF_BOOL : binding.TF_FLOAT;
}
