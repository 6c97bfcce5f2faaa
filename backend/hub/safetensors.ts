/** The header of a safetensors file: an 8-byte little-endian length, then JSON that names every tensor. */
import { z } from 'zod';

/** Longest header that is read; the format's own limit is 100 MB, but no model that runs on a desk comes near this. */
export const longestHeader = 16 * 1024 * 1024;

const tensor = z.object({ dtype: z.string(), shape: z.array(z.number().int().nonnegative()) });

const bitsOf: Readonly<Record<string, number>> = {
  F64: 64,
  I64: 64,
  U64: 64,
  F32: 32,
  I32: 32,
  U32: 32,
  F16: 16,
  BF16: 16,
  I16: 16,
  U16: 16,
  F8_E4M3: 8,
  F8_E5M2: 8,
  I8: 8,
  U8: 8,
  BOOL: 8,
};

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
    bytes: types.reduce((sum, [dtype, count]) => sum + (count * (bitsOf[dtype] ?? 32)) / 8, 0),
    dtype: most[0],
  };
}
