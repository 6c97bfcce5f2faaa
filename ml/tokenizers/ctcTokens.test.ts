import { describe, expect, it } from 'vitest';
import { CtcTokens } from './ctcTokens';

const tokens = CtcTokens.fromJson(
  { س: 0, ل: 1, ا: 2, م: 3, _: 4, '<unk>': 5, '[PAD]': 6, '<s>': 7 },
  { pad_token: { content: '[PAD]' }, word_delimiter_token: '_', unk_token: '<unk>' },
);

describe('CtcTokens', () => {
  it('keeps double letters that a blank parts, with the frames of letters and words', () => {
    const { text, words, letters } = tokens.decode([6, 0, 6, 0, 0, 1, 2, 3, 6, 4, 4, 6, 3, 3]);
    expect(text).toBe('سسلام م');
    expect(words).toEqual([
      { text: 'سسلام', start: 1, end: 8 },
      { text: 'م', start: 12, end: 14 },
    ]);
    expect(letters[1]).toEqual({ text: 'س', start: 3, end: 5 });
    expect(tokens.blank).toBe(6);
  });

  it('leaves out what is no letter when asked to, after repeats are merged', () => {
    expect(tokens.decode([7, 0, 6, 0, 99]).text).toBe('<s>سس<unk>');
    expect(tokens.decode([7, 0, 6, 0, 99], { lettersOnly: true }).text).toBe('سس');
    expect(tokens.decode([0, 0, 1], { merge: false }).text).toBe('سسل');
    expect(tokens.encode('سلام x')).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('refuses files that are no vocabulary', () => {
    expect(() => CtcTokens.fromJson({ a: 'b' })).toThrow(expect.objectContaining({ code: 'model.corrupt' }));
  });
});
