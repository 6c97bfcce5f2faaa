import { MlError } from '../errors';
import type { SoundInfo } from './soundInfo';
import type { RandomReader } from './wav';

/** The STREAMINFO block, which is always the first (RFC 9639, section 8.2). */
export async function flacInfo(source: RandomReader): Promise<SoundInfo> {
  const bytes = await source.read(0, 42);
  if (bytes.length < 42 || ((bytes[4] ?? 0) & 0x7f) !== 0) {
    throw new MlError('audio.invalid', 'The flac file ends inside its header.');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packed = view.getUint32(18);
  const sampleRate = packed >>> 12;
  const channels = ((packed >>> 9) & 7) + 1;
  const samples = (view.getUint8(21) & 15) * 2 ** 32 + view.getUint32(22);
  if (sampleRate === 0) throw new MlError('audio.invalid', 'The flac file claims a sampling rate of 0 Hz.');
  if (samples === 0) throw new MlError('audio.invalid', 'The flac file does not tell its length.');
  return { kind: 'flac', sampleRate, channels, seconds: samples / sampleRate };
}
