import { resample } from '../audio/resample';
import { LogMel } from '../dsp/logMel';
import { MlError } from '../errors';
import type { AudioPreprocessing } from './metadata';

type Window = Pick<AudioPreprocessing, 'sampleRate' | 'seconds'>;

/** Samples of the window that the model sees. */
export function audioSamples({ sampleRate, seconds }: Window): number {
  return Math.round(seconds * sampleRate);
}

/** Frames of the model's input. */
export function audioFrames(options: Window & Pick<AudioPreprocessing, 'hop'>): number {
  return Math.floor(audioSamples(options) / options.hop) + 1;
}

/** Where the `length` samples with the most energy begin. */
function loudestStart(samples: Float32Array, length: number): number {
  let energy = 0;
  let best = 0;
  let start = 0;
  for (let i = 0; i < samples.length; i++) {
    energy += (samples[i] ?? 0) ** 2;
    if (i >= length) energy -= (samples[i - length] ?? 0) ** 2;
    // Rounding leaves a trace of what was added and taken off again: only a real gain moves the window.
    if (i >= length - 1 && energy > best * (1 + 1e-9) + 1e-12) {
      best = energy;
      start = i - length + 1;
    }
  }
  return start;
}

/** A copy of exactly `length` samples: the loudest part of a longer clip, a shorter one in the middle of silence. */
export function fitClip(samples: Float32Array, length: number): Float32Array {
  if (samples.length >= length) {
    const start = loudestStart(samples, length);
    return samples.slice(start, start + length);
  }
  const clip = new Float32Array(length);
  clip.set(samples, Math.floor((length - samples.length) / 2));
  return clip;
}

/** Seconds of sound that are resampled as a whole. */
const wholeSeconds = 30;

/** Of a long recording only what lies round its loudest part, with a window's room on both sides: the rest would be resampled for nothing. */
function loudestRegion(samples: Float32Array, sampleRate: number, seconds: number): Float32Array {
  const length = Math.round(seconds * sampleRate);
  if (samples.length <= Math.max(wholeSeconds * sampleRate, 3 * length)) return samples;
  const start = loudestStart(samples, length);
  return samples.subarray(Math.max(0, start - length), start + 2 * length);
}

function scaleToPeak(clip: Float32Array, peak: number): void {
  const highest = clip.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
  // Below 16-bit resolution there is nothing to amplify but noise.
  if (peak === 0 || highest < 1 / 32_768) return;
  for (let i = 0; i < clip.length; i++) clip[i] = ((clip[i] ?? 0) * peak) / highest;
}

/** Turns mono sound into a model's input, as `audioPreprocessing` in metadata.ts defines it. */
export class AudioFeatures {
  private readonly logMel: LogMel;

  constructor(readonly options: Omit<AudioPreprocessing, 'mean' | 'std'>) {
    this.logMel = new LogMel({
      sampleRate: options.sampleRate,
      nFft: options.nFft,
      hop: options.hop,
      mels: options.mels,
      fMin: options.fMin,
      fMax: options.fMax,
      floor: options.floor,
      pad: Math.floor(options.nFft / 2),
      padMode: 'reflect',
      power: 2,
    });
  }

  /** The window of a clip that the model looks at: at the model's rate, of its length, scaled to its peak. */
  clip(samples: Float32Array, sampleRate: number): Float32Array {
    if (samples.length === 0) throw new MlError('input.invalid', 'The clip has no sound in it.');
    const { sampleRate: rate, peak } = this.options;
    const near = loudestRegion(samples, sampleRate, this.options.seconds);
    const clip = fitClip(resample(near, sampleRate, rate), audioSamples(this.options));
    scaleToPeak(clip, peak);
    return clip;
  }

  /** Natural-log mel energies of a clip, `[frames, mels]` row after row, not normalised. */
  energies(clip: Float32Array): Float32Array {
    return this.logMel.compute(clip).data;
  }
}

/** `(value - mean) / std` for each band, in place. */
export function normalizeBands(
  energies: Float32Array,
  { mean, std }: Pick<AudioPreprocessing, 'mean' | 'std'>,
): void {
  const mels = mean.length;
  for (let i = 0; i < energies.length; i++) {
    energies[i] = ((energies[i] ?? 0) - (mean[i % mels] ?? 0)) / (std[i % mels] ?? 1);
  }
}
