import { describe, expect, it } from 'vitest';
import { MlError } from '../errors';
import { resample, resamplePoly } from './resample';
import reference from './testdata/resample.json';

const tone = (hz: number, rate: number, length: number) =>
  Float32Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * hz * i) / rate));

/** Gain in dB of a tone after resampling, without the ends. */
function gain(hz: number, from: number, to: number): number {
  const output = resample(tone(hz, from, from), from, to).subarray(500, to - 500);
  const power = output.reduce((sum, v) => sum + v * v, 0) / output.length;
  return 10 * Math.log10(power / 0.5);
}

describe('resamplePoly', () => {
  it.each(reference.cases)('equals scipy for $up/$down', ({ up, down, output }) => {
    const got = resamplePoly(Float32Array.from(reference.input), up, down);
    expect(got).toHaveLength(output.length);
    output.forEach((value, i) => expect(got[i]).toBeCloseTo(value, 6));
  });

  it('refuses factors that are not whole', () => {
    expect(() => resamplePoly(new Float32Array(4), 1.5, 1)).toThrow(MlError);
  });
});

describe('resample', () => {
  it('keeps what both rates can hold and removes what the lower cannot', () => {
    expect(Math.abs(gain(1000, 48_000, 16_000))).toBeLessThan(0.001);
    expect(Math.abs(gain(7000, 48_000, 16_000))).toBeLessThan(0.01);
    expect(gain(8500, 48_000, 16_000)).toBeLessThan(-80);
    expect(Math.abs(gain(5000, 22_050, 16_000))).toBeLessThan(0.001);
    expect(Math.abs(gain(3000, 8000, 16_000))).toBeLessThan(0.001);
  });

  it('keeps time: an upsampled tone lies on the analytic one', () => {
    const got = resample(tone(440, 8000, 4000), 8000, 44_100);
    const want = tone(440, 44_100, 22_050);
    for (let i = 2000; i < 20_000; i++) expect(Math.abs((got[i] ?? 0) - (want[i] ?? 0))).toBeLessThan(1e-4);
  });

  it('gives the array back at the same rate', () => {
    const samples = tone(100, 8000, 10);
    expect(resample(samples, 8000, 8000)).toBe(samples);
  });
});
