import { MlError } from '../errors';

/**
 * RIFF/WAVE headers (Microsoft multimedia standards 3.0, WAVE_FORMAT_EXTENSIBLE, EBU RF64).
 * Every length read from the file is checked against the file's true size before anything is allocated.
 */

export type WavEncoding = 'pcm' | 'float' | 'alaw' | 'mulaw';

export interface WavInfo {
  readonly encoding: WavEncoding;
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Bytes that one sample of one channel takes. */
  readonly sampleBytes: number;
  readonly bitsPerSample: number;
  /** Of the first sample, from the start of the file. */
  readonly dataOffset: number;
  /** Whole frames (one sample for each channel). */
  readonly frames: number;
  readonly seconds: number;
}

interface Format {
  readonly encoding: WavEncoding;
  readonly sampleRate: number;
  readonly channels: number;
  readonly sampleBytes: number;
  readonly bitsPerSample: number;
}

/** A part of the file that the header walk needs next. */
export interface WavSlice {
  readonly offset: number;
  readonly length: number;
}

const tags: Readonly<Record<number, WavEncoding>> = { 1: 'pcm', 3: 'float', 6: 'alaw', 7: 'mulaw' };
const extensible = 0xfffe;
/** The last 14 bytes of every KSDATAFORMAT_SUBTYPE that stands for a format tag. */
const guidTail = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71];
const maxChannels = 256;
const maxSampleRate = 1_536_000;
const maxChunks = 10_000;
/** Written by programs that stream and do not know the length. */
const unknownSize = 0xffffffff;

const invalid = (message: string) => new MlError('audio.invalid', message);

function fourCc(view: DataView, offset: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((i) => view.getUint8(offset + i)));
}

function viewOf(bytes: Uint8Array, needed: number): DataView {
  if (bytes.byteLength < needed) throw invalid('The file ends inside its header.');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function encodingOf(view: DataView, size: number): WavEncoding {
  let tag = view.getUint16(0, true);
  if (tag === extensible) {
    if (size < 40) throw invalid('The extensible format chunk is shorter than its 40 bytes.');
    if (guidTail.some((byte, i) => view.getUint8(26 + i) !== byte)) {
      throw new MlError('audio.unsupported', 'The wav file names a sub-format that is not a known encoding.');
    }
    tag = view.getUint16(24, true);
  }
  const encoding = tags[tag];
  if (encoding !== undefined) return encoding;
  throw new MlError(
    'audio.unsupported',
    `The wav file is encoded in format 0x${tag.toString(16)}; PCM, float, A-law and µ-law can be read. Convert it first.`,
  );
}

function checkedWidth(encoding: WavEncoding, bits: number, channels: number, blockAlign: number): number {
  const sampleBytes = blockAlign / channels;
  const allowed = { pcm: [1, 2, 3, 4], float: [4, 8], alaw: [1], mulaw: [1] }[encoding];
  if (bits === 0 || sampleBytes !== Math.ceil(bits / 8)) {
    throw invalid(
      `${bits} bits, ${channels} channels and a block of ${blockAlign} bytes contradict each other.`,
    );
  }
  if (!allowed.includes(sampleBytes)) {
    throw new MlError('audio.unsupported', `Samples of ${bits} bits in ${encoding} encoding cannot be read.`);
  }
  return sampleBytes;
}

function parseFormat(bytes: Uint8Array, size: number): Format {
  const view = viewOf(bytes, 16);
  const encoding = encodingOf(view, size);
  const channels = view.getUint16(2, true);
  const sampleRate = view.getUint32(4, true);
  const bitsPerSample = view.getUint16(14, true);
  if (channels < 1 || channels > maxChannels) throw invalid(`The wav file claims ${channels} channels.`);
  if (sampleRate < 1 || sampleRate > maxSampleRate) throw invalid(`The wav file claims ${sampleRate} Hz.`);
  const sampleBytes = checkedWidth(encoding, bitsPerSample, channels, view.getUint16(12, true));
  return { encoding, sampleRate, channels, sampleBytes, bitsPerSample };
}

function finish(format: Format, dataOffset: number, bytes: number): WavInfo {
  const frames = Math.floor(bytes / (format.sampleBytes * format.channels));
  return { ...format, dataOffset, frames, seconds: frames / format.sampleRate };
}

function dataSize(declared: number, large: number | undefined, available: number): number {
  if (declared === unknownSize) return Math.min(large ?? available, available);
  if (declared > available) {
    throw invalid(`The wav file is cut off: ${available} of ${declared} bytes of sound are there.`);
  }
  return declared;
}

/**
 * Walks the chunks, asking for slices of the file, and answers where the samples are. Driven by `wavInfo` (bytes in
 * memory) and `wavInfoFrom` (a file that is not read whole). Throws `audio.invalid` or `audio.unsupported`.
 */
export function* walkWav(fileSize: number): Generator<WavSlice, WavInfo, Uint8Array> {
  if (fileSize < 12) throw invalid('The file is not a wav file: it is too short for one.');
  const head = viewOf(yield { offset: 0, length: 12 }, 12);
  const magic = fourCc(head, 0);
  if (magic === 'RIFX') throw new MlError('audio.unsupported', 'Big-endian wav files (RIFX) cannot be read.');
  if ((magic !== 'RIFF' && magic !== 'RF64') || fourCc(head, 8) !== 'WAVE') {
    throw invalid('The file is not a wav file: it does not begin with RIFF … WAVE.');
  }
  let format: Format | undefined;
  let large: number | undefined;
  let offset = 12;
  for (let chunk = 0; chunk < maxChunks && offset + 8 <= fileSize; chunk++) {
    const view = viewOf(yield { offset, length: 8 }, 8);
    const id = fourCc(view, 0);
    const size = view.getUint32(4, true);
    const body = offset + 8;
    if (id === 'data') {
      if (format === undefined) throw invalid('The wav file has sound before it says its format.');
      return finish(format, body, dataSize(size, large, fileSize - body));
    }
    if (body + size > fileSize) throw invalid(`The wav file is cut off inside its "${id.trim()}" chunk.`);
    if (id === 'fmt ') {
      if (size < 16) throw invalid('The format chunk is shorter than its 16 bytes.');
      format = parseFormat(yield { offset: body, length: Math.min(size, 40) }, size);
    } else if (id === 'ds64' && size >= 16) {
      large = Number(viewOf(yield { offset: body, length: 16 }, 16).getBigUint64(8, true));
    }
    offset = body + size + (size % 2);
  }
  throw invalid('The wav file holds no sound: it has no data chunk.');
}
