import { describe, expect, it } from 'vitest';
import type { TensorSpec } from './bareModel';
import { cropOf, imageLayout, imageTensor, type ImageRange } from './imagePixels';

const spec = (shape: (number | null)[], dtype = 'float32'): TensorSpec => ({ name: 'x', shape, dtype });
/** One row: red, and a grey that is half transparent. */
const picture = { rgba: [255, 0, 0, 255, 51, 51, 51, 128], width: 2, height: 1 };
const plain = { range: '0..255', order: 'rgb' } as const;

describe('a picture', () => {
  it.each<[(number | null)[], boolean]>([
    [[null, 224, 224, 3], true],
    [[1, null, null, 1], true],
    [[null, 3, 224, 224], true],
    [[64, 64, 3], true],
    [[null, 224, 224, 5], false],
    [[null, null, 3], true],
    [[null, 16_000, 1], false],
    [[null, 224], false],
  ])('fits %j: %s', (shape, fits) => {
    expect(imageLayout(spec(shape)) !== undefined).toBe(fits);
  });

  it.each<[ImageRange, number[]]>([
    ['0..255', [255, 0, 0, 51, 51, 51]],
    ['0..1', [1, 0, 0, 0.2, 0.2, 0.2]],
    ['-1..1', [1, -1, -1, -0.6, -0.6, -0.6]],
    ['imagenet', [2.2489, -2.0357, -1.8044, -1.2445, -1.1429, -0.9156]],
  ])('becomes numbers of %s', (range, wanted) => {
    const { shape, data } = imageTensor(spec([null, 1, 2, 3]), picture, { ...plain, range });
    expect(shape).toEqual([1, 1, 2, 3]);
    wanted.forEach((value, i) => expect(data[i]).toBeCloseTo(value, 3));
  });

  it('has its colours in the order, and the place, that are asked for', () => {
    const bgr = imageTensor(spec([null, 1, 2, 3]), picture, { ...plain, order: 'bgr' });
    expect([...bgr.data]).toEqual([0, 0, 255, 51, 51, 51]);
    const planes = imageTensor(spec([1, 3, null, null]), picture, plain);
    expect([planes.shape, [...planes.data]]).toEqual([
      [1, 3, 1, 2],
      [255, 51, 0, 51, 0, 51],
    ]);
    const grey = imageTensor(spec([null, null, 1], 'int32'), picture, plain);
    expect([grey.shape, [...grey.data]]).toEqual([
      [1, 2, 1],
      [76, 51],
    ]);
    expect(() => imageTensor(spec([null, 10]), picture, plain)).toThrow(/no picture/);
  });

  it('is cut to its middle, or stretched', () => {
    const square = { width: 10, height: 10 };
    expect(cropOf({ width: 40, height: 20 }, square, 'crop')).toEqual({ x: 10, y: 0, width: 20, height: 20 });
    expect(cropOf({ width: 20, height: 40 }, square, 'crop')).toEqual({ x: 0, y: 10, width: 20, height: 20 });
    expect(cropOf({ width: 40, height: 20 }, square, 'stretch')).toEqual({
      x: 0,
      y: 0,
      width: 40,
      height: 20,
    });
  });
});
