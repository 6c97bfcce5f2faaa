import { describe, expect, it } from 'vitest';
import { ctcLoss } from './ctcLoss';
import { beamDecode, greedyDecode } from './decode';

const classes = 3;
const rows = (...frames: number[][]): Float32Array => Float32Array.from(frames.flat());

describe('greedyDecode', () => {
  it('merges repeats, and keeps what a blank parts', () => {
    const frames = [1, 1, 0, 1, 2, 2, 0].map((best) => [0, 1, 2].map((one) => (one === best ? 3 : 0)));
    expect(greedyDecode(rows(...frames), 7, classes)).toEqual([1, 1, 2]);
    expect(greedyDecode(rows(...frames), 4, classes)).toEqual([1, 1]);
    expect(greedyDecode(rows(...frames), 7, classes, 2)).toEqual([1, 0, 1, 0]);
  });
});

describe('beamDecode', () => {
  it('finds the likelier sequence where the best path misleads', () => {
    // Graves's example: blank 0.6 in both frames, yet "1" has more paths together.
    const scores = rows([Math.log(0.6), Math.log(0.4), -20], [Math.log(0.6), Math.log(0.4), -20]);
    expect(greedyDecode(scores, 2, classes)).toEqual([]);
    const [best, second] = beamDecode(scores, 2, classes);
    expect(best?.labels).toEqual([1]);
    expect(Math.exp(best?.logProbability ?? 0)).toBeCloseTo(0.64, 5);
    expect(Math.exp(second?.logProbability ?? 0)).toBeCloseTo(0.36, 5);
  });

  it('sums to the probability that the loss gives each sequence', () => {
    const scores = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i * 7.7) * 2);
    for (const { labels, logProbability } of beamDecode(scores, 4, classes, { width: 200 })) {
      const { losses } = ctcLoss(scores, { batch: 1, frames: 4, classes }, [labels]);
      expect(logProbability).toBeCloseTo(-(losses[0] ?? NaN), 8);
    }
  });
});
