/**
 * Lowest and highest sample of every block of 256, and of every 16 such blocks, and so on up: a waveform of any zoom
 * is drawn from a few numbers for each pixel.
 */

export const blockFrames = 256;
const factor = 16;

export interface Extremes {
  readonly low: Float32Array;
  readonly high: Float32Array;
}

interface Level extends Extremes {
  readonly frames: number;
}

/** One channel. Grows from the start of the recording: what is not read yet has no extremes (NaN). */
export class Peaks {
  private readonly levels: Level[] = [];
  /** Sum of squares of each block, for the level meter. */
  private readonly energy: Float32Array;

  constructor(readonly frames: number) {
    for (let size = blockFrames; ; size *= factor) {
      const length = Math.max(1, Math.ceil(frames / size));
      const empty = (): Float32Array => new Float32Array(length).fill(NaN);
      this.levels.push({ frames: size, low: empty(), high: empty() });
      if (length === 1) break;
    }
    this.energy = new Float32Array(this.levels[0]?.low.length ?? 0);
  }

  /** Takes samples from `start` on; pieces come in order and start at multiples of the block. */
  add(start: number, samples: Float32Array): void {
    const [base] = this.levels;
    if (base === undefined || samples.length === 0) return;
    const first = Math.floor(start / blockFrames);
    const last = Math.floor((start + samples.length - 1) / blockFrames);
    for (let block = first; block <= last; block++) {
      const from = block * blockFrames - start;
      const to = Math.min(samples.length, from + blockFrames);
      let low = Infinity;
      let high = -Infinity;
      let energy = 0;
      for (let i = from; i < to; i++) {
        const value = samples[i] ?? 0;
        if (value < low) low = value;
        if (value > high) high = value;
        energy += value * value;
      }
      base.low[block] = low;
      base.high[block] = high;
      this.energy[block] = energy / Math.max(1, to - from);
    }
    this.lift(first, last);
  }

  /** Extremes of `columns` equal parts of `[from, to)` frames; NaN where nothing is known. */
  columns(from: number, to: number, columns: number): Extremes {
    const low = new Float32Array(columns).fill(NaN);
    const high = new Float32Array(columns).fill(NaN);
    const perColumn = (to - from) / columns;
    const level = this.levels.findLast((each) => each.frames <= perColumn) ?? this.levels[0];
    if (level === undefined) return { low, high };
    for (let column = 0; column < columns; column++) {
      const first = Math.floor((from + column * perColumn) / level.frames);
      const end = Math.ceil((from + (column + 1) * perColumn) / level.frames);
      for (let i = Math.max(0, first); i < Math.min(Math.max(end, first + 1), level.low.length); i++) {
        const [a, b] = [level.low[i] ?? NaN, level.high[i] ?? NaN];
        if (Number.isNaN(a)) continue; // Not read yet.
        if (!(a >= (low[column] ?? NaN))) low[column] = a;
        if (!(b <= (high[column] ?? NaN))) high[column] = b;
      }
    }
    return { low, high };
  }

  /** The highest sample that was read so far, 0..1. */
  get highest(): number {
    const top = this.levels.at(-1);
    return Math.max(0, Math.abs(finite(top?.low[0], 0)), Math.abs(finite(top?.high[0], 0)));
  }

  /** Peak and RMS of the last `seconds` before a frame, 0..1; for the level meter. */
  level(frame: number, frames: number): { peak: number; rms: number } {
    const [base] = this.levels;
    const end = Math.floor(frame / blockFrames);
    const first = Math.max(0, end - Math.max(1, Math.round(frames / blockFrames)) + 1);
    let peak = 0;
    let energy = 0;
    for (let block = first; block <= end; block++) {
      peak = Math.max(peak, Math.abs(base?.low[block] ?? 0) || 0, Math.abs(base?.high[block] ?? 0) || 0);
      energy += this.energy[block] ?? 0;
    }
    return { peak, rms: Math.sqrt(energy / Math.max(1, end - first + 1)) };
  }

  /** Carries new extremes up to the coarser levels. */
  private lift(first: number, last: number): void {
    let [from, to] = [first, last];
    for (let i = 1; i < this.levels.length; i++) {
      const [fine, coarse] = [this.levels[i - 1], this.levels[i]];
      if (fine === undefined || coarse === undefined) return;
      [from, to] = [Math.floor(from / factor), Math.floor(to / factor)];
      for (let block = from; block <= to; block++) {
        let low = Infinity;
        let high = -Infinity;
        for (let j = block * factor; j < Math.min(fine.low.length, (block + 1) * factor); j++) {
          low = Math.min(low, finite(fine.low[j], Infinity));
          high = Math.max(high, finite(fine.high[j], -Infinity));
        }
        coarse.low[block] = low;
        coarse.high[block] = high;
      }
    }
  }
}

function finite(value: number | undefined, otherwise: number): number {
  return value === undefined || Number.isNaN(value) ? otherwise : value;
}

/** Where samples lie on a canvas: the first at `first` pixels, `perPixel` of them in each. */
export interface SamplePlaces {
  readonly first: number;
  readonly perPixel: number;
  readonly columns: number;
}

/** Extremes of raw samples, for a zoom finer than the blocks; NaN where there are none. */
export function sampleColumns(samples: Float32Array, { first, perPixel, columns }: SamplePlaces): Extremes {
  const low = new Float32Array(columns).fill(NaN);
  const high = new Float32Array(columns).fill(NaN);
  for (let column = 0; column < columns; column++) {
    const start = Math.max(0, Math.floor((column - first) * perPixel));
    const end = Math.min(samples.length, Math.max(start + 1, Math.ceil((column + 1 - first) * perPixel)));
    if ((column + 1 - first) * perPixel <= 0 || start >= end) continue;
    let [a, b] = [Infinity, -Infinity];
    for (let i = start; i < end; i++) {
      const value = samples[i] ?? 0;
      if (value < a) a = value;
      if (value > b) b = value;
    }
    low[column] = a;
    high[column] = b;
  }
  return { low, high };
}
