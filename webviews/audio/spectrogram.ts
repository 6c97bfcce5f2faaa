/**
 * The columns of a spectrogram that are in view. They lie on a grid of the zoom's own, so that a view that moves keeps
 * those it still shows and only the new ones are computed.
 */
import { readMono, readMonoMany, type Samples } from './samples';
import { bands, windowFrames, type Scale } from './spectra';
import type { ComputeColumns } from './spectraRunner';
import type { Range } from './view';

export interface Grid {
  /** Seconds that a column stands for: it shows the window in its middle. */
  readonly step: number;
  /** Number of the first column: it begins at `first * step` seconds. */
  readonly first: number;
  readonly columns: number;
  readonly scale: Scale;
}

export interface SpectrogramImage extends Grid {
  /** `[columns, bands]`, see `Spectra`. */
  readonly levels: Uint8Array;
  /** 1 for the columns that are there. */
  readonly there: Uint8Array;
}

export function gridOf(shown: Range, columns: number, scale: Scale): Grid {
  const step = (shown.to - shown.from) / columns;
  // The grid's own lines are not missed by a rounding.
  return { step, first: Math.floor(shown.from / step + 1e-6), columns: columns + 1, scale };
}

/** An image of another grid, with the columns that both have. */
export function moveTo(grid: Grid, before: SpectrogramImage | undefined): SpectrogramImage {
  const image = {
    ...grid,
    levels: new Uint8Array(grid.columns * bands),
    there: new Uint8Array(grid.columns),
  };
  if (before === undefined || !sameZoom(grid, before)) return image;
  const shift = before.first - grid.first;
  const from = Math.max(0, shift);
  const to = Math.min(grid.columns, before.columns + shift);
  if (to <= from) return image;
  image.levels.set(before.levels.subarray((from - shift) * bands, (to - shift) * bands), from * bands);
  image.there.set(before.there.subarray(from - shift, to - shift), from);
  return image;
}

export function sameZoom(a: Grid, b: Grid): boolean {
  return a.scale === b.scale && Math.abs(a.step - b.step) < a.step * 1e-6;
}

const columnsAtOnce = 48;

/** The next columns that are missing, as numbers within the image. */
export function missing({ there }: SpectrogramImage): Range | undefined {
  const from = there.indexOf(0);
  if (from < 0) return undefined;
  let to = from + 1;
  while (to < there.length && to - from < columnsAtOnce && there[to] === 0) to++;
  return { from, to };
}

/** Fills some columns of the image. Zoomed out, a column is a sample of its stretch of time, not its mean. */
export async function fill(
  samples: Samples,
  image: SpectrogramImage,
  { from, to }: Range,
  compute: ComputeColumns,
): Promise<void> {
  const nFft = windowFrames(samples.sampleRate);
  const starts = Array.from({ length: to - from }, (_, i) => {
    const centre = (image.first + from + i + 0.5) * image.step * samples.sampleRate;
    return Math.round(centre) - nFft / 2;
  });
  const windows = await gather(samples, starts, nFft);
  const columns = await compute(samples.sampleRate, image.scale, windows);
  image.levels.set(columns, from * bands);
  image.there.fill(1, from, to);
}

/** The windows side by side, so that one call takes them all: read at once where they lie close. */
async function gather(samples: Samples, starts: readonly number[], nFft: number): Promise<Float32Array> {
  const frames = new Float32Array(starts.length * nFft);
  const first = starts[0] ?? 0;
  const span = (starts.at(-1) ?? 0) + nFft - first;
  if (span <= starts.length * nFft) {
    const mono = await readMono(samples, first, span);
    starts.forEach((start, i) => frames.set(mono.subarray(start - first, start - first + nFft), i * nFft));
    return frames;
  }
  const pieces = await readMonoMany(samples, starts, nFft);
  pieces.forEach((piece, i) => frames.set(piece, i * nFft));
  return frames;
}
