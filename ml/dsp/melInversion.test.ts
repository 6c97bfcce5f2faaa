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
    const loudest = Math.max(...wanted.data);
    again.data.forEach((value, i) => {
      expect(Math.abs(value - (wanted.data[i] ?? 0))).toBeLessThan(
        0.2 * (wanted.data[i] ?? 0) + 1e-2 * loudest,
      );
    });
  });

  it('makes silence of silence', () => {
    const silence = { frames: 2, width: 80, data: new Float32Array(160) };
    expect(inversion.apply(silence).data.every((value) => value === 0)).toBe(true);
  });
});
