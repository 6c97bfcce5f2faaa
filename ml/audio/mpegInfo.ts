import { MlError } from '../errors';
import type { SoundInfo } from './soundInfo';
import type { RandomReader } from './wav';

/** ISO 11172-3 and 13818-3, layer III: kbit/s by the index of the frame's header. */
const bitRates = {
  1: [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  2: [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;
const rates = [44_100, 48_000, 32_000] as const;
/** Bytes after the tag in which the first frame has to begin. */
const searched = 65_536;

interface Frame {
  /** MPEG 1, 2, or 2.5 as 2. */
  readonly version: 1 | 2;
  readonly sampleRate: number;
  readonly channels: number;
  readonly kilobits: number;
  /** Samples of each channel. */
  readonly samples: number;
  readonly bytes: number;
}

function frameAt(view: DataView, at: number): Frame | undefined {
  if (at + 4 > view.byteLength) return undefined;
  const word = view.getUint32(at);
  const versionBits = (word >>> 19) & 3;
  const rateIndex = (word >>> 10) & 3;
  const bitIndex = (word >>> 12) & 15;
  const isLayer3 = ((word >>> 17) & 3) === 1;
  if (word >>> 21 !== 0x7ff || versionBits === 1 || !isLayer3 || rateIndex === 3) return undefined;
  const version = versionBits === 3 ? 1 : 2;
  const kilobits = bitRates[version][bitIndex] ?? 0;
  if (kilobits === 0) return undefined;
  const divisor = versionBits === 3 ? 1 : versionBits === 2 ? 2 : 4;
  const sampleRate = (rates[rateIndex] ?? 44_100) / divisor;
  const samples = version === 1 ? 1152 : 576;
  const bytes = Math.floor((samples / 8) * ((kilobits * 1000) / sampleRate)) + ((word >>> 9) & 1);
  return { version, sampleRate, channels: ((word >>> 6) & 3) === 3 ? 1 : 2, kilobits, samples, bytes };
}

/** Where the sound begins, behind an ID3v2 tag. */
function behindTag(head: Uint8Array): number {
  if (String.fromCharCode(...head.subarray(0, 3)) !== 'ID3' || head.length < 10) return 0;
  const size = [6, 7, 8, 9].reduce((sum, i) => sum * 128 + ((head[i] ?? 0) & 0x7f), 0);
  return 10 + size;
}

/** Frames as the first frame's Xing, Info or VBRI table counts them; undefined without one. */
function countedFrames(view: DataView, at: number, { version, channels }: Frame): number | undefined {
  const name = (offset: number): string =>
    offset + 4 > view.byteLength
      ? ''
      : String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
  const side = version === 1 ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17;
  const xing = at + 4 + side;
  if (['Xing', 'Info'].includes(name(xing)) && xing + 12 <= view.byteLength) {
    return (view.getUint32(xing + 4) & 1) === 1 ? view.getUint32(xing + 8) : undefined;
  }
  const vbri = at + 36;
  return name(vbri) === 'VBRI' && vbri + 18 <= view.byteLength ? view.getUint32(vbri + 14) : undefined;
}

/** MP3: the length from the table of its first frame, else from its size at a constant bit rate. */
export async function mpegInfo(source: RandomReader): Promise<SoundInfo> {
  const start = behindTag(await source.read(0, 10));
  const bytes = await source.read(start, Math.max(0, Math.min(searched, source.size - start)));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const frame = frameAt(view, at);
    if (frame === undefined) continue;
    const next = at + frame.bytes;
    // Any two bytes may look like a header; two headers in the right distance do not.
    if (next + 4 <= bytes.length && frameAt(view, next) === undefined) continue;
    const { sampleRate, channels, samples, kilobits } = frame;
    const counted = countedFrames(view, at, frame);
    const seconds =
      counted === undefined
        ? (source.size - start - at) / (kilobits * 125)
        : (counted * samples) / sampleRate;
    return { kind: 'mp3', sampleRate, channels, seconds };
  }
  throw new MlError('audio.invalid', 'The file is no mp3 file: no frame of sound is in it.');
}
