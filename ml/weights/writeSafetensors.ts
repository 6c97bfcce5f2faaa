/** Weights as one safetensors file, floating ones in 32 bits. Integers, which only count training steps, are left out. */
import type { Weights } from './weights';

export async function writeSafetensors(weights: Weights): Promise<Uint8Array> {
  const parts: Float32Array[] = [];
  const header: Record<string, object> = {};
  let end = 0;
  for (const name of weights.names()) {
    const { shape, data } = await weights.read(name);
    if (!(data instanceof Float32Array)) continue;
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
    parts.push(data);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // Spaces bring the numbers to a multiple of eight, as the format asks.
  const text = new Uint8Array(8 * Math.ceil(json.length / 8)).fill(0x20);
  text.set(json);
  const file = new Uint8Array(8 + text.length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  let at = 8 + text.length;
  for (const { buffer, byteOffset, byteLength } of parts) {
    file.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return file;
}
