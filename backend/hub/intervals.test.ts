import { expect, it } from 'vitest';
import { Intervals } from './intervals';

it('joins what touches and overlaps, and tells what is missing', () => {
  const set = new Intervals([
    { start: 10, end: 20 },
    { start: 30, end: 40 },
    { start: 20, end: 25 },
    { start: 5, end: 12 },
  ]);
  expect(set.total).toBe(30);
  expect(set.frontier).toBe(0);
  expect(set.gap(0, 50)).toEqual({ start: 0, end: 5 });
  expect(set.gap(5, 50)).toEqual({ start: 25, end: 30 });
  expect(set.gap(12, 18)).toBeUndefined();
  expect(set.gap(35, 50)).toEqual({ start: 40, end: 50 });
  expect(set.has({ start: 5, end: 25 })).toBe(true);
  expect(set.has({ start: 24, end: 31 })).toBe(false);
  set.add({ start: 0, end: 100 });
  expect(set.frontier).toBe(100);
  expect(set.total).toBe(100);
});

it('agrees with a set of single bytes', () => {
  let seed = 7;
  const random = (below: number): number => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  for (let round = 0; round < 50; round += 1) {
    const set = new Intervals();
    const bytes = new Set<number>();
    for (let i = 0; i < 20; i += 1) {
      const start = random(100);
      const end = start + random(12);
      set.add({ start, end });
      for (let at = start; at < end; at += 1) bytes.add(at);
    }
    expect(set.total).toBe(bytes.size);
    const missing: number[] = [];
    for (let gap = set.gap(0, 120); gap !== undefined; gap = set.gap(gap.end, 120)) {
      for (let at = gap.start; at < gap.end; at += 1) missing.push(at);
    }
    expect(missing).toEqual([...Array(120).keys()].filter((at) => !bytes.has(at)));
  }
});
