import { describe, expect, it } from 'vitest';
import { argmax, draw, logProbability, processScores } from './sampling';

const kept = (scores: Float32Array): number[] => [...scores.keys()].filter((i) => scores[i] !== -Infinity);

describe('scores', () => {
  it('of the best so many stay, with those that equal the last', () => {
    expect(kept(processScores(Float32Array.of(1, 3, 2, 2, 0), [], { topK: 2 }))).toEqual([1, 2, 3]);
    expect(kept(processScores(Float32Array.of(1, 3), [], { topK: 100 }))).toEqual([0, 1]);
  });

  it('of the likeliest stay until their probabilities exceed topP, and one always', () => {
    const scores = (): Float32Array =>
      Float32Array.of(Math.log(0.5), Math.log(0.3), Math.log(0.15), Math.log(0.05));
    expect(kept(processScores(scores(), [], { topP: 0.7 }))).toEqual([0, 1]);
    expect(kept(processScores(scores(), [], { topP: 0.49 }))).toEqual([0]);
    expect(kept(processScores(scores(), [], { topP: 0.0001 }))).toEqual([0]);
    expect(kept(processScores(scores(), [], { topP: 1 }))).toHaveLength(4);
  });

  it('of tokens that were there are divided when positive and multiplied when negative, once each', () => {
    expect([...processScores(Float32Array.of(2, -2, 2), [0, 1, 1], { repetitionPenalty: 2 })]).toEqual([
      1, -4, 2,
    ]);
  });

  it('of tokens that would repeat a run are ruled out', () => {
    expect(kept(processScores(new Float32Array(4), [1, 2, 3, 1], { noRepeatNgram: 2 }))).toEqual([0, 1, 3]);
    expect(kept(processScores(new Float32Array(3), [1], { noRepeatNgram: 1 }))).toEqual([0, 2]);
    expect(kept(processScores(new Float32Array(3), [], { noRepeatNgram: 3 }))).toHaveLength(3);
  });

  it('are divided by the temperature before the likeliest are kept', () => {
    const scores = (): Float32Array => Float32Array.of(2, 1, 0);
    expect(kept(processScores(scores(), [], { topP: 0.6 }))).toEqual([0]);
    expect(kept(processScores(scores(), [], { topP: 0.6, temperature: 10 }))).toEqual([0, 1]);
  });
});

describe('choosing', () => {
  it('takes the first of the best', () => expect(argmax([1, 5, 5])).toBe(1));

  it('draws by probability and never what is ruled out', () => {
    const scores = Float32Array.of(-Infinity, 0, 0);
    expect([0, 0.49, 0.51, 0.999_999_9].map((number) => draw(scores, () => number))).toEqual([1, 1, 2, 2]);
  });

  it('tells how likely a token was', () => {
    expect(Math.exp(logProbability([1000, 1000], 0))).toBeCloseTo(0.5, 12);
  });
});
