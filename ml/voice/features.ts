/** Sound as a voice learns it: trimmed, of one loudness, as log-mel magnitudes; and back again. */
import { griffinLim } from '../dsp/griffinLim';
import { LogMel } from '../dsp/logMel';
import { MelInversion } from '../dsp/melInversion';
import type { Frames } from '../dsp/stft';

export interface VoiceFeatureOptions {
  /** Hz. */
  readonly sampleRate: number;
  readonly nFft: number;
  readonly hop: number;
  readonly mels: number;
  /** Hz. */
  readonly fMin: number;
  readonly fMax: number;
  /** Smallest mel magnitude before the logarithm. */
  readonly floor: number;
}

/** Windows of about 46 ms every 11.6 ms, to 8 kHz: what is compared as mel cepstral distortion. */
export function voiceFeatureOptions(sampleRate: number, mels: number): VoiceFeatureOptions {
  const size = 2 ** Math.round(Math.log2(sampleRate * 0.0464));
  const fMax = Math.min(8000, sampleRate / 2);
  return { sampleRate, nFft: size, hop: size / 4, mels, fMin: 0, fMax, floor: 1e-3 };
}

/** Seconds of silence that stay at either end. */
const margin = 0.05;
/** Quieter than the loudest part by more is silence. */
const silenceDecibels = 45;
/** Root mean square that speech is brought to; its peaks stay below 1. */
const loudness = 0.1;
const highestPeak = 0.95;
/** Below the resolution of 16 bits there is nothing. */
const faintest = 1 / 32_768;

/** The samples between the silence at both ends; undefined where there is nothing but silence. */
export function utteranceBounds(
  samples: Float32Array,
  sampleRate: number,
): { readonly from: number; readonly to: number } | undefined {
  const step = Math.max(1, Math.round(sampleRate / 100));
  const energies = Array.from({ length: Math.ceil(samples.length / step) }, (_, i) =>
    rootMeanSquare(samples.subarray(i * step, (i + 1) * step)),
  );
  const loudest = energies.reduce((most, one) => Math.max(most, one), 0);
  if (loudest < faintest) return undefined;
  const threshold = Math.max(faintest, loudest * 10 ** (-silenceDecibels / 20));
  const first = energies.findIndex((energy) => energy >= threshold);
  const last = energies.findLastIndex((energy) => energy >= threshold);
  const kept = Math.round(margin * sampleRate);
  return {
    from: Math.max(0, first * step - kept),
    to: Math.min(samples.length, (last + 1) * step + kept),
  };
}

/** Without the silence at its ends and at one loudness; undefined where there is nothing but silence. */
export function tidyUtterance(samples: Float32Array, sampleRate: number): Float32Array | undefined {
  const bounds = utteranceBounds(samples, sampleRate);
  if (bounds === undefined) return undefined;
  const speech = samples.slice(bounds.from, bounds.to);
  const peak = speech.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = Math.min(loudness / rootMeanSquare(speech), highestPeak / peak);
  return speech.map((sample) => sample * gain);
}

function rootMeanSquare(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, samples.length));
}

/** Natural logarithms of mel magnitudes `[frames, mels]`; the frames are centred. */
export class VoiceMels {
  private readonly logMel: LogMel;

  constructor(readonly options: VoiceFeatureOptions) {
    this.logMel = new LogMel({ ...options, pad: options.nFft / 2, padMode: 'reflect', power: 1 });
  }

  compute(samples: Float32Array): Frames {
    return this.logMel.compute(samples);
  }
}

/** Fewer leave a hollow sound; more are hardly heard. */
const rounds = 48;

/** From log-mel magnitudes to sound, by Griffin and Lim's way. */
export class MelSpeaker {
  private readonly inversion: MelInversion;

  constructor(private readonly options: VoiceFeatureOptions) {
    this.inversion = new MelInversion(options);
  }

  /** `hop · (frames − 1)` samples, −1..1. `random` gives the phases to begin with. */
  speak(logMels: Frames, random: () => number): Float32Array {
    const { nFft, hop, floor } = this.options;
    // What lies at the floor is silence, and not a hiss.
    const data = logMels.data.map((value) => Math.max(0, Math.exp(Math.min(value, loudestLog)) - floor));
    const magnitudes = this.inversion.apply({ ...logMels, data });
    const sound = griffinLim(magnitudes, { nFft, hop, iterations: rounds, momentum: 0.99, random });
    const peak = sound.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    return peak <= 1 ? sound : sound.map((sample) => sample / peak);
  }
}
/** Far above any magnitude of a sound within −1..1. */
const loudestLog = 12;

/** `(value − mean) / deviation` of each band, in place. */
export function normalizeMels(
  data: Float32Array,
  mean: ArrayLike<number>,
  deviation: ArrayLike<number>,
): void {
  const mels = mean.length;
  for (let i = 0; i < data.length; i++) {
    data[i] = ((data[i] ?? 0) - (mean[i % mels] ?? 0)) / (deviation[i % mels] ?? 1);
  }
}

/** The reverse. */
export function restoreMels(data: Float32Array, mean: ArrayLike<number>, deviation: ArrayLike<number>): void {
  const mels = mean.length;
  for (let i = 0; i < data.length; i++) {
    data[i] = (data[i] ?? 0) * (deviation[i % mels] ?? 1) + (mean[i % mels] ?? 0);
  }
}
