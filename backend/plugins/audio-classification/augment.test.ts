import { describe, expect, it } from 'vitest';
import { AudioFeatures, audioFrames } from '../../../ml/trained/audioFeatures';
import { Random } from '../../sdk/random';
import { Augmenter } from './augment';
import { dataOptions, modelOptions, type DataOptions } from './config';
import { featureOptions } from './features';

const options = featureOptions(modelOptions.parse({ seconds: 0.5, mels: 20 }));
const frames = audioFrames(options);
const fill = new Array<number>(20).fill(-3);

/** A rising tone. */
function energies(): Float32Array {
  const samples = Float32Array.from({ length: 8000 }, (_, i) => 0.5 * Math.sin(i * (0.05 + i * 1e-5)));
  return new AudioFeatures(options).energies(samples);
}

type Settings = DataOptions['augmentation'];
const off: Settings = { shift: 0, speed: 0, voice: 0, noise: 0, gain: 4, masks: 0 };

/** A changed copy for each seed. */
function copies(settings: Partial<Settings>, seeds: readonly number[]): Float32Array[] {
  const augmenter = new Augmenter({ ...off, ...settings }, options, frames);
  const original = energies();
  return seeds.map((seed) => {
    const output = new Float32Array(frames * 20);
    augmenter.apply(original, Random.from(seed), fill, output);
    return output;
  });
}

const augmented = (settings: Partial<Settings>, seed = 1) =>
  copies(settings, [seed])[0] ?? new Float32Array();
const eight = [0, 1, 2, 3, 4, 5, 6, 7];

const mean = (x: Float32Array) => x.reduce((sum, v) => sum + v, 0) / x.length;

describe('Augmenter', () => {
  it('changes nothing but a smooth gain over the bands when all is off', () => {
    const [before, after] = [energies(), augmented({})];
    const floor = Math.log(options.floor);
    for (let m = 0; m < 20; m++) {
      const gains = Array.from({ length: frames }, (_, t) => t * 20 + m)
        .filter((i) => (before[i] ?? 0) > floor + 3 && (after[i] ?? 0) > floor)
        .map((i) => (after[i] ?? 0) - (before[i] ?? 0));
      for (const gain of gains) expect(gain).toBeCloseTo(gains[0] ?? NaN, 4);
    }
  });

  it('changes nothing at all without gain, and more with more', () => {
    const before = energies();
    const distance = (gain: number) =>
      mean(augmented({ gain }).map((value, i) => Math.abs(value - (before[i] ?? 0))));
    expect(distance(0)).toBeLessThan(1e-5);
    expect(distance(12)).toBeGreaterThan(distance(2));
    expect(distance(2)).toBeGreaterThan(0.01);
  });

  it('draws the same from the same seed, and else from another', () => {
    const settings = dataOptions.parse({ path: 'x' }).augmentation;
    expect(augmented(settings, 5)).toEqual(augmented(settings, 5));
    expect(augmented(settings, 5)).not.toEqual(augmented(settings, 6));
  });

  it('never goes below the floor and never gives NaN', () => {
    const settings = { shift: 1, speed: 0.5, voice: 0.5, noise: 1, gain: 24, masks: 0 };
    for (const output of copies(settings, eight)) {
      expect(output.every((v) => v >= Math.fround(Math.log(options.floor)) - 1e-6)).toBe(true);
    }
  });

  it('adds energy with noise: the faint parts rise', () => {
    const quiet = mean(augmented({}));
    const noisy = copies({ noise: 1 }, eight).map(mean);
    expect(noisy.filter((one) => one > quiet + 0.5).length).toBeGreaterThan(5);
  });

  it('moves sound in time', () => {
    const middle = (x: Float32Array) => {
      let [sum, weight] = [0, 0];
      x.forEach((v, i) => {
        sum += Math.exp(v) * Math.floor(i / 20);
        weight += Math.exp(v);
      });
      return sum / weight;
    };
    const middles = copies({ shift: 0.2 }, eight).map(middle);
    expect(Math.max(...middles) - Math.min(...middles)).toBeGreaterThan(3);
  });

  it('masks whole bands and whole frames with the value given', () => {
    const outputs = copies({ masks: 2 }, eight);
    expect(outputs.some((output) => output.filter((v) => v === -3).length >= frames)).toBe(true);
    expect(mean(outputs[0] ?? new Float32Array())).not.toBeNaN();
  });
});
