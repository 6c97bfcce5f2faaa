/**
 * Protocol buffers as far as ONNX's metadata needs them: fields of one message, over bytes that may be hostile or cut
 * short. Nothing here throws: what cannot be read ends the message. Source: protobuf.dev/programming-guides/encoding.
 */

export interface Field {
  readonly number: number;
  /** A varint's value; beyond 2^53 it is `Infinity`, of a length or a version as good as none. */
  readonly value?: number;
  /** Where a length-delimited field's content lies, from the start of the bytes; `end` may lie beyond them. */
  readonly start: number;
  readonly end: number;
}

/** Most fields of one message that are looked at: hostile files hold millions of empty ones. */
const mostFields = 100_000;

/** `[value, next offset]`; undefined when it is cut short or longer than ten bytes. */
function varint(bytes: Uint8Array, at: number): readonly [number, number] | undefined {
  let value = 0;
  for (let index = 0; index < 10; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) return [value > Number.MAX_SAFE_INTEGER ? Infinity : value, at + index + 1];
  }
  return undefined;
}

/**
 * The fields between `start` and `end`, in order. `whole` is false when the message broke off: by the end of the bytes,
 * by a wire type that does not exist, or by a length that leaves the message. A last field that begins within the bytes
 * and ends beyond them is still told, so that what follows it can be fetched.
 */
export function readFields(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
): { readonly fields: readonly Field[]; readonly whole: boolean; readonly next: number } {
  const fields: Field[] = [];
  let at = start;
  while (at < end && fields.length < mostFields) {
    const field = readField(bytes, at);
    if (field === undefined || field.end > end) return { fields, whole: false, next: at };
    fields.push(field);
    at = field.end;
    if (at > bytes.length) return { fields, whole: false, next: at };
  }
  return { fields, whole: at === end, next: at };
}

function readField(bytes: Uint8Array, at: number): Field | undefined {
  const tag = varint(bytes, at);
  if (tag === undefined || tag[0] < 8 || tag[0] > 0xffff_ffff) return undefined;
  const number = Math.floor(tag[0] / 8);
  const [, start] = tag;
  switch (tag[0] % 8) {
    case 0: {
      const read = varint(bytes, start);
      return read === undefined ? undefined : { number, value: read[0], start, end: read[1] };
    }
    case 1:
      return { number, start, end: start + 8 };
    case 5:
      return { number, start, end: start + 4 };
    case 2: {
      const length = varint(bytes, start);
      if (length === undefined || !Number.isFinite(length[0])) return undefined;
      return { number, start: length[1], end: length[1] + length[0] };
    }
    default:
      return undefined;
  }
}

/** Longest text that is taken over. */
const longestText = 2000;
const decoder = new TextDecoder('utf-8', { fatal: true });

/** The text of a field; undefined when it is not all there, no UTF-8, or holds control characters. */
export function textOf(bytes: Uint8Array, field: Field | undefined): string | undefined {
  if (field === undefined || field.value !== undefined || field.end > bytes.length) return undefined;
  if (field.end - field.start > longestText) return undefined;
  try {
    const text = decoder.decode(bytes.subarray(field.start, field.end));
    return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The first field of that number whose bytes are all there. */
export function fieldOf(fields: readonly Field[], number: number): Field | undefined {
  return fields.find((field) => field.number === number);
}
