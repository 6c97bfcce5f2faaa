import { describe, expect, it } from 'vitest';
import { moved, zoomed } from './navigate';

describe('the axis', () => {
  it('comes closer around a point and goes back to everything', () => {
    expect(zoomed([0, 100], [0, 100], 0.5, 20)).toEqual([10, 60]);
    expect(zoomed([10, 60], [0, 100], 2, 20)).toBeUndefined();
    expect(zoomed([50, 50 + 1e-9], [0, 100], 0.5, 50)).toEqual([50, 50 + 1e-9]);
  });

  it('stays within what there is', () => {
    expect(moved([0, 50], [0, 100], 0.5)).toEqual([25, 75]);
    expect(moved([60, 90], [0, 100], 1)).toEqual([70, 100]);
    expect(moved([10, 40], [0, 100], -1)).toEqual([0, 30]);
    expect(moved([0, 100], [0, 100], 0.1)).toBeUndefined();
    expect(zoomed([0, 10], [0, 100], 2, 10)).toEqual([0, 20]);
  });
});
