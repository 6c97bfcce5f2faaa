/** Stored numbers of every type, little-endian, as float32 or int32. */
import { MlError } from '../errors';

/** By the names that safetensors gives them; bytes of one element. */
export const storedBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I16: 2,
  I8: 1,
  U64: 8,
  U32: 4,
  U16: 2,
  U8: 1,
  BOOL: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
} as const;
export type StoredType = keyof typeof storedBytes;

export function isStoredType(name: string): name is StoredType {
  return Object.hasOwn(storedBytes, name);
}

/** `bytes` in an array of its own may become the result without a copy. Throws `model.unsupported`. */
export function decodeElements(type: StoredType, bytes: Uint8Array, name: string): Float32Array | Int32Array {
  const { buffer, byteOffset, byteLength } = aligned(bytes, storedBytes[type]);
  const length = byteLength / storedBytes[type];
  switch (type) {
    case 'F32':
      return new Float32Array(buffer, byteOffset, length);
    case 'F64':
      return Float32Array.from(new Float64Array(buffer, byteOffset, length));
    case 'F16':
      return decodeHalf(new Uint16Array(buffer, byteOffset, length));
    case 'BF16':
      return decodeBrain(new Uint16Array(buffer, byteOffset, length));
    case 'I32':
      return new Int32Array(buffer, byteOffset, length);
    case 'I16':
      return Int32Array.from(new Int16Array(buffer, byteOffset, length));
    case 'I8':
      return Int32Array.from(new Int8Array(buffer, byteOffset, length));
    case 'U16':
      return Int32Array.from(new Uint16Array(buffer, byteOffset, length));
    case 'U8':
      return Int32Array.from(new Uint8Array(buffer, byteOffset, length));
    case 'BOOL':
      return Int32Array.from(new Uint8Array(buffer, byteOffset, length), (value) => (value === 0 ? 0 : 1));
    case 'I64':
      return narrowed(new BigInt64Array(buffer, byteOffset, length), name);
    case 'U64':
      return narrowed(new BigUint64Array(buffer, byteOffset, length), name);
    case 'U32':
      return narrowed(new Uint32Array(buffer, byteOffset, length), name);
    case 'F8_E4M3':
    case 'F8_E5M2':
      throw new MlError('model.unsupported', `"${name}" is stored as ${type}, which is not read here.`);
  }
}

/** Typed arrays start at a multiple of their element. */
function aligned(bytes: Uint8Array, element: number): Uint8Array {
  return bytes.byteOffset % element === 0 ? bytes : new Uint8Array(bytes);
}

function narrowed(values: ArrayLike<bigint | number>, name: string): Int32Array {
  const result = new Int32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const value = Number(values[i]);
    if (value < -0x8000_0000 || value > 0x7fff_ffff) {
      throw new MlError('model.unsupported', `"${name}" holds ${value}, which does not fit 32 bits.`);
    }
    result[i] = value;
  }
  return result;
}

let halfBits: Uint32Array | undefined;

/** The float32 bits of every half: not-a-numbers keep theirs only when no number is made of them on the way. */
function halfTable(): Uint32Array {
  if (halfBits !== undefined) return halfBits;
  const table = new Uint32Array(0x1_0000);
  const single = new Float32Array(1);
  const bits = new Uint32Array(single.buffer);
  for (let i = 0; i < table.length; i++) {
    const [exponent, fraction] = [(i >> 10) & 31, i & 1023];
    const sign = i & 0x8000 ? 0x8000_0000 : 0;
    if (exponent === 0) {
      single[0] = fraction * 2 ** -24;
      table[i] = sign + (bits[0] ?? 0);
    } else {
      table[i] = sign + (exponent === 31 ? 0x7f80_0000 : (exponent + 112) * 0x80_0000) + fraction * 0x2000;
    }
  }
  halfBits = table;
  return table;
}

/** IEEE 754 binary16. */
export function decodeHalf(halves: Uint16Array): Float32Array {
  const table = halfTable();
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = table[halves[i] ?? 0] ?? 0;
  return new Float32Array(bits.buffer);
}

/** bfloat16: the upper half of a float32. */
export function decodeBrain(values: Uint16Array): Float32Array {
  const bits = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) bits[i] = (values[i] ?? 0) << 16;
  return new Float32Array(bits.buffer);
}
