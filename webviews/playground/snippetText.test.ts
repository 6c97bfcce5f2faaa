import { describe, expect, it } from 'vitest';
import { normalizationSteps } from '../../ml/text/normalize';
import type { TextPreprocessing } from '../../ml/trained/metadata';
import { encodeTexts } from '../../ml/trained/textFeatures';
import { textFunctions } from './snippetText';

const normalization = {
  letters: true,
  digits: 'persian',
  diacritics: true,
  halfSpace: 'keep',
  affixes: false,
  punctuation: true,
} as const;
const base = {
  kind: 'text',
  normalization,
  lowerCase: true,
  unit: 'character',
  tokens: ['', '', '', '', ...Array.from('ابسلم ی\u200Cن۱a،')],
  length: 9,
} as const;
const characters: TextPreprocessing = {
  ...base,
  tokens: [...base.tokens],
  ngrams: { buckets: 50, longest: 3, joined: true, gaps: true, count: 40 },
};
const pieces: TextPreprocessing = {
  ...base,
  normalization: { ...normalization, digits: 'latin', affixes: true, halfSpace: 'remove' },
  unit: 'subword',
  tokens: [...base.tokens, 'سلا', ' م', 'می', '\u{1F642}'],
};

/** What the written program makes of a text. */
function written(preprocessing: TextPreprocessing, text: string): unknown {
  const body = `${textFunctions}
const prepared = normalize(text);
return [...tokenIds(prepared), ...(preprocessing.ngrams ? ngramIds(prepared) : [])];`;
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the written program is what is tested
  const run = new Function('steps', 'preprocessing', 'text', body) as (...given: unknown[]) => unknown;
  return run(normalizationSteps(preprocessing.normalization), preprocessing, text);
}

describe('the written program', () => {
  it.each([
    ['characters and n-grams', characters],
    ['pieces of words', pieces],
  ])('makes the same ids of a text: %s', (_what, preprocessing) => {
    for (const text of [
      'سلام',
      'سل\u0640ا\u064Eم \u0643تاب\u200C\u200Cه\u064A 12 ،A',
      '\uFEB3\uFEFC\uFEE1 دنیا',
      'سلام می بینم\nامین ها 🙂 👩\u200D💻',
      'ا'.repeat(100),
      '',
    ]) {
      expect(written(preprocessing, text), text).toEqual([...encodeTexts(preprocessing, [text])]);
    }
  });
});
