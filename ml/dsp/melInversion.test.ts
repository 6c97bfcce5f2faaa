import { describe, expect, it } from 'vitest';
import { seededRandom } from '../generation/random';
import { MelFilterBank } from './mel';
import { MelInversion } from './melInversion';

describe('mel inversion', () => {
  const options = { sampleRate: 22_050, nFft: 1024, mels: 80, fMin: 0, fMax: 8000 };
  const filters = new MelFilterBank(options);
  const inversion = new MelInversion(options);
  const random = seededRandom(1);

  it('finds magnitudes that have the given energies, none below 0', () => {
    const spectra = {
      frames: 3,
      width: 513,
      data: Float32Array.from({ length: 3 * 513 }, () => random() ** 4),
    };
    const wanted = filters.apply(spectra);
    const found = inversion.apply(wanted);
    expect(Math.min(...found.data)).toBeGreaterThanOrEqual(0);
    const again = filters.apply(found);
    // What is written down of random spectra in some rounds; speech is smoother, and comes nearer.
    const sum = (values: Float32Array): number => values.reduce((total, value) => total + value, 0);
    const off = again.data.map((value, i) => Math.abs(value - (wanted.data[i] ?? 0)));
    expect(sum(off) / sum(wanted.data)).toBeLessThan(0.05);
  });

  it('makes silence of silence', () => {
    const silence = { frames: 2, width: 80, data: new Float32Array(160) };
    expect(inversion.apply(silence).data.every((value) => value === 0)).toBe(true);
  });
});
