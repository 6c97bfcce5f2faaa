/** Goes once through the whole recording, in pieces, for its peaks and figures. */
import { Slice } from '../common/slices';
import { FigureMeter, type Figures } from './figures';
import { blockFrames, Peaks } from './peaks';
import type { Samples } from './samples';

export interface Scan {
  /** One for each channel. */
  readonly peaks: readonly Peaks[];
  /** Frames that were read so far. */
  readonly done: number;
  readonly figures: Figures | undefined;
}

/** Bytes come in larger pieces than they are worked on; decoding one takes a few milliseconds. */
const readFrames = blockFrames * 256;
const workFrames = blockFrames * 16;

/** Calls `onProgress` after each piece that was read; `figures` come with the last one. */
export async function scan(
  samples: Samples,
  onProgress: (scan: Scan) => void,
  signal: AbortSignal,
  slice = new Slice(signal),
): Promise<Scan> {
  const peaks = Array.from({ length: samples.channels }, () => new Peaks(samples.frames));
  const meter = new FigureMeter(samples.sampleRate, samples.channels);
  for (let start = 0; start < samples.frames; start += readFrames) {
    const piece = await samples.read(start, readFrames);
    const length = piece[0]?.length ?? 0;
    for (let from = 0; from < length; from += workFrames) {
      const part = piece.map((channel) => channel.subarray(from, from + workFrames));
      part.forEach((channel, i) => peaks[i]?.add(start + from, channel));
      meter.add(part);
      await slice.breathe();
    }
    onProgress({ peaks, done: Math.min(samples.frames, start + readFrames), figures: undefined });
  }
  const whole = { peaks, done: samples.frames, figures: meter.figures() };
  onProgress(whole);
  return whole;
}
