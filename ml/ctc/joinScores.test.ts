import { expect, it } from 'vitest';
import { joinScores, joinWindows } from './windows';

const oneHot = (ids: readonly number[], classes: number): Float32Array => {
  const scores = new Float32Array(ids.length * classes);
  ids.forEach((id, t) => (scores[t * classes + id] = 1));
  return scores;
};

it('cuts the scores of windows where their best classes are cut', () => {
  const windows = [
    { frame: 0, ids: [1, 0, 2, 0, 3, 0, 1, 1] },
    { frame: 4, ids: [0, 0, 1, 0, 2, 0, 3] },
    { frame: 9, ids: [0, 3, 0, 1] },
  ];
  const scored = windows.map(({ frame, ids }) => ({ frame, frames: ids.length, scores: oneHot(ids, 4) }));
  const { scores, frames } = joinScores(scored, 4);
  const best = Array.from({ length: frames }, (_, t) => scores.subarray(4 * t, 4 * t + 4).indexOf(1));
  expect(best).toEqual(joinWindows(windows));
});
