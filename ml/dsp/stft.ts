import { MlError } from '../errors';
import { RealFft } from './fft';

/** A matrix of `frames` rows of `width` numbers, row after row. */
export interface Frames {
  readonly frames: number;
  readonly width: number;
  readonly data: Float32Array;
}

export interface SpectrogramOptions {
  readonly nFft: number;
  readonly hop: number;
  /** Samples of the Hann window, which stands in the middle of the frame; nFft by default. */
  readonly window?: number;
  /** Samples added at each end: `nFft / 2` centres the frames. */
  readonly pad: number;
  readonly padMode: 'reflect' | 'constant';
  /** 1: magnitudes, 2: power. */
  readonly power: 1 | 2;
  /** Added to the power before the root, as HiFi-GAN does; 0 elsewhere. */
  readonly epsilon?: number;
}

/** Periodic Hann window. */
export function hann(length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / length));
}

function centredWindow(length: number, nFft: number): Float64Array {
  if (length === nFft) return hann(nFft);
  if (!(length >= 1 && length <= nFft)) {
    throw new MlError('input.invalid', `A window of ${length} samples does not fit a frame of ${nFft}.`);
  }
  const window = new Float64Array(nFft);
  window.set(hann(length), Math.floor((nFft - length) / 2));
  return window;
}

/** The index that `i` is mirrored to at the ends (which are not repeated), however far outside it lies. */
function mirrored(i: number, length: number): number {
  if (length === 1) return 0;
  const period = 2 * (length - 1);
  const folded = ((i % period) + period) % period;
  return folded < length ? folded : period - folded;
}

export function padSignal(samples: Float32Array, pad: number, mode: 'reflect' | 'constant'): Float32Array {
  const padded = new Float32Array(samples.length + 2 * pad);
  padded.set(samples, pad);
  if (mode === 'constant' || samples.length === 0) return padded;
  for (let i = 0; i < pad; i++) {
    padded[i] = samples[mirrored(i - pad, samples.length)] ?? 0;
    const after = samples.length + i;
    padded[pad + after] = samples[mirrored(after, samples.length)] ?? 0;
  }
  return padded;
}

/** `[1 + floor((length + 2 pad - nFft) / hop), nFft / 2 + 1]` with a periodic Hann window. */
export function spectrogram(samples: Float32Array, options: SpectrogramOptions): Frames {
  const { nFft, hop, power, epsilon = 0 } = options;
  const padded = padSignal(samples, options.pad, options.padMode);
  const frames = 1 + Math.floor((padded.length - nFft) / hop);
  if (frames < 1) {
    throw new MlError('input.invalid', `${samples.length} samples are too few for a window of ${nFft}.`);
  }
  const fft = new RealFft(nFft);
  const window = centredWindow(options.window ?? nFft, nFft);
  const frame = new Float64Array(nFft);
  const data = new Float32Array(frames * fft.bins);
  for (let t = 0; t < frames; t++) {
    for (let i = 0; i < nFft; i++) frame[i] = (padded[t * hop + i] ?? 0) * (window[i] ?? 0);
    fft.forward(frame);
    for (let k = 0; k < fft.bins; k++) {
      const energy = (fft.re[k] ?? 0) ** 2 + (fft.im[k] ?? 0) ** 2 + epsilon;
      data[t * fft.bins + k] = power === 2 ? energy : Math.sqrt(energy);
    }
  }
  return { frames, width: fft.bins, data };
}
