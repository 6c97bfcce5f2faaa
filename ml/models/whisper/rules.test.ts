import { describe, expect, it } from 'vitest';
import type { WhisperTokens } from './config';
import { applyRules, likeliestLanguage } from './rules';
import { segmentsOf } from './segments';
import { promptOf } from './transcribe';

/** Words 0–3, end 4, start 5, fa 6, en 7, transcribe 8, no timestamps 9, times from 10 on. */
const tokens: WhisperTokens = {
  start: 5,
  end: 4,
  noTimestamps: 9,
  latestStart: 2,
  suppressed: [1],
  suppressedFirst: [0, 4],
  languages: new Map([
    ['fa', 6],
    ['en', 7],
  ]),
  tasks: new Map([['transcribe', 8]]),
};
const allowed = (said: number[], timestamps = true, favourite = 2): number[] => {
  const scores = new Float32Array(16).fill(0);
  scores[favourite] = 9;
  applyRules(scores, { said, timestamps }, tokens);
  return Array.from(scores).flatMap((score, id) => (score === -Infinity ? [] : [id]));
};

describe('applyRules', () => {
  it('begins with an early time, or with a word that may begin', () => {
    expect(allowed([])).toEqual([10, 11, 12]);
    expect(allowed([], false)).toEqual([2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]);
  });

  it('closes what it opened, and never goes back', () => {
    expect(allowed([10])).toEqual([0, 2, 3, 4, 5, 6, 7, 8]);
    expect(allowed([11, 2])).toEqual([0, 2, 3, 4, 5, 6, 7, 8, 12, 13, 14, 15]);
    expect(allowed([10, 2, 13], true, 4)).toEqual([4, 5, 6, 7, 8, 13, 14, 15]);
    expect(allowed([10, 2, 13, 13])).toEqual([0, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('takes a time where all times together are likelier than any word', () => {
    expect(allowed([10, 2], true, 14)).toEqual([11, 12, 13, 14, 15]);
  });
});

describe('segmentsOf', () => {
  it('cuts between two times, and leaves what the window cuts off to the next', () => {
    const { segments, done } = segmentsOf([10, 2, 12, 12, 3, 15, 15], tokens, 30);
    expect(segments.map(({ ids }) => ids)).toEqual([
      [10, 2, 12],
      [12, 3, 15],
    ]);
    expect(segments[1]).toMatchObject({ start: 0.04, end: 0.1 });
    expect(done).toBeCloseTo(0.1);
  });

  it('is done with the window after a single time at the end, or none', () => {
    expect(segmentsOf([10, 2, 12, 12, 3, 15, 4], tokens, 30)).toMatchObject({
      done: 30,
      segments: [{}, { end: 0.1 }],
    });
    expect(segmentsOf([2, 3, 4], tokens, 12)).toEqual({
      done: 12,
      segments: [{ start: 0, end: 12, ids: [2, 3] }],
    });
    expect(segmentsOf([4], tokens, 12)).toEqual({ done: 12, segments: [] });
  });
});

describe('language and task', () => {
  it('are told among the languages alone', () => {
    const scores = new Float32Array(16);
    scores.set([99, 0, 0, 0, 0, 0, 1, 2]);
    expect(likeliestLanguage(scores, tokens)).toMatchObject({ language: 'en', id: 7 });
    expect(promptOf(tokens, { language: 'fa' })).toEqual([5, 6, 8]);
    expect(() => promptOf(tokens, { language: 'xx' })).toThrow('no language "xx"');
    expect(promptOf({ ...tokens, languages: new Map() }, { language: 'fa' })).toEqual([5]);
  });
});
