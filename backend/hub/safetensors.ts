/** The header of a safetensors file: an 8-byte little-endian length, then JSON that names every tensor. */
import { z } from 'zod';
import { isStoredType, storedBytes } from '../../ml/weights/elements';
import { longestHeader } from '../../ml/weights/limits';

const tensor = z.object({ dtype: z.string(), shape: z.array(z.number().int().nonnegative()) });

/** Bytes of one element; types that nobody knows yet are counted as float32. */
const bytesOf = (dtype: string): number => (isStoredType(dtype) ? storedBytes[dtype] : 4);

export interface TensorFacts {
  readonly parameters: number;
  /** Of the weights as they are stored. */
  readonly bytes: number;
  /** The type that holds most parameters, as the format names it. */
  readonly dtype: string;
}

/** Bytes of the header that follows the first eight; undefined when that is no length of this file's header. */
export function headerLength(first: Buffer, fileSize: number): number | undefined {
  if (first.length < 8) return undefined;
  const length = first.readBigUInt64LE(0);
  return length >= 2n && length <= BigInt(Math.min(longestHeader, fileSize - 8)) ? Number(length) : undefined;
}

/** Undefined for what is no such header. */
export function parseHeader(header: Buffer): TensorFacts | undefined {
  let json: unknown;
  try {
    json = JSON.parse(header.toString('utf8'));
  } catch {
    return undefined;
  }
  const entries = z.record(z.string(), z.unknown()).safeParse(json);
  if (!entries.success) return undefined;
  const byType = new Map<string, number>();
  for (const [name, value] of Object.entries(entries.data)) {
    if (name === '__metadata__') continue;
    const parsed = tensor.safeParse(value);
    if (!parsed.success) return undefined;
    const { dtype, shape } = parsed.data;
    const count = shape.reduce((product, size) => product * size, 1);
    byType.set(dtype, (byType.get(dtype) ?? 0) + count);
  }
  const types = [...byType].sort(([, a], [, b]) => b - a);
  const [most] = types;
  if (most === undefined) return undefined;
  return {
    parameters: types.reduce((sum, [, count]) => sum + count, 0),
    bytes: types.reduce((sum, [dtype, count]) => sum + count * bytesOf(dtype), 0),
    dtype: most[0],
  };
}
