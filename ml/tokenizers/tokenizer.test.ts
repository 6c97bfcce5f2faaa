import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Tokenizer as Library } from '@huggingface/tokenizers';
import { describe, expect, it } from 'vitest';
import { mendByteLevel } from './byteLevel';
import { Tokenizer } from './tokenizer';

const folder = path.resolve(import.meta.dirname, '../../tests/goldens/data/gpt2');
const json = (name: string): unknown => JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
const tokenizer = Tokenizer.fromJson(json('tokenizer.json'), json('tokenizer_config.json'));

describe('byte-level BPE', () => {
  it.each([
    ['half spaces and joined letters', 'می‌روم و می‌آیم'],
    ['Arabic letters', 'كتاب علي'],
    ['digits of three kinds', '۱۲۳ ١٢٣ 123'],
    ['marks', 'مُحَمَّد'],
    ['emoji of several parts', '👨‍👩‍👧 🏽'],
    ['white space of every kind', ' \u00a0\u0085\u2003\ufeff\t\n x '],
  ])('gives %s back as they were', (_name, text) => {
    expect(tokenizer.decode(tokenizer.encode(text).ids)).toBe(text);
  });

  it('takes a byte order mark for no space, and U+0085 for one, as the reference does', () => {
    const library = new Library(json('tokenizer.json') as object, {});
    const { pattern: original } = library.pre_tokenizer as unknown as { pattern: RegExp };
    mendByteLevel(library.pre_tokenizer);
    const { pattern } = library.pre_tokenizer as unknown as { pattern: RegExp };
    expect('x \ufeffy !\u0085!'.match(pattern)).toEqual(['x', ' \ufeff', 'y', ' !', '\u0085', '!']);
    const text = "I'll می‌روم  ۱۲ و x1!? \n\n \u00a0";
    expect(text.match(pattern)).toEqual(text.match(original));
  });

  it('keeps special tokens whole, and leaves them out when asked', () => {
    const { ids } = tokenizer.encode('<s>سلام</s>');
    expect([ids[0], ids.at(-1)]).toEqual([0, 2]);
    expect(tokenizer.decode(ids)).toBe('<s>سلام</s>');
    expect(tokenizer.decode(ids, { special: false })).toBe('سلام');
  });

  it('knows its tokens by both names', () => {
    expect(tokenizer.idOf('</s>')).toBe(2);
    expect(tokenizer.tokenOf(2)).toBe('</s>');
    expect(tokenizer.idOf('ندارد')).toBeUndefined();
    expect(tokenizer.decode([])).toBe('');
  });
});

it.each([null, [], 'text', {}, { model: { type: 'Unknown' } }])('refuses %j', (value) => {
  expect(() => Tokenizer.fromJson(value)).toThrow(/tokenizer\.json/);
});
