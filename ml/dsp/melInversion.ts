/** Magnitude spectra that have given mel energies: there are many, and none may be below 0. */
import { MelFilterBank, type MelOptions } from './mel';
import type { Frames } from './stft';

/** Enough for mel energies within some hundredths of the given ones. */
const rounds = 40;

/**
 * Non-negative least squares by multiplicative steps (Lee & Seung 2000), begun with the energy of each band spread evenly
 * over it, so that bins that a band cannot tell apart stay alike.
 */
export class MelInversion {
  private readonly bins: number;
  private readonly mels: number;
  private readonly weights: Float32Array;
  /** First and one past the last bin of each band. */
  private readonly ranges: readonly (readonly [number, number])[];

  constructor(options: MelOptions) {
    const filters = new MelFilterBank(options);
    this.bins = filters.bins;
    this.mels = options.mels;
    this.weights = filters.weights;
    this.ranges = Array.from({ length: this.mels }, (_, m) => {
      const row = filters.weights.subarray(m * this.bins, (m + 1) * this.bins);
      const first = row.findIndex((weight) => weight > 0);
      return first < 0 ? [0, 0] : [first, row.findLastIndex((weight) => weight > 0) + 1];
    });
  }

  /** `[frames, mels]` of mel magnitudes → `[frames, nFft / 2 + 1]`. Above the highest band there is nothing. */
  apply({ frames, data }: Frames): Frames {
    const { bins, mels } = this;
    const spectra = new Float32Array(frames * bins);
    const [upper, lower] = [new Float64Array(bins), new Float64Array(bins)];
    for (let t = 0; t < frames; t++) {
      const mel = data.subarray(t * mels, (t + 1) * mels);
      const spectrum = spectra.subarray(t * bins, (t + 1) * bins);
      this.spread(mel, spectrum);
      this.back(mel, upper);
      for (let i = 0; i < rounds; i++) {
        this.back(this.forth(spectrum), lower);
        for (let k = 0; k < bins; k++) {
          const divisor = lower[k] ?? 0;
          if (divisor > 0) spectrum[k] = ((spectrum[k] ?? 0) * (upper[k] ?? 0)) / divisor;
        }
      }
    }
    return { frames, width: bins, data: spectra };
  }

  private spread(mel: Float32Array, spectrum: Float32Array): void {
    const [sums, weights] = [new Float64Array(this.bins), new Float64Array(this.bins)];
    this.ranges.forEach(([first, end], m) => {
      const row = this.weights.subarray(m * this.bins, (m + 1) * this.bins);
      let whole = 0;
      for (let k = first; k < end; k++) whole += row[k] ?? 0;
      for (let k = first; k < end; k++) {
        sums[k] = (sums[k] ?? 0) + ((row[k] ?? 0) * (mel[m] ?? 0)) / Math.max(whole, 1e-9);
        weights[k] = (weights[k] ?? 0) + (row[k] ?? 0);
      }
    });
    for (let k = 0; k < this.bins; k++) spectrum[k] = (sums[k] ?? 0) / Math.max(weights[k] ?? 0, 1e-9);
  }

  private forth(spectrum: Float32Array): Float64Array {
    return Float64Array.from(this.ranges, ([first, end], m) => {
      let sum = 0;
      for (let k = first; k < end; k++) sum += (this.weights[m * this.bins + k] ?? 0) * (spectrum[k] ?? 0);
      return sum;
    });
  }

  private back(mel: ArrayLike<number>, target: Float64Array): void {
    target.fill(0);
    this.ranges.forEach(([first, end], m) => {
      const value = mel[m] ?? 0;
      for (let k = first; k < end; k++) {
        target[k] = (target[k] ?? 0) + (this.weights[m * this.bins + k] ?? 0) * value;
      }
    });
  }
}
