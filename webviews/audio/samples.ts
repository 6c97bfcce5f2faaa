/**
 * A recording's samples, read where they are needed. A wav stays in its file, which is decoded piece by piece: two
 * hours of it take no more memory than what is on the screen.
 */
import type { AudioData } from '../../ml/audio/audioData';
import { decodeFrames, wavInfoFrom } from '../../ml/audio/wav';
import type { WavInfo } from '../../ml/audio/wavFormat';
import type { SoundKind } from '../../ml/audio/decode/sniff';
import type { CompressedInfo } from '../../ml/audio/decode/soundInfo';
import { MlError } from '../../ml/errors';
import type { ByteSource } from './byteSource';
import { blockFrames } from './peaks';
import { release } from './release';

export interface Piece {
  /** Frame of its first sample: a multiple of the peaks' block. */
  readonly start: number;
  readonly channels: readonly Float32Array[];
}

export interface Samples {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel. */
  readonly frames: number;
  readonly seconds: number;
  /** Header of a wav; undefined for what was decoded. */
  readonly wav: WavInfo | undefined;
  /** Header of what we decode ourselves. */
  readonly compressed?: CompressedInfo;
  /** What the browser decoded, and resampled on the way. */
  readonly browserKind?: SoundKind;
  /** Any part is there at once: nothing has to be decoded before it. */
  readonly random: boolean;
  /** One array for each channel; shorter at the end of the recording. Outside of it: empty. */
  read(start: number, count: number): Promise<Float32Array[]>;
  /** `count` frames from each of `starts`, in one question. */
  readMany(starts: readonly number[], count: number): Promise<Float32Array[][]>;
  /** All of it from the start, in pieces; one may be gone when the next is asked for. Rejects when `signal` is aborted. */
  pieces(signal: AbortSignal): AsyncGenerator<Piece>;
}

/** Bytes that are read at once where all of them are wanted. */
const pieceBytes = 524_288;

/** Throws `MlError` `audio.invalid` or `audio.unsupported`. */
export async function wavSamples(source: ByteSource): Promise<Samples> {
  const wav = await wavInfoFrom(source);
  if (wav.frames === 0) throw new MlError('audio.invalid', 'There is a header, but no sound after it.');
  const frameBytes = wav.channels * wav.sampleBytes;
  const part = (start: number, count: number) => {
    const from = Math.max(0, Math.min(wav.frames, start));
    const until = Math.max(from, Math.min(wav.frames, start + count));
    return { offset: wav.dataOffset + from * frameBytes, length: (until - from) * frameBytes };
  };
  const readMany: Samples['readMany'] = async (starts, count) =>
    (await source.readMany(starts.map((start) => part(start, count)))).map((bytes) =>
      decodeFrames(wav, bytes),
    );
  return {
    sampleRate: wav.sampleRate,
    channels: wav.channels,
    frames: wav.frames,
    seconds: wav.seconds,
    wav,
    random: true,
    readMany,
    read: async (start, count) => (await readMany([start], count))[0] ?? [],
    pieces: (signal) =>
      wavPieces(
        wav,
        pieceFrames(frameBytes),
        async (start, count) => {
          const { offset, length } = part(start, count);
          const bytes = await source.read(offset, length);
          const channels = decodeFrames(wav, bytes);
          release(bytes);
          return channels;
        },
        signal,
      ),
  };
}

function pieceFrames(frameBytes: number): number {
  const grain = blockFrames * 16;
  return Math.max(1, Math.floor(pieceBytes / frameBytes / grain)) * grain;
}

/** The next piece is asked for while one is worked on. */
async function* wavPieces(
  { frames }: WavInfo,
  count: number,
  read: (start: number, count: number) => Promise<Float32Array[]>,
  signal: AbortSignal,
): AsyncGenerator<Piece> {
  let coming = read(0, count);
  for (let start = 0; start < frames; start += count) {
    const channels = await coming;
    signal.throwIfAborted();
    if (start + count < frames) {
      coming = read(start + count, count);
      // Whoever stops listening leaves it behind.
      coming.catch(() => undefined);
    }
    yield { start, channels };
    channels.forEach(release);
  }
}

/** Sound that is in memory. */
export function decodedSamples({ channels, sampleRate }: AudioData): Samples {
  const frames = channels[0]?.length ?? 0;
  const part = (start: number, count: number): Float32Array[] =>
    channels.map((channel) =>
      channel.subarray(Math.max(0, start), Math.max(0, Math.min(frames, start + count))),
    );
  return {
    sampleRate,
    channels: channels.length,
    frames,
    seconds: frames / sampleRate,
    wav: undefined,
    random: true,
    read: (start, count) => Promise.resolve(part(start, count)),
    readMany: (starts, count) => Promise.resolve(starts.map((start) => part(start, count))),
    pieces: async function* (signal) {
      const count = pieceFrames(4 * channels.length);
      for (let start = 0; start < frames; start += count) {
        signal.throwIfAborted();
        yield await Promise.resolve({ start, channels: part(start, count) });
      }
    },
  };
}

/** The mean of the channels for `[start, start + count)`, with silence where the recording has ended or not begun. */
export async function readMono(samples: Samples, start: number, count: number): Promise<Float32Array> {
  return mix(await samples.read(start, count), start, count);
}

/** The same for several starts, in one question. */
export async function readMonoMany(
  samples: Samples,
  starts: readonly number[],
  count: number,
): Promise<Float32Array[]> {
  const pieces = await samples.readMany(starts, count);
  return pieces.map((channels, i) => mix(channels, starts[i] ?? 0, count));
}

function mix(channels: readonly Float32Array[], start: number, count: number): Float32Array {
  const mono = new Float32Array(count);
  const shift = Math.max(0, -start);
  for (const channel of channels)
    for (let i = 0; i < channel.length && i + shift < count; i++)
      mono[i + shift] = (mono[i + shift] ?? 0) + (channel[i] ?? 0) / channels.length;
  return mono;
}
