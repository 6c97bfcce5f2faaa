import { describe, expect, it } from 'vitest';
import { readEvaluation } from './evaluation';

const labels = ['خوب', 'بد'];
const confusion = [
  [3, 1],
  [0, 4],
];

describe('an evaluation as the dashboard reads it', () => {
  it("has a classifier's mistakes in their order", () => {
    const mistakes = [
      { text: 'کتاب', label: 'خوب', predicted: 'بد', score: 0.9, line: 7 },
      { audioPath: '/clips/yes.wav', label: 'خوب', predicted: 'بد', score: 0.6 },
    ];
    const read = readEvaluation({ epoch: 3, labels, confusion, perLabel: [], mistakes });
    expect(read).toEqual({ labels, confusion, mistakes });
  });

  it('has what is mistaken in pronunciations', () => {
    const read = readEvaluation({
      labels: ['∅', 'a'],
      confusion,
      words: 90,
      stems: 7,
      mistakes: [{ is: 'a', heard: 'e', count: 12 }],
      examples: [{ word: 'آب', phonemes: 'A b', answered: 'a b' }],
      worstStems: [{ stem: 'آب', words: 4, per: 0.25, wer: 0.5 }],
      comparison: [{ words: 'withheld', of: 'Other', PER: 0.5 }],
      withheld: { words: 20, stems: 3, per: 0.1, wer: 0.2 },
    });
    expect(read.comparison).toEqual([{ words: 'withheld', of: 'Other', PER: 0.5 }]);
    expect(read.mistakes).toBeUndefined();
    expect(read.pronunciation).toEqual({
      words: 90,
      stems: 7,
      withheld: { words: 20, stems: 3 },
      misheard: [{ is: 'a', heard: 'e', count: 12 }],
      examples: [{ word: 'آب', phonemes: 'A b', answered: 'a b' }],
      worstStems: [{ stem: 'آب', words: 4, per: 0.25, wer: 0.5 }],
    });
  });

  it.each([undefined, null, 'text', []])('is empty for %j', (json) => {
    expect(readEvaluation(json)).toEqual({ labels: [] });
  });

  it('leaves out what another task wrote in a form of its own, and keeps the rest', () => {
    const read = readEvaluation({
      labels,
      confusion,
      mistakes: { worst: 3 },
      examples: 'none',
      comparison: 7,
    });
    expect(read).toEqual({ labels, confusion, mistakes: undefined });
  });
});
