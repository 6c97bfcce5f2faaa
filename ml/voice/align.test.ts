import { describe, expect, it } from 'vitest';
import { seededRandom } from '../generation/random';
import { monotonicAlignment } from './align';

/** All ways of giving `frames` frames to `tokens` tokens. */
function ways(tokens: number, frames: number): number[][] {
  if (tokens === 1) return [[frames]];
  return Array.from({ length: frames - tokens + 1 }, (_, i) => i + 1).flatMap((first) =>
    ways(tokens - 1, frames - first).map((rest) => [first, ...rest]),
  );
}

function score(scores: ArrayLike<number>, durations: ArrayLike<number>, frames: number): number {
  let [sum, t] = [0, 0];
  for (let n = 0; n < durations.length; n++) {
    for (let i = 0; i < (durations[n] ?? 0); i++, t++) sum += scores[n * frames + t] ?? NaN;
  }
  return sum;
}

describe('monotonic alignment', () => {
  it('is the best of all ways', () => {
    const random = seededRandom(3);
    for (const [tokens, frames] of [
      [1, 1],
      [1, 5],
      [4, 4],
      [2, 7],
      [3, 9],
      [5, 10],
    ] as const) {
      for (let round = 0; round < 20; round++) {
        const scores = Float64Array.from({ length: tokens * frames }, () => 4 * random() - 3);
        const found = monotonicAlignment(scores, { tokens, frames });
        const best = Math.max(...ways(tokens, frames).map((way) => score(scores, way, frames)));
        expect(found.reduce((sum, each) => sum + each, 0)).toBe(frames);
        expect(Math.min(...found)).toBeGreaterThan(0);
        expect(score(scores, found, frames)).toBeCloseTo(best, 9);
      }
    }
  });

  it('reads a part of a padded batch', () => {
    // Two utterances of up to 2 tokens and 4 frames; the second has 2 tokens and 3 frames.
    const scores = new Float32Array(16).fill(9);
    scores.set([0, 0, -5], 8);
    scores.set([-5, -5, 0], 12);
    expect([...monotonicAlignment(scores, { tokens: 2, frames: 3, stride: 4, offset: 8 })]).toEqual([2, 1]);
  });

  it('says when there are too few frames', () => {
    expect(() => monotonicAlignment([0, 0], { tokens: 2, frames: 1 })).toThrow(/1 frames cannot hold 2/);
  });
});
