/**
 * Augmentation of log-mel spectra: shift, speed, vocal tract length and masks (Park et al. 2019, SpecAugment;
 * Jaitly & Hinton 2013, VTLP), and noise added as energy, which is what it is in the mean.
 */
import { AudioFeatures, audioSamples } from '../../../ml/trained/audioFeatures';
import { Random } from '../../sdk/random';
import type { DataOptions } from './config';
import type { FeatureOptions } from './features';

type Settings = DataOptions['augmentation'];

const noiseSeconds = 8;
/** Signal to noise in dB, drawn evenly. */
const [loudestNoise, faintestNoise] = [5, 40];
const longestMaskSeconds = 0.12;
const widestMaskShare = 0.15;

/** Mel energies (not logarithms) of a stretch of noise, of mean 1. */
interface Noise {
  readonly frames: number;
  readonly energies: Float32Array;
}

/** White, pink-like and brown noise; made from a seed of their own, so that they are the same in every run. */
function noises(options: FeatureOptions): Noise[] {
  const features = new AudioFeatures({ ...options, seconds: noiseSeconds });
  return [0, 0.85, 0.98].map((smoothing, kind) => {
    const random = Random.from(0x6e6f6973, kind);
    const samples = new Float32Array(audioSamples({ ...options, seconds: noiseSeconds }));
    let low = 0;
    for (let i = 0; i < samples.length; i++) {
      low = smoothing * low + (1 - smoothing) * (2 * random.next() - 1);
      samples[i] = low;
    }
    const energies = features.energies(features.clip(samples, options.sampleRate)).map(Math.exp);
    const mean = energies.reduce((sum, e) => sum + e, 0) / energies.length;
    return { frames: energies.length / options.mels, energies: energies.map((e) => e / mean) };
  });
}

export class Augmenter {
  private readonly noises: readonly Noise[];
  private readonly floor: number;

  constructor(
    private readonly settings: Settings,
    private readonly options: FeatureOptions,
    private readonly frames: number,
  ) {
    this.noises = settings.noise > 0 ? noises(options) : [];
    this.floor = Math.log(options.floor);
  }

  /**
   * Writes a changed copy of a clip's log energies, `[frames, mels]`, to `output`. Masks come last and are `fill`: the
   * mean of each band, so that they are 0 once normalised.
   */
  apply(energies: Float32Array, random: Random, fill: readonly number[], output: Float32Array): void {
    this.warp(energies, random, output);
    if (random.next() < this.settings.noise) this.addNoise(random, output);
    this.gain(random, output);
    for (let i = 0; i < this.settings.masks; i++) this.mask(random, fill, output);
  }

  /** Shift and speed along time and a stretch along frequency, in one bilinear look-up. */
  private warp(energies: Float32Array, random: Random, output: Float32Array): void {
    const { frames, floor } = this;
    const { mels, sampleRate, hop } = this.options;
    const spread = (size: number) => (2 * random.next() - 1) * size;
    const shift = spread((this.settings.shift * sampleRate) / hop);
    const speed = Math.exp(spread(Math.log1p(this.settings.speed)));
    const stretch = Math.exp(spread(Math.log1p(this.settings.voice)));
    const middle = (frames - 1) / 2;
    for (let t = 0; t < frames; t++) {
      const time = middle + (t - middle - shift) * speed;
      const first = Math.floor(time);
      const part = time - first;
      for (let m = 0; m < mels; m++) {
        const band = Math.min(mels - 1, m * stretch);
        const low = Math.floor(band);
        const rest = band - low;
        const at = (frame: number) => {
          if (frame < 0 || frame >= frames) return floor;
          const start = frame * mels;
          const below = energies[start + low] ?? floor;
          return below + rest * ((energies[start + Math.min(mels - 1, low + 1)] ?? floor) - below);
        };
        output[t * mels + m] = (1 - part) * at(first) + part * at(first + 1);
      }
    }
  }

  private addNoise(random: Random, output: Float32Array): void {
    const noise = this.noises[random.int(this.noises.length)];
    if (noise === undefined) return;
    const { mels } = this.options;
    let energy = 0;
    for (const value of output) energy += Math.exp(value);
    const db = loudestNoise + random.next() * (faintestNoise - loudestNoise);
    const scale = energy / output.length / 10 ** (db / 10);
    const start = random.int(noise.frames) * mels;
    for (let i = 0; i < output.length; i++) {
      const added = scale * (noise.energies[(start + i) % noise.energies.length] ?? 0);
      output[i] = Math.log(Math.exp(output[i] ?? 0) + added);
    }
  }

  /** Loudness and the colour of a voice and a microphone: a gain that changes smoothly over the bands. */
  private gain(random: Random, output: Float32Array): void {
    const { mels } = this.options;
    const draw = () => ((2 * random.next() - 1) * this.settings.gain * Math.LN10) / 10;
    const [level, tilt, bend] = [draw(), draw(), draw()];
    const gains = Float64Array.from({ length: mels }, (_, m) => {
      const angle = (Math.PI * (m + 0.5)) / mels;
      return level + tilt * Math.cos(angle) + bend * Math.cos(2 * angle);
    });
    for (let i = 0; i < output.length; i++) {
      output[i] = Math.max(this.floor, (output[i] ?? 0) + (gains[i % mels] ?? 0));
    }
  }

  private mask(random: Random, fill: readonly number[], output: Float32Array): void {
    const { frames } = this;
    const { mels, sampleRate, hop } = this.options;
    const length = random.int(Math.round((longestMaskSeconds * sampleRate) / hop) + 1);
    const width = random.int(Math.round(widestMaskShare * mels) + 1);
    const start = random.int(Math.max(1, frames - length));
    const low = random.int(Math.max(1, mels - width));
    for (let t = 0; t < frames; t++) {
      const inTime = t >= start && t < start + length;
      for (let m = 0; m < mels; m++) {
        if (inTime || (m >= low && m < low + width)) output[t * mels + m] = fill[m] ?? 0;
      }
    }
  }
}
