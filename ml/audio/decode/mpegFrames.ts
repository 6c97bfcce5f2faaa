/** Headers of MPEG audio frames (ISO 11172-3, 13818-3) and what encoders write into the first of them. */

export interface MpegFrame {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel. */
  readonly samples: number;
  readonly bytes: number;
  /** Where a Xing, Info or VBRI header would stand in the frame. */
  readonly sideInfo: number;
}

const rates = [44_100, 48_000, 32_000] as const;
const kbits = {
  '1.1': [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
  '1.2': [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  '1.3': [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  '2.1': [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
  '2.2': [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
} as const;

/** Undefined where no frame begins. Free-format frames, which say no length, are not taken. */
export function mpegFrame(bytes: Uint8Array, at: number): MpegFrame | undefined {
  const [a = 0, b = 0, c = 0, d = 0] = bytes.subarray(at, at + 4);
  if (a !== 0xff || (b & 0xe0) !== 0xe0 || at + 4 > bytes.length) return undefined;
  const version = (b >> 3) & 3; // 0: 2.5, 2: 2, 3: 1
  const layer = 4 - ((b >> 1) & 3);
  const rate = rates[(c >> 2) & 3];
  if (version === 1 || layer === 4 || rate === undefined) return undefined;
  const first = version === 3;
  const table = first ? kbits[`1.${layer as 1 | 2 | 3}`] : kbits[layer === 1 ? '2.1' : '2.2'];
  const bitrate = (table[c >> 4] ?? 0) * 1000;
  if (bitrate === 0) return undefined;
  const sampleRate = rate / (first ? 1 : version === 2 ? 2 : 4);
  const channels = d >> 6 === 3 ? 1 : 2;
  const samples = layer === 1 ? 384 : layer === 3 && !first ? 576 : 1152;
  const padding = (c >> 1) & 1;
  const length =
    layer === 1
      ? (Math.floor((12 * bitrate) / sampleRate) + padding) * 4
      : Math.floor(((samples / 8) * bitrate) / sampleRate) + padding;
  const sideInfo = 4 + (first ? (channels === 1 ? 17 : 32) : channels === 1 ? 9 : 17);
  return { sampleRate, channels, samples, bytes: length, sideInfo };
}

/** Samples that the whole file decodes to, where its first frame says so; the frame itself is silent. */
export function taggedLength(bytes: Uint8Array, at: number, frame: MpegFrame): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (offset: number): string => String.fromCharCode(...bytes.subarray(offset, offset + 4));
  const tag = at + frame.sideInfo;
  if (text(at + 36) === 'VBRI' && at + 54 <= bytes.length) return view.getUint32(at + 50) * frame.samples;
  if (!['Xing', 'Info'].includes(text(tag)) || tag + 12 > bytes.length) return undefined;
  const flags = view.getUint32(tag + 4);
  if ((flags & 1) === 0) return undefined;
  const frames = view.getUint32(tag + 8);
  // The encoder's delay and padding, 12 bits each, which players leave out.
  const lame = tag + 8 + [4, 4, 100, 4].reduce((sum, size, i) => sum + ((flags >> i) & 1) * size, 0);
  if (lame + 24 > bytes.length || (bytes[lame] ?? 0) === 0) return frames * frame.samples;
  const packed = ((bytes[lame + 21] ?? 0) << 16) | ((bytes[lame + 22] ?? 0) << 8) | (bytes[lame + 23] ?? 0);
  return Math.max(0, frames * frame.samples - (packed >> 12) - (packed & 0xfff));
}

/** Length of an ID3v2 tag at the start, 0 without one. */
export function id3Bytes(bytes: Uint8Array): number {
  if (String.fromCharCode(...bytes.subarray(0, 3)) !== 'ID3' || bytes.length < 10) return 0;
  const size = [6, 7, 8, 9].reduce((sum, i) => (sum << 7) | ((bytes[i] ?? 0) & 0x7f), 0);
  return 10 + size + (((bytes[5] ?? 0) & 0x10) === 0 ? 0 : 10);
}
