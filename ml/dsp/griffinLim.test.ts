import { describe, expect, it } from 'vitest';
import { MlError } from '../errors';
import { ComplexStft } from './complexStft';
import { RealFft } from './fft';
import { griffinLim, spectralConvergence } from './griffinLim';
import { InverseRealFft } from './inverseFft';
import { spectrogram } from './stft';

const tone = (length: number): Float32Array =>
  Float32Array.from({ length }, (_, i) => 0.5 * Math.sin(i * 0.3) + 0.2 * Math.sin(i * 1.1));
const shape = { nFft: 64, hop: 16 };
const magnitudesOf = (samples: Float32Array) =>
  spectrogram(samples, { ...shape, pad: 32, padMode: 'constant', power: 1 });

describe.each([1, 2, 3, 8, 9, 37, 100, 400])('the inverse transform of length %i', (length) => {
  it('undoes the forward one', () => {
    const signal = Float64Array.from({ length }, (_, i) => Math.sin(i * i));
    const forward = new RealFft(length);
    forward.forward(signal);
    const back = new Float64Array(length);
    new InverseRealFft(length).inverse(forward.re, forward.im, back);
    back.forEach((value, i) => expect(value).toBeCloseTo(signal[i] ?? 0, 12));
  });
});

describe('a spectrum with phases', () => {
  it.each(['reflect', 'constant'] as const)('gives the samples back, %s', (mode) => {
    const samples = tone(320);
    const stft = new ComplexStft(64, 16, mode);
    const back = stft.inverse(stft.transform(samples));
    expect(back).toHaveLength(320);
    back.forEach((value, i) => expect(value).toBeCloseTo(samples[i] ?? 0, 6));
  });

  it('refuses a hop of nothing and a signal of nothing in an odd window', () => {
    expect(() => new ComplexStft(64, 0)).toThrow(MlError);
    expect(() => new ComplexStft(65, 16).transform(new Float32Array(0))).toThrow(MlError);
  });
});

describe('griffinLim', () => {
  it('comes nearer with every round, and faster with momentum', () => {
    const magnitudes = magnitudesOf(tone(1600));
    let state = 1;
    const random = (): number => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
    const after = (iterations: number, momentum: number): number => {
      state = 1;
      const sound = griffinLim(magnitudes, { ...shape, iterations, momentum, random });
      expect(sound).toHaveLength(1600);
      return spectralConvergence(magnitudes, sound, shape);
    };
    const [start, some, more, fast] = [after(0, 0), after(10, 0), after(60, 0), after(60, 0.99)];
    expect(some).toBeLessThan(start);
    expect(more).toBeLessThan(some);
    expect(fast).toBeLessThan(more);
  });

  it('keeps silence silent, and makes nothing of a single frame', () => {
    const silence = griffinLim(magnitudesOf(new Float32Array(160)), { ...shape, iterations: 3 });
    expect(silence.every((sample) => sample === 0)).toBe(true);
    const one = { frames: 1, width: 33, data: new Float32Array(33).fill(1) };
    expect(griffinLim(one, { ...shape, iterations: 3 })).toHaveLength(0);
  });

  it('refuses magnitudes of another window', () => {
    const wrong = { frames: 2, width: 10, data: new Float32Array(20) };
    expect(() => griffinLim(wrong, { ...shape, iterations: 1 })).toThrow(/window of 64/);
  });
});
