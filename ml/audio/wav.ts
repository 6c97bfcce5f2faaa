import { MlError } from '../errors';
import type { AudioData } from './audioData';
import { alawTable, mulawTable } from './g711';
import { walkWav, type WavInfo } from './wavFormat';

/** Reads `length` bytes from `offset`; fewer only at the end of the file. */
export interface RandomReader {
  readonly size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Format and length of a wav file in memory. Throws `MlError`. */
export function wavInfo(bytes: Uint8Array): WavInfo {
  const walk = walkWav(bytes.byteLength);
  let step = walk.next();
  while (step.done !== true) {
    const { offset, length } = step.value;
    step = walk.next(bytes.subarray(offset, offset + length));
  }
  return step.value;
}

/** Format and length of a wav file, reading its headers only. Throws `MlError`. */
export async function wavInfoFrom(reader: RandomReader): Promise<WavInfo> {
  const walk = walkWav(reader.size);
  let step = walk.next();
  while (step.done !== true) step = walk.next(await reader.read(step.value.offset, step.value.length));
  return step.value;
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** What most files are, without a call for each sample. */
function decode16(interleaved: Int16Array, channels: number): Float32Array[] {
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(interleaved.length / channels);
    const scale = 1 / 32_768; // A power of two: the product is what the quotient was.
    for (let i = 0, at = channel; i < samples.length; i++, at += channels)
      samples[i] = (interleaved[at] ?? 0) * scale;
    return samples;
  });
}

type SampleReader = (view: DataView, offset: number) => number;

function sampleReader({ encoding, sampleBytes }: WavInfo): SampleReader {
  if (encoding === 'alaw') return (view, at) => alawTable[view.getUint8(at)] ?? 0;
  if (encoding === 'mulaw') return (view, at) => mulawTable[view.getUint8(at)] ?? 0;
  if (encoding === 'float') {
    return sampleBytes === 4
      ? (view, at) => view.getFloat32(at, true)
      : (view, at) => view.getFloat64(at, true);
  }
  switch (sampleBytes) {
    case 1: // The one width that is stored unsigned.
      return (view, at) => (view.getUint8(at) - 128) / 128;
    case 2:
      return (view, at) => view.getInt16(at, true) / 32_768;
    case 3:
      return (view, at) => (view.getUint16(at, true) + view.getInt8(at + 2) * 65_536) / 8_388_608;
    default:
      return (view, at) => view.getInt32(at, true) / 2_147_483_648;
  }
}

/**
 * Whole frames of raw sample bytes, as they lie in the file from `info.dataOffset` on, to one array for each channel.
 * A trailing part of a frame is ignored. Throws `audio.invalid` for samples that are not finite numbers.
 */
export function decodeFrames(info: WavInfo, bytes: Uint8Array): Float32Array[] {
  const { channels, sampleBytes } = info;
  const frames = Math.floor(bytes.byteLength / (channels * sampleBytes));
  if (info.encoding === 'pcm' && sampleBytes === 2 && bytes.byteOffset % 2 === 0 && littleEndian)
    return decode16(new Int16Array(bytes.buffer, bytes.byteOffset, frames * channels), channels);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = sampleReader(info);
  return Array.from({ length: channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    let offset = channel * sampleBytes;
    for (let i = 0; i < frames; i++, offset += channels * sampleBytes) {
      const value = read(view, offset);
      if (!Number.isFinite(value)) {
        throw new MlError('audio.invalid', `Sample ${i} of the wav file is not a finite number.`);
      }
      samples[i] = value;
    }
    return samples;
  });
}

/** A wav file in memory: PCM 8, 16, 24, 32 bit, float 32, 64 bit, A-law, µ-law. Throws `MlError`. */
export function readWav(bytes: Uint8Array): AudioData {
  const info = wavInfo(bytes);
  const length = info.frames * info.channels * info.sampleBytes;
  const channels = decodeFrames(info, bytes.subarray(info.dataOffset, info.dataOffset + length));
  return { sampleRate: info.sampleRate, channels };
}
