import { describe, expect, it } from 'vitest';
import { mcdPlain, mcdWarped, melCepstra, speechCepstra, type Cepstra } from './melCepstralDistortion';

const cepstra = (rows: number[][]): Cepstra => ({
  frames: rows.length,
  width: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

describe('mel cepstra', () => {
  it('are the cosine transform of the log mels', () => {
    const { data } = melCepstra({ frames: 1, width: 2, data: Float32Array.of(1, 3) }, 2);
    expect(data[0]).toBeCloseTo(2, 12);
    expect(data[1]).toBeCloseTo((Math.cos(Math.PI / 4) * (1 - 3)) / 2, 12);
  });
});

describe('distortion', () => {
  const a = cepstra([
    [9, 0],
    [9, 1],
    [9, 2],
  ]);

  it('is nothing of a sound against itself, whatever its loudness', () => {
    expect(mcdPlain(a, a)).toBe(0);
    const louder = cepstra([
      [1, 0],
      [2, 1],
      [3, 2],
    ]);
    expect(mcdWarped(a, louder).decibels).toBe(0);
  });

  it('counts a coefficient as 10 √2 / ln 10 decibels', () => {
    const b = cepstra([[0, 1]]);
    expect(mcdPlain(cepstra([[0, 0]]), b)).toBeCloseTo((10 * Math.SQRT2) / Math.LN10, 12);
  });

  it('follows a sound that is spoken more slowly', () => {
    const slow = cepstra([
      [0, 0],
      [0, 0],
      [0, 1],
      [0, 2],
      [0, 2],
    ]);
    const warped = mcdWarped(a, slow);
    expect(warped).toMatchObject({ decibels: 0, cost: 0 });
    expect(warped.path).toEqual([
      [0, 0],
      [0, 1],
      [1, 2],
      [2, 3],
      [2, 4],
    ]);
    expect(mcdPlain(a, slow)).toBeGreaterThan(0);
  });

  it('prefers the diagonal, then the frame before of the first sound, among equals', () => {
    const flat = (frames: number): Cepstra => cepstra(Array.from({ length: frames }, () => [0, 0]));
    expect(mcdWarped(flat(3), flat(2)).path).toEqual([
      [0, 0],
      [1, 0],
      [2, 1],
    ]);
  });

  it('refuses sounds without frames', () => {
    expect(() => mcdPlain(a, cepstra([]))).toThrow(/at least one frame/);
  });

  it('takes low sampling rates', () => {
    expect(speechCepstra(new Float32Array(4000), 8000).width).toBe(14);
  });
});
