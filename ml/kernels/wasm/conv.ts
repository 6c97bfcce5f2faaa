/**
 * Convolution and its gradients as products of matrices whose rows overlap in the padded tensor: no image is unrolled, no
 * channel turned round.
 *
 * Shapes: x [n, h, w, c], dy [n, oh, ow, k], filter [fh, fw, c, k]; float32, `NHWC`.
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { ConvShape } from '../conv2d';
import { besideProduct, packedSize, placeBeside, type Heap } from './heap';
import { isUnpadded, paddedShape, padInto, type Edges } from './padding';
import { runsOf, tapsOf } from './places';
import { tileColumns } from './product';

const bytes = 4;
const panelRow = bytes * tileColumns;
/** Places that a gradient sums at once: more would not stay near the processor. */
const mostPlaces = 192;

/** Packs a filter [fh·fw·c, k] to `to`. */
type PackFilter = (heap: Heap, to: number) => void;

export function convolve(heap: Heap, x: tf.Tensor4D, filter: tf.TensorInfo, shape: ConvShape): tf.TensorInfo {
  const [fh, fw, c, k] = shape.filterShape;
  const all = fh * fw * c;
  const packFilter: PackFilter = ({ run }, to) => {
    run.pack(heap.addressOf(filter), k * bytes, bytes, to, all * panelRow, all, k);
  };
  return convolveWith(heap, x, packFilter, shape, edgesOf(shape));
}

/**
 * dx of a convolution: dy convolved with the filter turned by half a turn, its channels swapped.
 * @param dy with `stride - 1` zeros between its places
 */
export function inputGradient(
  heap: Heap,
  dy: tf.Tensor4D,
  filter: tf.TensorInfo,
  shape: ConvShape,
): tf.TensorInfo {
  const [fh, fw, c, k] = shape.filterShape;
  const [, h, w] = shape.xShape;
  const [dh, dw] = shape.dilations;
  const { top, left } = shape.padding;
  const [, height, width] = dy.shape;
  const packFilter: PackFilter = ({ run }, to) => {
    const from = heap.addressOf(filter);
    for (let tap = 0; tap < fh * fw; tap++) {
      const turned = from + (fh * fw - 1 - tap) * c * k * bytes;
      run.pack(turned, bytes, k * bytes, to + tap * k * panelRow, fh * fw * k * panelRow, k, c);
    }
  };
  const [before, start] = [(fh - 1) * dh - top, (fw - 1) * dw - left];
  const edges: Edges = [before, h - height + top, start, w - width + left];
  const turned: ConvShape = {
    ...shape,
    xShape: dy.shape,
    filterShape: [fh, fw, k, c],
    strides: [1, 1],
    outSize: [h, w],
  };
  return convolveWith(heap, dy, packFilter, turned, edges);
}

function convolveWith(
  heap: Heap,
  x: tf.Tensor4D,
  packFilter: PackFilter,
  shape: ConvShape,
  edges: Edges,
): tf.TensorInfo {
  const [fh, fw, c, k] = shape.filterShape;
  const all = fh * fw * c;
  const out = heap.make([x.shape[0], ...shape.outSize, k]);
  withPadded(heap, x, edges, [packedSize(all, k), besideProduct(k)], (seenAt, padded, packed, room) => {
    const { tile, zeros } = placeBeside(heap, room);
    const [b, target] = [heap.addressOf(packed), heap.addressOf(out)];
    packFilter(heap, b);
    const taps = tapsOf(padded, shape);
    for (const run of runsOf(padded, shape, Infinity)) {
      const at = target + run.made * k * bytes;
      for (const { seen, first, count } of taps) {
        heap.run.product(
          seenAt + (run.seen + seen) * c * bytes,
          shape.strides[1] * c * bytes,
          bytes,
          b + first * c * panelRow,
          all * panelRow,
          at,
          k * bytes,
          first === 0 ? zeros : at,
          first === 0 ? 0 : k * bytes,
          run.length,
          k,
          count * c,
          tile,
        );
      }
    }
  });
  return out;
}

/** dFilter. */
export function filterGradient(
  heap: Heap,
  x: tf.Tensor4D,
  dy: tf.TensorInfo,
  shape: ConvShape,
): tf.TensorInfo {
  const [, , c, k] = shape.filterShape;
  const places = x.shape[0] * shape.outSize[0] * shape.outSize[1];
  const out = heap.make(shape.filterShape);
  const rooms = [packedSize(places, k), besideProduct(k)];
  withPadded(heap, x, edgesOf(shape), rooms, (seenAt, padded, packed, room) => {
    const { tile, zeros } = placeBeside(heap, room);
    const [b, target] = [heap.addressOf(packed), heap.addressOf(out)];
    heap.run.pack(heap.addressOf(dy), k * bytes, bytes, b, places * panelRow, places, k);
    const runs = [...runsOf(padded, shape, mostPlaces)];
    for (const { seen, first, count } of tapsOf(padded, shape)) {
      const at = target + first * c * k * bytes;
      for (const run of runs) {
        heap.run.product(
          seenAt + (run.seen + seen) * c * bytes,
          bytes,
          shape.strides[1] * c * bytes,
          b + run.made * panelRow,
          places * panelRow,
          at,
          k * bytes,
          run.made === 0 ? zeros : at,
          run.made === 0 ? 0 : k * bytes,
          count * c,
          k,
          run.length,
          tile,
        );
      }
    }
  });
  return out;
}

function edgesOf({ padding: { top, bottom, left, right } }: ConvShape): Edges {
  return [top, bottom, left, right];
}

/** Runs `work` with the address and the shape of the padded x, and rooms of its own. */
function withPadded(
  heap: Heap,
  x: tf.Tensor4D,
  edges: Edges,
  rooms: readonly number[],
  work: (
    seenAt: number,
    shape: [number, number, number, number],
    packed: tf.TensorInfo,
    room: tf.TensorInfo,
  ) => void,
): void {
  const shape = paddedShape(x.shape, edges);
  const size = isUnpadded(edges) ? 0 : shape.reduce((product, length) => product * length, 1);
  heap.withRoom([size, ...rooms], (padded, packed, room) => {
    if (size > 0) padInto(heap, x, edges, padded);
    work(heap.addressOf(size > 0 ? padded : x), shape, packed, room);
  });
}
