/** Format and length of a compressed file, from its headers. */
import { MlError } from '../../errors';
import type { RandomReader } from '../wav';
import { id3Bytes, mpegFrame, taggedLength } from './mpegFrames';
import type { CompressedKind } from './sniff';

export interface CompressedInfo {
  readonly kind: CompressedKind;
  /** Hz, of what is decoded. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel; undefined where the file does not say. */
  readonly frames: number | undefined;
  /** More than 16 only where nothing was lost. */
  readonly bits: number;
}

const pieceBytes = 1_048_576;
const invalid = (what: string) => new MlError('audio.invalid', what);

/** Throws `audio.invalid` for a file without a header that can be read. */
export async function compressedInfo(reader: RandomReader, kind: CompressedKind): Promise<CompressedInfo> {
  switch (kind) {
    case 'mp3':
      return mp3Info(reader);
    case 'flac':
      return flacInfo(await reader.read(8, 34), kind);
    case 'oggFlac': {
      const packet = await firstPacket(reader);
      return { ...flacInfo(packet.subarray(17, 51), kind), frames: await lastGranule(reader) };
    }
    case 'vorbis': {
      const packet = viewOf(await firstPacket(reader), 16);
      const [channels, sampleRate] = [packet.getUint8(11), packet.getUint32(12, true)];
      return checked({ kind, channels, sampleRate, frames: await lastGranule(reader), bits: 16 });
    }
    case 'opus': {
      const packet = viewOf(await firstPacket(reader), 19);
      const end = await lastGranule(reader);
      const frames = end === undefined ? undefined : Math.max(0, end - packet.getUint16(10, true));
      return checked({ kind, channels: packet.getUint8(9), sampleRate: 48_000, frames, bits: 16 });
    }
  }
}

function viewOf(bytes: Uint8Array, needed: number): DataView {
  if (bytes.length < needed) throw invalid('The file ends inside its header.');
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function checked(info: CompressedInfo): CompressedInfo {
  if (info.channels < 1 || info.sampleRate < 1)
    throw invalid(`The file claims ${info.channels} channels at ${info.sampleRate} Hz.`);
  return info;
}

/** STREAMINFO: 20 bits of rate, 3 of channels, 5 of depth, 36 of length. */
function flacInfo(bytes: Uint8Array, kind: CompressedKind): CompressedInfo {
  const view = viewOf(bytes, 18);
  const packed = view.getBigUint64(10);
  const frames = Number(packed & 0xf_ffff_ffffn);
  return checked({
    kind,
    sampleRate: Number(packed >> 44n),
    channels: Number((packed >> 41n) & 7n) + 1,
    bits: Number((packed >> 36n) & 31n) + 1,
    frames: frames === 0 ? undefined : frames,
  });
}

async function firstPacket(reader: RandomReader): Promise<Uint8Array> {
  const page = await reader.read(0, Math.min(reader.size, 512));
  return page.subarray(27 + (page[26] ?? 0));
}

/** Position that the last page of an Ogg file ends at, in samples. */
async function lastGranule(reader: RandomReader): Promise<number | undefined> {
  const length = Math.min(reader.size, 131_072);
  const tail = await reader.read(reader.size - length, length);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tail.length - 27; at >= 0; at--) {
    if (view.getUint32(at) !== 0x4f676753) continue; // OggS
    const granule = view.getBigInt64(at + 6, true);
    if (granule >= 0n) return Number(granule);
  }
  return undefined;
}

async function mp3Info(reader: RandomReader): Promise<CompressedInfo> {
  const start = id3Bytes(await reader.read(0, Math.min(reader.size, 10)));
  const head = await reader.read(start, Math.min(Math.max(0, reader.size - start), 65_536));
  const at = firstFrame(head);
  const frame = at === undefined ? undefined : mpegFrame(head, at);
  if (at === undefined || frame === undefined) throw invalid('No frame of MPEG audio begins in the file.');
  const frames = taggedLength(head, at, frame) ?? (await countFrames(reader, start + at));
  const { sampleRate, channels } = frame;
  return { kind: 'mp3', sampleRate, channels, frames, bits: 16 };
}

/** Two frames in a row are no accident; one that the file ends after is taken too. */
function firstFrame(bytes: Uint8Array): number | undefined {
  for (let at = 0; at + 4 <= bytes.length; at++) {
    const frame = mpegFrame(bytes, at);
    if (frame === undefined) continue;
    const next = at + frame.bytes;
    if (next >= bytes.length - 4 || mpegFrame(bytes, next) !== undefined) return at;
  }
  return undefined;
}

/** Samples of all frames, from their headers: what a file without a tag lasts. */
async function countFrames(reader: RandomReader, start: number): Promise<number> {
  let samples = 0;
  let at = start;
  while (at + 4 <= reader.size) {
    const bytes = await reader.read(at, Math.min(pieceBytes, reader.size - at));
    let offset = 0;
    for (;;) {
      const frame = mpegFrame(bytes, offset);
      if (frame === undefined) break;
      samples += frame.samples;
      offset += frame.bytes;
    }
    // Nothing more, or what is no frame: an ID3v1 tag, or damage, which is stepped over byte by byte.
    if (offset + 4 <= bytes.length) offset = resync(bytes, offset + 1);
    else if (offset === 0) break;
    at += offset;
  }
  return samples;
}

function resync(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 4 <= bytes.length; at++) if (mpegFrame(bytes, at) !== undefined) return at;
  return bytes.length;
}
