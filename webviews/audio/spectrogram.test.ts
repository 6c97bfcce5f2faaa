import { describe, expect, it } from 'vitest';
import { decodedSamples } from './samples';
import { bands, byteRange, hertzAt, topHertz, windowFrames, type Scale } from './spectra';
import { inPage } from './spectraRunner';
import { fill, gridOf, missing, moveTo, type SpectrogramImage } from './spectrogram';

const rate = 16_000;
const tone = (hertz: number, seconds: number, amplitude: number): Float32Array =>
  Float32Array.from(
    { length: Math.round(seconds * rate) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
const decibels = (level: number): number => (level / 255 - 1) * byteRange;

async function whole(
  image: SpectrogramImage,
  samples = decodedSamples({ sampleRate: rate, channels: [tone(1000, 2, 0.1)] }),
) {
  for (let next = missing(image); next !== undefined; next = missing(image))
    await fill(samples, image, next, inPage);
  return (column: number): number[] => [...image.levels.subarray(column * bands, (column + 1) * bands)];
}

describe('the spectrogram', () => {
  it.each<Scale>(['mel', 'linear'])('puts a tone at its place and level, %s', async (scale) => {
    expect([windowFrames(rate), windowFrames(48_000), topHertz(rate)]).toEqual([512, 2048, 8000]);
    const columnOf = await whole(moveTo(gridOf({ from: 0, to: 2 }, 40, scale), undefined));
    const middle = columnOf(20);
    const loudest = middle.indexOf(Math.max(...middle));
    expect(hertzAt(loudest / bands, rate, scale)).toBeLessThanOrEqual(1000);
    expect(hertzAt((loudest + 1) / bands, rate, scale)).toBeGreaterThanOrEqual(1000);
    // A tenth of full scale.
    expect(decibels(middle[loudest] ?? 0)).toBeCloseTo(-20, 0);
    expect(decibels(middle[bands - 1] ?? 255)).toBeLessThan(-70);
  });

  it('covers the ends, and a view closer than its window', async () => {
    const samples = decodedSamples({ sampleRate: rate, channels: [tone(500, 0.05, 1)] });
    const columnOf = await whole(moveTo(gridOf({ from: -0.001, to: 0.002 }, 30, 'mel'), undefined), samples);
    expect(Math.max(...columnOf(0))).toBeGreaterThan(100);
  });

  it('keeps the columns that a moved view still shows, and computes the new ones alone', async () => {
    const grid = gridOf({ from: 0, to: 1 }, 10, 'mel');
    const before = moveTo(grid, undefined);
    await whole(before);
    const moved = moveTo(gridOf({ from: 0.3, to: 1.3 }, 10, 'mel'), before);
    expect([...moved.there]).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]);
    expect([...moved.levels.subarray(0, bands)]).toEqual([...before.levels.subarray(3 * bands, 4 * bands)]);
    expect(missing(moved)).toEqual({ from: 8, to: 11 });
    const back = moveTo(gridOf({ from: 0.1, to: 1.1 }, 10, 'mel'), moved);
    expect([...back.there].slice(0, 3)).toEqual([0, 0, 1]);
    for (const grid of [gridOf({ from: 0, to: 1 }, 10, 'linear'), gridOf({ from: 0, to: 0.5 }, 10, 'mel')])
      expect([...moveTo(grid, before).there].some((there) => there === 1)).toBe(false);
  });
});
