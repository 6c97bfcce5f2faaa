/**
 * Sums and means over leading axes, as biases and normalisation ask for. The WebAssembly backend would turn the tensor
 * round first; its average pooling over all rows does the same thirty times faster.
 */
import * as tf from '@tensorflow/tfjs-core';

/** Numbers below which the stock kernel is as fast. */
const smallest = 4096;

const wrapped = new Set<string>();

/** Puts itself before the backend's own kernels. Its backend must be running. */
export function wrapSums(backendName: string): void {
  if (wrapped.has(backendName)) return;
  wrapped.add(backendName);
  for (const name of [tf.Sum, tf.Mean]) {
    const stock = tf.getKernel(name, backendName);
    tf.unregisterKernel(name, backendName);
    tf.registerKernel({ ...stock, kernelFunc: (call) => reduce(name, stock.kernelFunc, call) });
  }
}

/** The mean of each column: [rows, columns] → [columns]. */
export function columnMeans(x: tf.Tensor, rows: number, columns: number): tf.Tensor1D {
  const pooled = tf.avgPool(tf.reshape<tf.Rank.R4>(x, [1, rows, 1, columns]), [rows, 1], 1, 'valid');
  return tf.reshape(pooled, [columns]);
}

function reduce(
  name: string,
  stock: tf.KernelFunc,
  call: Parameters<tf.KernelFunc>[0],
): ReturnType<tf.KernelFunc> {
  const x = call.inputs['x'] as tf.Tensor;
  const { axis, keepDims } = call.attrs as unknown as tf.SumAttrs;
  const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
  const leading = axes.length > 0 && axes.length < x.rank && axes.every((one, i) => one === i);
  const kept = x.shape.slice(axes.length);
  const columns = tf.util.sizeFromShape(kept);
  if (!leading || x.size < smallest || x.size === columns || x.dtype !== 'float32') return stock(call);
  return tf.tidy(() => {
    const rows = x.size / columns;
    const means = columnMeans(x, rows, columns);
    const answer = name === tf.Mean ? means : tf.mul(means, rows);
    return tf.reshape(answer, keepDims ? [...axes.map(() => 1), ...kept] : kept);
  });
}
