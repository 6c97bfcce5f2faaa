import { describe, expect, it } from 'vitest';
import { CharacterPrior } from './characterPrior';
import { priorBeamDecode } from './priorBeam';
import { TextWalker, type TextPrior } from './textPrior';
import { WordPrior } from './wordPrior';

const labels = ['', ' ', 'ا', 'ب', 'س', 'ص', 'ث', 'د'];
const spelling = CharacterPrior.count(['اسب باد', 'باد'], 3);

describe('a list of words', () => {
  const words = WordPrior.count(['صد', 'صدا صد', 'ثبات']);

  it('tells how words go on, and where they end', () => {
    expect(words.size).toBe(3);
    const begun = words.following(words.all, 'ص') ?? words.all;
    expect(words.likelihood(begun, words.all)).toBeCloseTo(Math.log(2.69 / 3.69));
    const whole = words.following(begun, 'د') ?? words.all;
    expect(words.end(whole)).toBeCloseTo(Math.log(1.69 / 2.69));
    expect(words.following(whole, 'ب')).toBeUndefined();
    expect(words.end(words.all)).toBe(-Infinity);
  });

  it('is the same when it was written and read, and reads plain lists', () => {
    expect(WordPrior.fromText(words.toText())).toEqual(words);
    expect(WordPrior.fromText('صد\t1.69\nصدا\r\nثبات\n')).toEqual(words);
    expect(WordPrior.fromText('').size).toBe(0);
  });
});

describe('texts by spelling and words', () => {
  const nats = (text: string, prior: TextPrior): number => {
    const walker = new TextWalker(prior, labels);
    let [state, sum] = [walker.start(), 0];
    for (const character of text) {
      const step = walker.next(state, labels.indexOf(character));
      sum += step.gain;
      state = step.state;
    }
    return sum + walker.end(state);
  };

  it('are as likely as the spelling says where there is no list', () => {
    const own = ['اسب', 'باد صد'].map((text) => nats(text, { spelling }));
    const unlisted = ['اسب', 'باد صد'].map((text) =>
      nats(text, { spelling, words: WordPrior.count(['ثثث']), known: 0 }),
    );
    unlisted.forEach((value, i) => expect(value).toBeCloseTo(own[i] ?? NaN, 9));
  });

  it('are likelier with words of the list', () => {
    const prior = { spelling, words: WordPrior.count(['صد']) };
    expect(nats('صد', prior)).toBeGreaterThan(nats('سد', prior) + 3);
    expect(nats('باد صد', prior)).toBeGreaterThan(nats('باد ثد', prior) + 3);
    // A word begun as one of the list and then left is as good as any other.
    expect(nats('صدب', prior)).toBeGreaterThan(-Infinity);
  });

  it('are found by the search: of letters that sound alike those of a word', () => {
    // س, ص and ث are equally likely in the first frame.
    const scores = new Float32Array([0, 0, 0, 0, 5, 5, 5, 0, 0, 0, 0, 0, 0, 0, 0, 9]);
    const heard = (word: string) =>
      priorBeamDecode(scores, 2, 8, {
        prior: { spelling, words: WordPrior.count([word]) },
        labels,
        weight: 1,
        perCharacter: 0,
      });
    expect(heard('صد')).toEqual([5, 7]);
    expect(heard('ثد')).toEqual([6, 7]);
  });
});
