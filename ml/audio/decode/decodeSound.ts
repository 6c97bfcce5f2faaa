/** Any sound that we decode, as samples: in pieces, or whole. One place for the audio page, transcripts and data sets. */
import { MlError } from '../../errors';
import type { AudioData } from '../audioData';
import { decodeFrames, wavInfoFrom, type RandomReader } from '../wav';
import { isCompressed, sniff, sniffBytes, type SoundKind } from './sniff';
import { compressedInfo, type CompressedInfo } from './soundInfo';
import { streamDecoder } from './streamDecoders';

/** Bytes of a compressed file that are decoded at once. */
const pieceBytes = 32_768;

/** Of a file; undefined for what is no sound that we know. */
export async function soundKind(reader: RandomReader): Promise<SoundKind | undefined> {
  return sniff(await reader.read(0, Math.min(reader.size, sniffBytes)));
}

/** A compressed file from its start, piece by piece. Throws `audio.invalid` when nothing in it could be decoded. */
export async function* decodeStream(
  reader: RandomReader,
  info: CompressedInfo,
): AsyncGenerator<AudioData, void, void> {
  const decoder = await streamDecoder(info);
  let frames = 0;
  try {
    for (let at = 0; at < reader.size; at += pieceBytes) {
      const bytes = await reader.read(at, Math.min(pieceBytes, reader.size - at));
      const audio = await decoder.decode(bytes);
      frames += audio.channels[0]?.length ?? 0;
      if ((audio.channels[0]?.length ?? 0) > 0) yield audio;
    }
    const rest = await decoder.flush();
    frames += rest.channels[0]?.length ?? 0;
    if ((rest.channels[0]?.length ?? 0) > 0) yield rest;
  } catch (cause) {
    if (cause instanceof MlError) throw cause;
    // The decoders throw what their WebAssembly or a DataView says of bytes that make no sense.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MlError('audio.invalid', `The file is damaged: ${reason}`, { cause });
  } finally {
    decoder.free();
  }
  if (frames === 0) throw new MlError('audio.invalid', 'Nothing in the file could be decoded.');
}

/**
 * A whole file as samples: wav, mp3, flac, ogg (Opus, Vorbis, FLAC). Throws `audio.invalid`, or `audio.unsupported`
 * for what only a browser decodes (m4a, aac, webm).
 */
export async function readSound(reader: RandomReader): Promise<AudioData> {
  if (reader.size === 0) throw new MlError('audio.invalid', 'The file is empty.');
  const kind = await soundKind(reader);
  if (isCompressed(kind)) return readCompressed(reader, await compressedInfo(reader, kind));
  if (kind === 'wav' || kind === undefined) return readWavFrom(reader);
  throw new MlError(
    'audio.unsupported',
    `Sound in ${kind === 'mp4' ? 'm4a' : kind} files cannot be decoded here. Convert it to wav, flac, mp3 or ogg.`,
  );
}

async function readWavFrom(reader: RandomReader): Promise<AudioData> {
  const info = await wavInfoFrom(reader);
  const bytes = await reader.read(info.dataOffset, info.frames * info.channels * info.sampleBytes);
  return { sampleRate: info.sampleRate, channels: decodeFrames(info, bytes) };
}

async function readCompressed(reader: RandomReader, info: CompressedInfo): Promise<AudioData> {
  const pieces: AudioData[] = [];
  for await (const piece of decodeStream(reader, info)) pieces.push(piece);
  const frames = pieces.reduce((sum, { channels }) => sum + (channels[0]?.length ?? 0), 0);
  const channels = Array.from({ length: info.channels }, (_, channel) => {
    const samples = new Float32Array(frames);
    let at = 0;
    for (const piece of pieces) {
      const part = piece.channels[channel] ?? new Float32Array(0);
      samples.set(part, at);
      at += part.length;
    }
    return samples;
  });
  return { sampleRate: info.sampleRate, channels };
}
