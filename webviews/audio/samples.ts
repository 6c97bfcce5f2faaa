/**
 * A recording's samples, read where they are needed. A wav stays in its file, which is decoded piece by piece: an
 * hour of it takes no more memory than what is on the screen. Other formats are decoded whole by the browser.
 */
import type { AudioData } from '../../ml/audio/audioData';
import { decodeFrames, wavInfoFrom, type RandomReader } from '../../ml/audio/wav';
import type { WavInfo } from '../../ml/audio/wavFormat';
import { MlError } from '../../ml/errors';
import { decodeAudio, looksLikeWav, named, type Decoder } from '../common/decodeAudio';

export interface Samples {
  /** Hz. */
  readonly sampleRate: number;
  readonly channels: number;
  /** Samples of each channel. */
  readonly frames: number;
  readonly seconds: number;
  /** Header of a wav; undefined for what the browser decoded. */
  readonly wav: WavInfo | undefined;
  /** One array for each channel; shorter at the end of the recording. Outside of it: empty. */
  read(start: number, count: number): Promise<Float32Array[]>;
}

/** Throws `MlError` `audio.invalid` or `audio.unsupported`. */
export async function openSamples(name: string, file: Blob, decoder: Decoder): Promise<Samples> {
  const head = new Uint8Array(await file.slice(0, 4).arrayBuffer());
  if (looksLikeWav(head) || /\.wav$/i.test(name)) return named(name, () => wavSamples(file));
  return decodedSamples(await decodeAudio(name, await file.arrayBuffer(), decoder));
}

async function wavSamples(file: Blob): Promise<Samples> {
  const reader: RandomReader = {
    size: file.size,
    read: async (offset, length) =>
      new Uint8Array(await file.slice(offset, Math.min(file.size, offset + length)).arrayBuffer()),
  };
  const wav = await wavInfoFrom(reader);
  if (wav.frames === 0) throw new MlError('audio.invalid', 'There is a header, but no sound after it.');
  const frameBytes = wav.channels * wav.sampleBytes;
  return {
    sampleRate: wav.sampleRate,
    channels: wav.channels,
    frames: wav.frames,
    seconds: wav.seconds,
    wav,
    read: async (start, count) => {
      const from = Math.max(0, start);
      const until = Math.min(wav.frames, start + count);
      const length = Math.max(0, until - from) * frameBytes;
      return decodeFrames(wav, await reader.read(wav.dataOffset + from * frameBytes, length));
    },
  };
}

export function decodedSamples({ channels, sampleRate }: AudioData): Samples {
  const frames = channels[0]?.length ?? 0;
  return {
    sampleRate,
    channels: channels.length,
    frames,
    seconds: frames / sampleRate,
    wav: undefined,
    read: (start, count) =>
      Promise.resolve(
        channels.map((channel) =>
          channel.subarray(Math.max(0, start), Math.max(0, Math.min(frames, start + count))),
        ),
      ),
  };
}

/** The mean of the channels for `[start, start + count)`, with silence where the recording has ended or not begun. */
export async function readMono(samples: Samples, start: number, count: number): Promise<Float32Array> {
  const mono = new Float32Array(count);
  const channels = await samples.read(start, count);
  const shift = Math.max(0, -start);
  for (const channel of channels)
    for (let i = 0; i < channel.length; i++)
      mono[i + shift] = (mono[i + shift] ?? 0) + (channel[i] ?? 0) / channels.length;
  return mono;
}
