/** Products of matrices, either of them transposed, without turning any round. */
import type * as tf from '@tensorflow/tfjs-core';
import { besideProduct, packedSize, placeBeside, type Heap } from './heap';
import { tileColumns } from './product';

const bytes = 4;
const panelRow = bytes * tileColumns;
/** Rows below which packing b costs more than it saves. */
const fewest = 8;
/** Multiplications below which nothing is saved. */
const smallest = 16_384;
/** Rows of b that are summed at once where a is transposed: more would not stay near the processor. */
const mostSummed = 192;

interface Sides {
  readonly batch: readonly number[];
  readonly m: number;
  readonly n: number;
  readonly k: number;
}

/** Undefined where the backend's own product does as well. */
export function multiply(heap: Heap, call: Parameters<tf.KernelFunc>[0]): tf.TensorInfo | undefined {
  const { a, b } = call.inputs as { a: tf.Tensor; b: tf.Tensor };
  const { transposeA, transposeB } = call.attrs as unknown as tf.BatchMatMulAttrs;
  const sides = sidesOf(a, b, transposeA, transposeB);
  if (sides === undefined) return undefined;
  const { batch, m, n, k } = sides;
  const out = heap.make([...batch, m, n]);
  const most = transposeA ? mostSummed : k;
  heap.withRoom([packedSize(k, n), besideProduct(n)], (packed, room) => {
    const { tile, zeros } = placeBeside(heap, room);
    const [left, second] = [heap.addressOf(a), heap.addressOf(b)];
    const [from, to] = [heap.addressOf(packed), heap.addressOf(out)];
    const count = batch.reduce((product, size) => product * size, 1);
    for (let one = 0; one < count; one++) {
      const right = second + one * k * n * bytes;
      heap.run.pack(
        right,
        (transposeB ? 1 : n) * bytes,
        (transposeB ? k : 1) * bytes,
        from,
        k * panelRow,
        k,
        n,
      );
      const c = to + one * m * n * bytes;
      for (let done = 0; done < k; done += most) {
        heap.run.product(
          left + (one * m * k + done * (transposeA ? m : 1)) * bytes,
          (transposeA ? 1 : k) * bytes,
          (transposeA ? m : 1) * bytes,
          from + done * panelRow,
          k * panelRow,
          c,
          n * bytes,
          done === 0 ? zeros : c,
          done === 0 ? 0 : n * bytes,
          m,
          n,
          Math.min(most, k - done),
          tile,
        );
      }
    }
  });
  return out;
}

function sidesOf(a: tf.Tensor, b: tf.Tensor, transposeA: boolean, transposeB: boolean): Sides | undefined {
  const batch = a.shape.slice(0, -2);
  const isUsual = a.dtype === 'float32' && b.dtype === 'float32' && a.rank === b.rank;
  if (!isUsual || batch.some((size, axis) => size !== b.shape[axis])) return undefined;
  const [m = 0, k = 0] = lastTwo(a, transposeA);
  const [, n = 0] = lastTwo(b, transposeB);
  return m >= fewest && n >= tileColumns && m * n * k >= smallest ? { batch, m, n, k } : undefined;
}

function lastTwo({ shape }: tf.Tensor, isSwapped: boolean): number[] {
  const two = shape.slice(-2);
  return isSwapped ? two.reverse() : two;
}
