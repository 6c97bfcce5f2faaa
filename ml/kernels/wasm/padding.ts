/** Zeros round a tensor, or a border less: what convolutions see. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Heap } from './heap';

/** Rows above and below, columns left and right; negative ones are cut off. */
export type Edges = readonly [top: number, bottom: number, left: number, right: number];

export const isUnpadded = (edges: Edges): boolean => edges.every((edge) => edge === 0);

export function paddedShape(
  [n, h, w, c]: readonly [number, number, number, number],
  [top, bottom, left, right]: Edges,
): [number, number, number, number] {
  return [n, h + top + bottom, w + left + right, c];
}

/** Writes x with its edges into `room`, which has place for it. */
export function padInto(heap: Heap, x: tf.Tensor4D, edges: Edges, room: tf.TensorInfo): void {
  const [n, h, w, c] = x.shape;
  const [top, , left] = edges;
  const [, height, width] = paddedShape(x.shape, edges);
  const [source, target] = [heap.numbers(x), heap.numbers(room)];
  target.fill(0);
  const [firstColumn, lastColumn] = [Math.max(0, -left), Math.min(w, width - left)];
  const wide = (lastColumn - firstColumn) * c;
  if (wide <= 0) return;
  for (let one = 0; one < n; one++) {
    for (let row = Math.max(0, -top); row < Math.min(h, height - top); row++) {
      const at = ((one * h + row) * w + firstColumn) * c;
      const to = ((one * height + row + top) * width + firstColumn + left) * c;
      target.set(source.subarray(at, at + wide), to);
    }
  }
}
