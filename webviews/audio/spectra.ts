/** Windows of sound to columns of a spectrogram, in bytes. Pure: a worker and the page alike run it. */
import { spectrogram } from '../../ml/dsp/stft';

export const bands = 128;
export type Scale = 'mel' | 'linear';

/** A byte of 0 stands for this many dB under a full-scale sine, 255 for none. */
export const byteRange = 120;

/** A window of about 32 ms: fine enough for the harmonics of a voice, short enough for its stops. */
export function windowFrames(sampleRate: number): number {
  return Math.max(64, 2 ** Math.round(Math.log2(sampleRate * 0.032)));
}

export function topHertz(sampleRate: number): number {
  return Math.min(sampleRate / 2, 12_000);
}

/** Where a band's edge lies, in Hz; `share` of the picture's height, 0..1. Mel after HTK. */
export function hertzAt(share: number, sampleRate: number, scale: Scale): number {
  const top = topHertz(sampleRate);
  return scale === 'linear' ? share * top : 700 * ((1 + top / 700) ** share - 1);
}

interface Band {
  /** In bins, with fractions. */
  readonly from: number;
  readonly to: number;
}

export class Spectra {
  private readonly nFft: number;
  private readonly edges: readonly Band[];

  constructor(sampleRate: number, scale: Scale) {
    this.nFft = windowFrames(sampleRate);
    const bin = (share: number): number => (hertzAt(share, sampleRate, scale) * this.nFft) / sampleRate;
    this.edges = Array.from({ length: bands }, (_, i) => ({
      from: bin(i / bands),
      to: bin((i + 1) / bands),
    }));
  }

  /** `windows`: `[count, windowFrames]`. Answers `[count, bands]`, the lowest band first. */
  columns(windows: Float32Array): Uint8Array {
    const { nFft, edges } = this;
    const { data, frames, width } = spectrogram(windows, {
      nFft,
      hop: nFft,
      pad: 0,
      padMode: 'constant',
      power: 2,
    });
    // Hann halves the amplitude and a transform of n real samples gives n/2 of it: (n/4)² is a full-scale sine.
    const reference = (nFft / 4) ** 2;
    const out = new Uint8Array(frames * bands);
    for (let column = 0; column < frames; column++) {
      const bins = data.subarray(column * width, (column + 1) * width);
      edges.forEach((band, i) => {
        const decibels = 10 * Math.log10(Math.max(strongest(bins, band) / reference, 1e-12));
        out[column * bands + i] = Math.max(0, Math.min(255, Math.round((decibels / byteRange + 1) * 255)));
      });
    }
    return out;
  }
}

/** The highest power in a band; between two bins, where it is narrower than one, what lies on the line between them. */
function strongest(bins: Float32Array, { from, to }: Band): number {
  const [first, last] = [Math.ceil(from), Math.floor(to)];
  let most = 0;
  for (let bin = first; bin <= last; bin++) most = Math.max(most, bins[bin] ?? 0);
  if (last >= first) return most;
  const middle = (from + to) / 2;
  const below = Math.floor(middle);
  const share = middle - below;
  return (bins[below] ?? 0) * (1 - share) + (bins[below + 1] ?? 0) * share;
}
