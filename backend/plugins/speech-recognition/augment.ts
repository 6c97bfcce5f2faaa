/** Changes a recording's log-mel energies as another speaker, room, microphone or street would. */
import { SpeechFeatures, type SpeechFeatureOptions } from '../../../ml/speech/features';
import type { Random } from '../../sdk/random';
import type { DataOptions } from './config';
import type { PackedFrames } from './features';

const noiseSeconds = 8;
/** dB of speech over noise. */
const loudestNoise = 3;
const faintestNoise = 30;
/** Share of the noisy recordings whose noise is another voice. */
const babbleShare = 0.25;
const longestMask = 25;
const widestMaskShare = 0.15;

export class Augmenter {
  private readonly noises: readonly Float32Array[];
  private readonly floor: number;

  constructor(
    private readonly settings: DataOptions['augmentation'],
    private readonly options: SpeechFeatureOptions,
    private readonly voices: readonly PackedFrames[],
    random: Random,
  ) {
    const features = new SpeechFeatures(options);
    const { sampleRate } = options;
    this.noises = [0, 0.5, 1].map(
      (colour) => features.energies(noise(noiseSeconds * sampleRate, colour, random), sampleRate).data,
    );
    this.floor = Math.log(options.floor);
  }

  /** Energies `[frames, mels]`, perhaps of another number of frames. */
  apply(energies: Float32Array, random: Random): Float32Array {
    const changed = this.warp(energies, random);
    if (random.next() < this.settings.noise) this.addNoise(changed, random);
    this.gain(changed, random);
    return changed;
  }

  /** Speed along time and a stretch along frequency, in one bilinear look-up. */
  private warp(energies: Float32Array, random: Random): Float32Array {
    const { mels } = this.options;
    const frames = energies.length / mels;
    const spread = (size: number) => Math.exp((2 * random.next() - 1) * Math.log1p(size));
    const speed = spread(this.settings.speed);
    const stretch = spread(this.settings.voice);
    const length = Math.max(1, Math.round(frames / speed));
    const output = new Float32Array(length * mels);
    for (let t = 0; t < length; t++) {
      const time = Math.min(frames - 1, t * speed);
      const first = Math.floor(time);
      const second = Math.min(frames - 1, first + 1);
      const part = time - first;
      for (let m = 0; m < mels; m++) {
        const band = Math.min(mels - 1, m * stretch);
        const low = Math.floor(band);
        const high = Math.min(mels - 1, low + 1);
        const rest = band - low;
        const at = (frame: number): number => {
          const below = energies[frame * mels + low] ?? 0;
          return below + rest * ((energies[frame * mels + high] ?? 0) - below);
        };
        output[t * mels + m] = (1 - part) * at(first) + part * at(second);
      }
    }
    return output;
  }

  private addNoise(energies: Float32Array, random: Random): void {
    const other = this.voices[random.int(Math.max(1, this.voices.length))];
    const isVoice = random.next() < babbleShare && other !== undefined;
    const added = isVoice ? other.unpack() : this.noises[random.int(this.noises.length)];
    if (added === undefined || added.length === 0) return;
    const db = loudestNoise + random.next() * (faintestNoise - loudestNoise) + (isVoice ? 6 : 0);
    const scale = Math.log(meanEnergy(energies) / meanEnergy(added)) - (db / 10) * Math.LN10;
    const { mels } = this.options;
    const start = random.int(added.length / mels) * mels;
    for (let i = 0; i < energies.length; i++) {
      const noisy = (added[(start + i) % added.length] ?? 0) + scale;
      const own = energies[i] ?? 0;
      energies[i] = Math.max(own, noisy) + Math.log1p(Math.exp(-Math.abs(own - noisy)));
    }
  }

  /** The colour of a voice and a microphone: a gain that changes smoothly over the bands. Loudness itself is normalised. */
  private gain(energies: Float32Array, random: Random): void {
    const { mels } = this.options;
    const draw = () => ((2 * random.next() - 1) * this.settings.gain * Math.LN10) / 10;
    const [level, tilt, bend] = [draw(), draw(), draw()];
    const gains = Float64Array.from({ length: mels }, (_, m) => {
      const angle = (Math.PI * (m + 0.5)) / mels;
      return level + tilt * Math.cos(angle) + bend * Math.cos(2 * angle);
    });
    for (let i = 0; i < energies.length; i++) {
      energies[i] = Math.max(this.floor, (energies[i] ?? 0) + (gains[i % mels] ?? 0));
    }
  }
}

/** SpecAugment (Park et al. 2019), in place, on normalised frames `[frames, width]`: their mean is 0. */
export function maskFrames(normalized: Float32Array, width: number, masks: number, random: Random): void {
  const frames = normalized.length / width;
  for (let i = 0; i < masks; i++) {
    const length = random.int(Math.min(longestMask, Math.floor(frames / 8)) + 1);
    const start = random.int(Math.max(1, frames - length));
    normalized.fill(0, start * width, (start + length) * width);
    const wide = random.int(Math.round(widestMaskShare * width) + 1);
    const low = random.int(Math.max(1, width - wide));
    for (let t = 0; t < frames; t++) normalized.fill(0, t * width + low, t * width + low + wide);
  }
}

/** White to brown by `colour` 0..1. */
function noise(length: number, colour: number, random: Random): Float32Array {
  let low = 0;
  return Float32Array.from({ length }, () => {
    const white = 2 * random.next() - 1;
    low = 0.97 * low + 0.25 * white;
    return 0.3 * ((1 - colour) * white + colour * low);
  });
}

function meanEnergy(energies: Float32Array): number {
  let sum = 0;
  for (const value of energies) sum += Math.exp(value);
  return sum / Math.max(1, energies.length);
}
