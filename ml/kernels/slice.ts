/**
 * The stock WebAssembly slice copies the whole tensor out of the heap before it takes a part of it. This one copies the
 * part, block by block, within the heap.
 */
import * as tf from '@tensorflow/tfjs-core';

/** What the WebAssembly backend offers beyond the common ones. Views end with the next allocation. */
interface HeapBackend {
  makeOutput(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(info: tf.TensorInfo): Float32Array | Int32Array | Uint8Array;
}

const wrapped = new Set<string>();

/** Puts itself before the backend's own kernel, which must be the WebAssembly one and running. */
export function wrapSlice(backendName: string): void {
  if (wrapped.has(backendName)) return;
  wrapped.add(backendName);
  const stock = tf.getKernel(tf.Slice, backendName);
  tf.unregisterKernel(tf.Slice, backendName);
  tf.registerKernel({ ...stock, kernelFunc: (call) => slice(stock.kernelFunc, call) });
}

function slice(stock: tf.KernelFunc, call: Parameters<tf.KernelFunc>[0]): ReturnType<tf.KernelFunc> {
  const x = call.inputs['x'] as tf.Tensor;
  if (x.dtype === 'string' || x.dtype === 'complex64') return stock(call);
  const backend = call.backend as unknown as HeapBackend;
  const { begin, size } = call.attrs as unknown as tf.SliceAttrs;
  const [from = [], shape = []] = tf.slice_util.parseSliceParams(x, begin, size);
  const out = backend.makeOutput(shape, x.dtype);
  const target = backend.typedArrayFromHeap(out);
  if (target.length > 0) copy(backend.typedArrayFromHeap(x), target, x.shape, from, shape);
  return out;
}

/** Copies a box out of a row-major block. Trailing axes that are taken whole are one run of numbers. */
function copy(
  source: Float32Array | Int32Array | Uint8Array,
  target: Float32Array | Int32Array | Uint8Array,
  outer: readonly number[],
  from: readonly number[],
  shape: readonly number[],
): void {
  const strides = outer.map((_, axis) => tf.util.sizeFromShape(outer.slice(axis + 1)));
  let runAxis = shape.length - 1;
  while (runAxis > 0 && shape[runAxis] === outer[runAxis]) runAxis--;
  const run = (shape[runAxis] ?? 1) * (strides[runAxis] ?? 1);
  const index = shape.slice(0, runAxis).map(() => 0);
  let offset = from.reduce((sum, start, axis) => sum + start * (strides[axis] ?? 1), 0);
  for (let at = 0; at < target.length; at += run) {
    target.set(source.subarray(offset, offset + run), at);
    // The next run: the last axis that has not reached its end moves on, those after it start again.
    for (let axis = runAxis - 1; axis >= 0; axis--) {
      const stride = strides[axis] ?? 1;
      offset += stride;
      index[axis] = (index[axis] ?? 0) + 1;
      if ((index[axis] ?? 0) < (shape[axis] ?? 1)) break;
      offset -= stride * (shape[axis] ?? 1);
      index[axis] = 0;
    }
  }
}
