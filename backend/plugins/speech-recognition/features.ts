/** Recordings as frames of numbers, once for each file; the training loop changes copies of them. */
import { mixdown } from '../../../ml/audio/audioData';
import { resample } from '../../../ml/audio/resample';
import type { Ear } from '../../../ml/speech/ear';
import { readAudioFile } from '../../sdk/audioFiles';
import { breathe } from '../../sdk/breathe';
import type { Utterance } from './data';

const most = 32_767;

/** Frames in 16 bits a number, of the largest of them: an hour of speech in 64 mels takes 46 MB. */
export class PackedFrames {
  constructor(
    readonly frames: number,
    readonly width: number,
    /** Whole numbers, each a `1 / scale` part. */
    readonly numbers: Int16Array,
    readonly scale: number,
  ) {}

  static pack(data: Float32Array, width: number): PackedFrames {
    const largest = data.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
    const scale = largest > 0 ? most / largest : 1;
    const numbers = Int16Array.from(data, (value) => Math.round(value * scale));
    return new PackedFrames(data.length / width, width, numbers, scale);
  }

  /** `[frames, width]` */
  unpack(): Float32Array {
    return Float32Array.from(this.numbers, (value) => value / this.scale);
  }
}

/** What an ear makes of a recording's sound. */
export async function hearFile(audioPath: string, ear: Ear): Promise<PackedFrames> {
  const audio = await readAudioFile(audioPath);
  const mono = mixdown(audio);
  const own = audio.sampleRate === ear.sampleRate ? mono : resample(mono, audio.sampleRate, ear.sampleRate);
  const { data, width } = await ear.hear(own);
  return PackedFrames.pack(data, width);
}

/** Reads one recording after another, letting others in between: a stop is obeyed within one. */
export async function hearAll(
  utterances: readonly Utterance[],
  hear: (utterance: Utterance) => Promise<PackedFrames>,
  signal: AbortSignal,
): Promise<PackedFrames[]> {
  const all: PackedFrames[] = [];
  for (const utterance of utterances) {
    await breathe();
    signal.throwIfAborted();
    all.push(await hear(utterance));
  }
  return all;
}

/** Standard deviation of each number about its mean in each recording. */
export function deviationsOf(all: readonly PackedFrames[], width: number): number[] {
  const squares = new Float64Array(width);
  let frames = 0;
  for (const one of all) {
    const data = one.unpack();
    frames += one.frames;
    for (let m = 0; m < width; m++) {
      let [sum, square] = [0, 0];
      for (let i = m; i < data.length; i += width) {
        const value = data[i] ?? 0;
        sum += value;
        square += value * value;
      }
      squares[m] = (squares[m] ?? 0) + square - (sum * sum) / Math.max(1, one.frames);
    }
  }
  return Array.from(squares, (sum) => Math.sqrt(Math.max(0, sum) / Math.max(1, frames)));
}
