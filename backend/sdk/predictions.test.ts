import { describe, expect, it } from 'vitest';
import { Answers, chooseSamples } from './predictions';

describe('chooseSamples', () => {
  it('takes 8, of every label in turn, always the same', () => {
    const examples = Array.from({ length: 30 }, (_, i) => ({ id: i, label: i < 27 ? 'a' : 'b' }));
    const chosen = chooseSamples(examples);
    expect(chosen.map(({ id }) => id)).toEqual([0, 27, 1, 28, 2, 29, 3, 4]);
    expect(chooseSamples(examples)).toEqual(chosen);
  });

  it('takes what there is', () => {
    expect(chooseSamples([])).toEqual([]);
    expect(chooseSamples([{ label: 'a' }, { label: 'a' }])).toHaveLength(2);
  });
});

describe('answers', () => {
  const examples = ['a', 'b', 'a', 'b'].map((label, i) => ({ text: `t${i}`, label, line: i + 2 }));

  it('collect mistakes over batches, the surest first, anew for each evaluation', () => {
    const answers = new Answers(examples, ['a', 'b']);
    for (let round = 0; round < 2; round++) {
      answers.begin();
      answers.see([0, 0], [0.9, 0.6]);
      answers.see([1, 1], [0.8, 0.9]);
    }
    expect(answers.worst()).toEqual([
      { text: 't2', label: 'a', predicted: 'b', score: 0.8, line: 4 },
      { text: 't1', label: 'b', predicted: 'a', score: 0.6, line: 3 },
    ]);
  });

  it('keep what was last said of the samples', () => {
    const many = [
      { text: 'x'.repeat(500), label: 'no' },
      ...Array.from({ length: 20 }, () => ({ audioPath: '/b.wav', label: 'no' })),
      { audioPath: '/a.wav', label: 'yes' },
    ];
    const answers = new Answers(many, ['no', 'yes']);
    expect(answers.samples()).toEqual([]);
    const say = (guess: number, score: number): void => {
      answers.begin();
      answers.see(new Array(22).fill(guess), new Array(22).fill(score));
    };
    say(0, 0.5);
    say(1, 0.88081);
    const samples = answers.samples();
    expect(samples).toHaveLength(8);
    expect(samples[0]).toEqual({ input: 'x'.repeat(200), truth: 'no', predicted: 'yes', score: 0.8808 });
    expect(samples.at(-1)).toEqual({ audioPath: '/a.wav', truth: 'yes', predicted: 'yes', score: 0.8808 });
  });
});
