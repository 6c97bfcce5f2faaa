import { describe, expect, it } from 'vitest';
import { tidyUtterance } from './features';
import { durationsOf, writePath, writePlaces } from './frames';
import { lexiconText, parseLexicon, pronounceBy } from './lexicon';
import { phonemesOf } from './phonemes';
import { isPersian, symbolsOf, unitsOf } from './reading';
import { Symbols } from './symbols';

const letters = { kind: 'characters', persian: true } as const;
const nobody = () => Promise.resolve([]);

describe('reading', () => {
  it('puts numbers into words and keeps pauses between words only', async () => {
    const { symbols } = await symbolsOf(unitsOf('«آب، ۲!»', letters), letters, nobody);
    expect(symbols.join('')).toBe('^آب,دو!$');
  });

  it('names words that cannot be said', async () => {
    const { lexicon } = parseLexicon('آب\tɒː b\nنان\tn ɒː n\n');
    const read = await symbolsOf(
      unitsOf('آب و نان', letters),
      { kind: 'phonemes', persian: true },
      pronounceBy(lexicon, undefined),
    );
    expect(read).toEqual({ symbols: ['^', 'ɒː', 'b', ' ', 'n', 'ɒː', 'n', '$'], unspoken: ['و'] });
  });

  it('tells the sounds alone, without stress, words and pauses', async () => {
    const { lexicon } = parseLexicon('آب\tˈɒː b\n');
    const read = await phonemesOf('آب، نه آب.', true, pronounceBy(lexicon, undefined));
    expect(read).toEqual({ phonemes: ['ɒː', 'b', 'ɒː', 'b'], unspoken: ['نه'] });
  });

  it('tells Persian from other texts', () => {
    expect(isPersian(['سلام دنیا Goya'])).toBe(true);
    expect(isPersian(['hello', 'سلام'])).toBe(false);
  });
});

describe('lexicon', () => {
  it('looks words up without joiners and marks, and asks others for the rest', async () => {
    const { lexicon, faults } = parseLexicon('\ufeff# words\nمی‌روم\tm iː\nbad line\n\nمی‌روم\tz\n');
    expect(faults).toEqual([3]);
    expect(parseLexicon(lexiconText(lexicon)).lexicon).toEqual(lexicon);
    const spoken = await pronounceBy(lexicon, (words) => Promise.resolve(words.map((word) => [word])))([
      'میروم',
      'x',
    ]);
    expect(spoken).toEqual([['m', 'iː'], ['x']]);
  });
});

describe('symbols', () => {
  const symbols = new Symbols([' ', '$', '^', 'ˈɑ', 'r', 'tʃ', ',']);

  it('takes the nearest for one that is not known', () => {
    expect(symbols.encode(['^', 'ɒː', 'ɾ', 't͡ʃ', 'ʔ', '.', '$'])).toEqual({
      ids: [3, 4, 5, 6, 7, 2],
      unknown: [],
    });
  });

  it('names what nothing is near to, once', () => {
    expect(symbols.encode(['x', 'r', 'x'])).toEqual({ ids: [5], unknown: ['x'] });
  });
});

describe('frames', () => {
  it('round the ends of sounds, so that the whole lasts as foretold', () => {
    const logs = Array.from({ length: 10 }, () => Math.log(2.5));
    const durations = durationsOf(logs, 1);
    expect(durations.reduce((sum, each) => sum + each, 0)).toBe(25);
    expect([...durationsOf([-9, -9, Infinity], 1)]).toEqual([1, 1, 998]);
  });

  it('lay sounds out one after another', () => {
    const path = new Float32Array(6);
    writePath([2, 1], path, { stride: 2, offset: 0 });
    expect([...path]).toEqual([1, 0, 1, 0, 0, 1]);
    const places = new Float32Array(9);
    writePlaces([2, 1], places, 0);
    expect([places[0], places[3], places[6]]).toEqual([0.25, 0.75, 0.5]);
  });
});

describe('utterances', () => {
  it('lose silence at their ends and get one loudness', () => {
    const sound = new Float32Array(16_000);
    for (let i = 6000; i < 10_000; i++) sound[i] = 0.01 * Math.sin(i / 5);
    const tidy = tidyUtterance(sound, 8000);
    expect(tidy?.length).toBeGreaterThan(4000);
    expect(tidy?.length).toBeLessThan(5000);
    expect(Math.max(...(tidy ?? []))).toBeGreaterThan(0.1);
    expect(tidyUtterance(new Float32Array(8000), 8000)).toBeUndefined();
  });
});
