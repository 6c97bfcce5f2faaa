import { MlError } from '../errors';

/**
 * Rational resampling by a windowed-sinc low-pass, evaluated polyphase: only the taps that meet a sample are computed.
 * `resamplePoly` is scipy.signal.resample_poly with its default window; `resample` is what the studio uses.
 */

export interface ResampleFilter {
  /** Zero crossings of the sinc on each side. */
  readonly zeros: number;
  /** Shape of the Kaiser window. */
  readonly beta: number;
  /** Cut-off as a part of the lower Nyquist frequency. */
  readonly cutoff: number;
}

/** The window of scipy's resample_poly: cheap, about 55 dB on a sweep that nearly reaches Nyquist. */
export const scipyFilter: ResampleFilter = { zeros: 10, beta: 5, cutoff: 1 };
/** About 90 dB of stop band from the Nyquist frequency on, flat up to 0.88 of it. */
export const fineFilter: ResampleFilter = { zeros: 48, beta: 8.96, cutoff: 0.94 };

/** Modified Bessel function of the first kind, order 0, by its power series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

/** `2 * half + 1` taps with a gain of `up` at 0 Hz. `widest` = max(up, down). */
function lowPass(up: number, widest: number, filter: ResampleFilter): Float64Array {
  const half = filter.zeros * widest;
  const taps = new Float64Array(2 * half + 1);
  const top = bessel0(filter.beta);
  const frequency = filter.cutoff / widest;
  let sum = 0;
  for (let i = 0; i < taps.length; i++) {
    const x = (i - half) * frequency * Math.PI;
    const window = bessel0(filter.beta * Math.sqrt(Math.max(0, 1 - ((i - half) / half) ** 2))) / top;
    const tap = (x === 0 ? 1 : Math.sin(x) / x) * window;
    taps[i] = tap;
    sum += tap;
  }
  return taps.map((tap) => (tap * up) / sum);
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** `ceil(length * up / down)` samples; the signal is taken as 0 outside. */
export function resamplePoly(
  samples: Float32Array,
  up: number,
  down: number,
  filter: ResampleFilter = scipyFilter,
): Float32Array {
  if (!Number.isInteger(up) || !Number.isInteger(down) || up < 1 || down < 1) {
    throw new MlError('input.invalid', `Cannot resample by ${up}/${down}: both must be whole and positive.`);
  }
  const divisor = greatestDivisor(up, down);
  const [u, d] = [up / divisor, down / divisor];
  if (u === d) return samples.slice();
  const widest = Math.max(u, d);
  const taps = lowPass(u, widest, filter);
  const half = filter.zeros * widest;
  const output = new Float32Array(Math.ceil((samples.length * u) / d));
  for (let i = 0; i < output.length; i++) {
    // On the up-sampled axis, output i stands at i * d and input k at k * u.
    const centre = i * d;
    const first = Math.max(0, Math.ceil((centre - half) / u));
    const last = Math.min(samples.length - 1, Math.floor((centre + half) / u));
    let sum = 0;
    for (let k = first, tap = centre - first * u + half; k <= last; k++, tap -= u) {
      sum += (samples[k] ?? 0) * (taps[tap] ?? 0);
    }
    output[i] = sum;
  }
  return output;
}

/** Changes the sampling rate (whole Hz). Same rate: the same array, not copied. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  return from === to ? samples : resamplePoly(samples, to, from, fineFilter);
}
