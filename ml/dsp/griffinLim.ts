import { MlError } from '../errors';
import { ComplexStft, type ComplexFrames } from './complexStft';
import type { Frames } from './stft';

export interface GriffinLimOptions {
  readonly nFft: number;
  readonly hop: number;
  readonly iterations: number;
  /** 0 is the algorithm of Griffin & Lim (1984); near 1 that of Perraudin et al. (2013), which goes faster. */
  readonly momentum?: number;
  /** Phases to begin with, as numbers in 0..1. */
  readonly random?: () => number;
}

/**
 * A sound whose magnitudes come near to `magnitudes` (`[frames, nFft / 2 + 1]`, centred frames, zeros outside), by
 * going to and fro between signal and spectrum. `hop · (frames − 1)` samples. Equal to librosa.griffinlim.
 */
export function griffinLim(magnitudes: Frames, options: GriffinLimOptions): Float32Array {
  const { nFft, hop, iterations, momentum = 0.99, random = Math.random } = options;
  const stft = new ComplexStft(nFft, hop);
  if (magnitudes.width !== stft.bins || magnitudes.frames < 1) {
    throw new MlError(
      'input.invalid',
      `Magnitudes of ${magnitudes.width} bins do not fit a window of ${nFft}.`,
    );
  }
  const current = randomPhases(magnitudes, random);
  let before: ComplexFrames | undefined;
  for (let i = 0; i < iterations; i++) {
    const signal = stft.inverse(current);
    // A single frame leaves no signal behind to look at.
    if (signal.length === 0) break;
    const rebuilt = stft.transform(signal);
    project(magnitudes, rebuilt, before, momentum / (1 + momentum), current);
    before = rebuilt;
  }
  return stft.inverse(current);
}

function randomPhases({ frames, width, data }: Frames, random: () => number): ComplexFrames {
  const re = new Float64Array(data.length);
  const im = new Float64Array(data.length);
  for (let i = 0; i < data.length; i++) {
    const angle = 2 * Math.PI * random();
    re[i] = (data[i] ?? 0) * Math.cos(angle);
    im[i] = (data[i] ?? 0) * Math.sin(angle);
  }
  return { frames, bins: width, re, im };
}

const tiny = 1.1754943508222875e-38;

/** The wanted magnitudes with the phases of what was rebuilt, pushed on from the step before. */
function project(
  { data }: Frames,
  rebuilt: ComplexFrames,
  before: ComplexFrames | undefined,
  push: number,
  target: ComplexFrames,
): void {
  for (let i = 0; i < data.length; i++) {
    const re = (rebuilt.re[i] ?? 0) - push * (before?.re[i] ?? 0);
    const im = (rebuilt.im[i] ?? 0) - push * (before?.im[i] ?? 0);
    const scale = (data[i] ?? 0) / (Math.sqrt(re * re + im * im) + tiny);
    target.re[i] = re * scale;
    target.im[i] = im * scale;
  }
}

/** ‖S − |STFT(signal)|‖ / ‖S‖ in Frobenius norms: 0 where the magnitudes are met exactly. */
export function spectralConvergence(
  magnitudes: Frames,
  signal: Float32Array,
  { nFft, hop }: Pick<GriffinLimOptions, 'nFft' | 'hop'>,
): number {
  const { re, im } = new ComplexStft(nFft, hop).transform(signal);
  let difference = 0;
  let whole = 0;
  magnitudes.data.forEach((magnitude, i) => {
    difference += (magnitude - Math.sqrt((re[i] ?? 0) ** 2 + (im[i] ?? 0) ** 2)) ** 2;
    whole += magnitude ** 2;
  });
  return whole === 0 ? 0 : Math.sqrt(difference / whole);
}
