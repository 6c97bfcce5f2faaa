/** The few parts of Protocol Buffers' encoding that a graph is written in. */

export const joined = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

/** Negative numbers as the 64 bits of two's complement. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Uint8Array.from(bytes);
}

const tag = (field: number, wire: number): Uint8Array => varint((field << 3) | wire);

export const integerField = (field: number, value: number): Uint8Array =>
  joined(tag(field, 0), varint(value));

export function floatField(field: number, value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return joined(tag(field, 5), bytes);
}

/** Bytes, a text or a message. */
export function bytesField(field: number, value: Uint8Array | string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return joined(tag(field, 2), varint(bytes.length), bytes);
}
