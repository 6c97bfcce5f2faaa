/** Sound as a recogniser hears it: log-mel frames, each band set off against its own mean over the utterance. */
import { resample } from '../audio/resample';
import { LogMel } from '../dsp/logMel';
import type { Frames } from '../dsp/stft';
import { MlError } from '../errors';
import type { Ear } from './ear';

export interface SpeechFeatureOptions {
  /** Hz; sound of other rates is resampled. */
  readonly sampleRate: number;
  readonly nFft: number;
  readonly hop: number;
  readonly mels: number;
  /** Hz. */
  readonly fMin: number;
  readonly fMax: number;
  /** Smallest mel energy before the logarithm. */
  readonly floor: number;
}

/** Windows of 25 ms every 10 ms. The floor is that of 16-bit sound: what is fainter says nothing. */
export function speechFeatureOptions(sampleRate: number, mels: number): SpeechFeatureOptions {
  const hop = Math.round(sampleRate / 100);
  return {
    sampleRate,
    nFft: Math.round(2.5 * hop),
    hop,
    mels,
    fMin: 50,
    fMax: Math.min(7600, sampleRate * 0.475),
    floor: 1e-5,
  };
}

export class SpeechFeatures {
  private readonly logMel: LogMel;

  constructor(readonly options: SpeechFeatureOptions) {
    this.logMel = new LogMel({
      ...options,
      pad: Math.floor(options.nFft / 2),
      padMode: 'reflect',
      power: 2,
    });
  }

  /** Natural-log mel energies `[frames, mels]` of mono sound at any rate, scaled to a peak of 0.7. */
  energies(samples: Float32Array, sampleRate: number): Frames {
    const own =
      sampleRate === this.options.sampleRate
        ? samples
        : resample(samples, sampleRate, this.options.sampleRate);
    if (own.length < this.options.nFft) {
      throw new MlError('input.invalid', 'The sound is too short to have speech in it.');
    }
    return this.logMel.compute(toPeak(own, 0.7));
  }
}

/** The frames are those of sound that begins and ends with it: one for each hop, and the last. */
export function featuresEar(options: SpeechFeatureOptions): Ear {
  const features = new SpeechFeatures(options);
  const { sampleRate, hop, mels } = options;
  return {
    ...{ sampleRate, hop, width: mels, field: hop },
    hear: (samples) => Promise.resolve(features.energies(samples, sampleRate)),
  };
}

/** Below the resolution of 16 bits there is nothing to amplify but noise. */
function toPeak(samples: Float32Array, peak: number): Float32Array {
  const highest = samples.reduce((max, sample) => Math.max(max, Math.abs(sample)), 0);
  if (highest < 1 / 32_768) return samples;
  return samples.map((sample) => (sample * peak) / highest);
}

/**
 * `(value − mean of the band over these frames) / deviation`, in place: what a microphone or a room colours is the same in
 * every frame, and goes.
 * @param deviation one figure for each band, over the training sound
 */
export function normalizeUtterance(data: Float32Array, deviation: ArrayLike<number>): void {
  const mels = deviation.length;
  const frames = data.length / mels;
  for (let m = 0; m < mels; m++) {
    let sum = 0;
    for (let i = m; i < data.length; i += mels) sum += data[i] ?? 0;
    const mean = sum / Math.max(1, frames);
    const scale = 1 / (deviation[m] ?? 1);
    for (let i = m; i < data.length; i += mels) data[i] = ((data[i] ?? 0) - mean) * scale;
  }
}
