import { readWithin, type ByteSource } from './byteSource';
import { decodeElements, storedBytes } from './elements';
import type { PickleTensor } from './pickleValues';

/** Reads only the part of the storage that the view covers, and puts its elements row after row. */
export async function readView(
  source: ByteSource,
  storageStart: number,
  { storage, offset, shape, strides }: PickleTensor,
  name: string,
): Promise<Float32Array | Int32Array> {
  const count = shape.reduce((product, size) => product * size, 1);
  const extent =
    count === 0 ? 0 : 1 + shape.reduce((sum, size, i) => sum + (size - 1) * (strides[i] ?? 0), 0);
  const each = storedBytes[storage.dtype];
  const start = storageStart + offset * each;
  const bytes = await readWithin(source, start, start + extent * each);
  const values = decodeElements(storage.dtype, bytes, name);
  return isContiguous(shape, strides) ? values : gathered(values, shape, strides, count);
}

function isContiguous(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] ?? 0;
    if (size === 0) return true;
    if (size !== 1 && strides[axis] !== step) return false;
    step *= size;
  }
  return true;
}

function gathered<T extends Float32Array | Int32Array>(
  values: T,
  shape: readonly number[],
  strides: readonly number[],
  count: number,
): Float32Array | Int32Array {
  const result = values instanceof Float32Array ? new Float32Array(count) : new Int32Array(count);
  const index = new Array<number>(shape.length).fill(0);
  let from = 0;
  for (let to = 0; to < count; to++) {
    result[to] = values[from] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [at, stride] = [(index[axis] ?? 0) + 1, strides[axis] ?? 0];
      if (at < (shape[axis] ?? 0)) {
        index[axis] = at;
        from += stride;
        break;
      }
      from -= (at - 1) * stride;
      index[axis] = 0;
    }
  }
  return result;
}
