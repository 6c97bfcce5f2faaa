/** Sums rows by segment: the gradient of `gather`, and so of an embedding. */
import * as tf from '@tensorflow/tfjs-core';

/**
 * @param x [n, …rest]
 * @param segmentIds int32 [n]; ids outside 0..count-1 are left out, as TensorFlow does
 * @returns [count, …rest]
 */
export function unsortedSegmentSum(x: tf.Tensor, segmentIds: tf.Tensor1D, count: number): tf.Tensor {
  const ids = segmentIds.dataSync();
  const values = x.dataSync();
  const rest = x.shape.slice(1);
  const width = rest.reduce((product, size) => product * size, 1);
  const sums = x.dtype === 'int32' ? new Int32Array(count * width) : new Float32Array(count * width);
  for (let row = 0; row < ids.length; row++) {
    const id = ids[row] ?? -1;
    if (id < 0 || id >= count) continue;
    const from = row * width;
    const to = id * width;
    for (let i = 0; i < width; i++) sums[to + i] = (sums[to + i] ?? 0) + (values[from + i] ?? 0);
  }
  return tf.tensor(sums, [count, ...rest], x.dtype);
}
