/**
 * TensorBoard's `Event` message in protocol buffers' wire format: the few fields that scalars need, written by hand.
 * Field numbers are those of tensorflow/core/util/event.proto and framework/summary.proto.
 */

// Field number times eight plus how its value is written.
const wallTimeKey = 0x09;
const stepKey = 0x10;
const versionKey = 0x1a;
const summaryKey = 0x2a;
const valueKey = 0x0a;
const tagKey = 0x0a;
const simpleValueKey = 0x15;

/** The first record of a file. `wallTime`: seconds since 1970. */
export function versionEvent(wallTime: number): Buffer {
  const version = Buffer.from('brain.Event:2');
  const out = Buffer.alloc(11 + version.length);
  out.writeUInt8(wallTimeKey, 0);
  out.writeDoubleLE(wallTime, 1);
  out.writeUInt8(versionKey, 9);
  out.writeUInt8(version.length, 10);
  out.set(version, 11);
  return out;
}

/** One value of one metric, `tag` its name in UTF-8. TensorBoard keeps it in 32 bits. */
export function scalarEvent(wallTime: number, step: number, tag: Uint8Array, value: number): Buffer {
  const valueLength = 1 + varintLength(tag.length) + tag.length + 5;
  const summaryLength = 1 + varintLength(valueLength) + valueLength;
  const out = Buffer.alloc(9 + 1 + varintLength(step) + 1 + varintLength(summaryLength) + summaryLength);
  let at = out.writeUInt8(wallTimeKey, 0);
  at = out.writeDoubleLE(wallTime, at);
  at = writeVarint(out, out.writeUInt8(stepKey, at), step);
  at = writeVarint(out, out.writeUInt8(summaryKey, at), summaryLength);
  at = writeVarint(out, out.writeUInt8(valueKey, at), valueLength);
  at = writeVarint(out, out.writeUInt8(tagKey, at), tag.length);
  out.set(tag, at);
  at = out.writeUInt8(simpleValueKey, at + tag.length);
  out.writeFloatLE(value, at);
  return out;
}

/** Seven bits a byte, the lowest first. Division, as steps may pass 32 bits. */
function writeVarint(out: Buffer, start: number, value: number): number {
  let at = start;
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) at = out.writeUInt8((rest % 128) | 128, at);
  return out.writeUInt8(rest, at);
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) length++;
  return length;
}
