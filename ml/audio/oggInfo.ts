import { MlError } from '../errors';
import type { SoundInfo } from './soundInfo';
import type { RandomReader } from './wav';

/** A page is at most this long (RFC 3533). */
const longestPage = 65_307;
const opusRate = 48_000;

/** Vorbis (its first header) and Opus (RFC 7845); the length is the position that the last page ends at. */
export async function oggInfo(source: RandomReader): Promise<SoundInfo> {
  const head = await source.read(0, Math.min(source.size, 128));
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const text = String.fromCharCode(...head.subarray(0, 64));
  const opus = text.indexOf('OpusHead');
  const vorbis = text.indexOf('\u0001vorbis');
  if ((opus < 0 && vorbis < 0) || head.length < (opus < 0 ? vorbis + 16 : opus + 12)) {
    throw new MlError('audio.unsupported', 'The ogg file holds neither Vorbis nor Opus.');
  }
  const end = await lastPosition(source);
  if (opus >= 0) {
    const samples = Math.max(0, end - view.getUint16(opus + 10, true));
    return {
      kind: 'opus',
      sampleRate: opusRate,
      channels: view.getUint8(opus + 9),
      seconds: samples / opusRate,
    };
  }
  const sampleRate = view.getUint32(vorbis + 12, true);
  if (sampleRate === 0) throw new MlError('audio.invalid', 'The ogg file claims a sampling rate of 0 Hz.');
  return { kind: 'ogg', sampleRate, channels: view.getUint8(vorbis + 11), seconds: end / sampleRate };
}

async function lastPosition(source: RandomReader): Promise<number> {
  const length = Math.min(source.size, longestPage);
  const tail = await source.read(source.size - length, length);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - 27; at >= 0; at--) {
    if (view.getUint32(at) !== 0x4f676753) continue;
    const position = Number(view.getBigInt64(at + 6, true));
    if (position >= 0) return position;
  }
  throw new MlError('audio.invalid', 'The ogg file is cut off: its last page is not there.');
}
