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

/** Working on one takes a few milliseconds. */
const workFrames = blockFrames * 16;
/** Blocks of the first sketch: one for each pixel of a wide screen. */
const sketchBlocks = 1600;

/** Calls `onProgress` after each piece that was read; `figures` come with the last one. */
export async function scan(
  samples: Samples,
  onProgress: (scan: Scan) => void,
  signal: AbortSignal,
  slice = new Slice(signal),
): Promise<Scan> {
  const peaks = Array.from({ length: samples.channels }, () => new Peaks(samples.frames));
  if (await sketch(samples, peaks)) onProgress({ peaks, done: 0, figures: undefined });
  signal.throwIfAborted();
  const meter = new FigureMeter(samples.sampleRate, samples.channels);
  let done = 0;
  for await (const { start, channels } of samples.pieces(signal)) {
    const length = channels[0]?.length ?? 0;
    for (let from = 0; from < length; from += workFrames) {
      const part = channels.map((channel) => channel.subarray(from, from + workFrames));
      part.forEach((channel, i) => peaks[i]?.add(start + from, channel));
      meter.add(part);
      await slice.breathe();
    }
    done = start + length;
    onProgress({ peaks, done, figures: undefined });
  }
  signal.throwIfAborted();
  const whole = { peaks, done: samples.frames, figures: meter.figures() };
  onProgress(whole);
  return whole;
}

/** A long file's outline from a block here and there, so that all of it is seen at once. */
async function sketch(samples: Samples, peaks: readonly Peaks[]): Promise<boolean> {
  const blocks = Math.floor(samples.frames / blockFrames);
  if (!samples.random || blocks < sketchBlocks * 8) return false;
  const starts = Array.from(
    { length: sketchBlocks },
    (_, i) => Math.floor((i * blocks) / sketchBlocks) * blockFrames,
  );
  const pieces = await samples.readMany(starts, blockFrames);
  pieces.forEach((channels, i) => channels.forEach((channel, c) => peaks[c]?.add(starts[i] ?? 0, channel)));
  return true;
}
