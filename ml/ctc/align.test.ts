import { expect, it } from 'vitest';
import { alignLabels } from './align';

/** One-hot scores, sure of the class of each frame. */
const sure = (classes: number, frames: readonly number[]): Float32Array => {
  const scores = new Float32Array(frames.length * classes);
  frames.forEach((one, t) => (scores[t * classes + one] = 10));
  return scores;
};

it('finds the frames of each label, equal neighbours told apart by the blank between', () => {
  const frames = [0, 1, 1, 0, 1, 2, 2, 0];
  expect(alignLabels(sure(3, frames), frames.length, 3, [1, 1, 2])).toEqual([
    { start: 1, end: 3 },
    { start: 4, end: 5 },
    { start: 5, end: 7 },
  ]);
});

it('aligns labels that were not heard where they cost least', () => {
  const scores = sure(3, [0, 1, 0, 0]);
  scores[3 * 3 + 2] = 5;
  expect(alignLabels(scores, 4, 3, [1, 2])).toEqual([
    { start: 1, end: 2 },
    { start: 3, end: 4 },
  ]);
});

it('answers nothing where the frames are too few, and no spans for no labels', () => {
  expect(alignLabels(sure(2, [1, 1]), 2, 2, [1, 1])).toBeUndefined();
  expect(alignLabels(sure(2, [1]), 1, 2, [])).toEqual([]);
});
