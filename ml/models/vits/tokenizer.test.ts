import { describe, expect, it } from 'vitest';
import { VitsTokenizer } from './tokenizer';

const vocabulary = { ب: 0, م: 1, س: 2, ' ': 3, ا: 4 };

describe('the tokenizer of VITS', () => {
  it('puts blanks, which are id 0, around each letter', () => {
    const tokenizer = VitsTokenizer.fromFiles({ vocabulary, config: { phonemize: false, pad_token: '_' } });
    expect(tokenizer.encode('سم')).toEqual([0, 2, 0, 1, 0]);
    expect(tokenizer.encode('ب')).toEqual([0, 0, 0]);
  });

  it('cuts the text at the pad token first, which is a letter in MMS: fewer blanks there', () => {
    const config = { phonemize: false, pad_token: 'م' };
    const tokenizer = VitsTokenizer.fromFiles({ vocabulary, config });
    expect(tokenizer.encode('سما')).toEqual([0, 2, 0, 1, 0, 4, 0]);
    expect(tokenizer.encode('ممس')).toEqual([1, 1, 0, 2, 0]);
  });

  it('drops what the vocabulary lacks, outer spaces and the names of special tokens', () => {
    const tokenizer = VitsTokenizer.fromFiles({ vocabulary, config: { phonemize: false } });
    expect(tokenizer.normalize(' سx\u200c  ا<unk>\n')).toBe('س  ا');
    expect(tokenizer.encode('x<pad>')).toEqual([]);
  });

  it('takes the ids of added tokens from either file', () => {
    const files = { vocabulary, config: { phonemize: false, normalize: false, add_blank: false } };
    const older = VitsTokenizer.fromFiles({ ...files, added: { '<x>': 7 } });
    const newer = VitsTokenizer.fromFiles({
      ...files,
      config: { ...files.config, added_tokens_decoder: { '7': { content: '<x>' } } },
    });
    for (const tokenizer of [older, newer]) expect(tokenizer.encode('س<x>ا')).toEqual([2, 7, 4]);
  });

  it('refuses a character without an id, and files of another form', () => {
    const tokenizer = VitsTokenizer.fromFiles({ vocabulary, config: { phonemize: false, normalize: false } });
    expect(() => tokenizer.encode('x')).toThrow(/does not know the character "x"/);
    expect(() => VitsTokenizer.fromFiles({ vocabulary: { a: 'b' } })).toThrow(/vocab\.json/);
  });
});
