import { MlError } from '../errors';
import type { Frames } from './stft';

export interface MelOptions {
  /** Hz. */
  readonly sampleRate: number;
  readonly nFft: number;
  readonly mels: number;
  /** Hz. */
  readonly fMin: number;
  readonly fMax: number;
  /** Slaney: linear below 1 kHz (Auditory Toolbox); HTK: 2595 log10(1 + f / 700). */
  readonly scale?: 'slaney' | 'htk';
  /** Slaney: every triangle has the same area in Hz; none: the same height 1. */
  readonly norm?: 'slaney' | 'none';
}

const linearStep = 200 / 3;
const breakHz = 1000;
const breakMel = breakHz / linearStep;
const logStep = Math.log(6.4) / 27;

export function hzToMel(hz: number, scale: 'slaney' | 'htk'): number {
  if (scale === 'htk') return 2595 * Math.log10(1 + hz / 700);
  return hz < breakHz ? hz / linearStep : breakMel + Math.log(hz / breakHz) / logStep;
}

export function melToHz(mel: number, scale: 'slaney' | 'htk'): number {
  if (scale === 'htk') return 700 * (10 ** (mel / 2595) - 1);
  return mel < breakMel ? mel * linearStep : breakHz * Math.exp(logStep * (mel - breakMel));
}

/** Triangular filters `[mels, nFft / 2 + 1]`; equal to librosa.filters.mel. */
export class MelFilterBank {
  readonly bins: number;
  /** `[mels, bins]`, row after row. */
  readonly weights: Float32Array;
  /** First bin and one past the last bin of each triangle. */
  private readonly ranges: readonly (readonly [number, number])[];

  constructor(readonly options: MelOptions) {
    const { sampleRate, nFft, mels, fMin, fMax, scale = 'slaney', norm = 'slaney' } = options;
    if (!(fMin >= 0 && fMin < fMax && fMax <= sampleRate / 2)) {
      throw new MlError(
        'input.invalid',
        `Mel filters from ${fMin} to ${fMax} Hz do not fit a sampling rate of ${sampleRate} Hz.`,
      );
    }
    this.bins = Math.floor(nFft / 2) + 1;
    this.weights = new Float32Array(mels * this.bins);
    const low = hzToMel(fMin, scale);
    const step = (hzToMel(fMax, scale) - low) / (mels + 1);
    const edge = (i: number) => melToHz(low + step * i, scale);
    this.ranges = Array.from({ length: mels }, (_, m) =>
      this.triangle(
        m,
        edge(m),
        edge(m + 1),
        edge(m + 2),
        norm === 'slaney' ? 2 / (edge(m + 2) - edge(m)) : 1,
      ),
    );
  }

  private triangle(m: number, from: number, top: number, to: number, height: number): [number, number] {
    const { sampleRate, nFft } = this.options;
    const first = Math.max(0, Math.ceil((from * nFft) / sampleRate));
    const end = Math.min(this.bins, Math.floor((to * nFft) / sampleRate) + 1);
    for (let k = first; k < end; k++) {
      const hz = (k * sampleRate) / nFft;
      const weight = Math.min((hz - from) / (top - from), (to - hz) / (to - top));
      this.weights[m * this.bins + k] = Math.max(0, weight) * height;
    }
    return [first, Math.max(first, end)];
  }

  /** `[frames, bins]` → `[frames, mels]`. */
  apply(spectra: Frames): Frames {
    const { bins, weights, ranges } = this;
    if (spectra.width !== bins) {
      throw new MlError('input.invalid', `The spectrum has ${spectra.width} bins; the filters take ${bins}.`);
    }
    const data = new Float32Array(spectra.frames * ranges.length);
    for (let t = 0; t < spectra.frames; t++) {
      ranges.forEach(([first, end], m) => {
        let sum = 0;
        for (let k = first; k < end; k++) {
          sum += (weights[m * bins + k] ?? 0) * (spectra.data[t * bins + k] ?? 0);
        }
        data[t * ranges.length + m] = sum;
      });
    }
    return { frames: spectra.frames, width: ranges.length, data };
  }
}
