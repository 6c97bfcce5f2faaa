import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { gpt2TokenizerJson } from './gpt2Files';
import { Tokenizer } from './tokenizer';

const folder = path.resolve(import.meta.dirname, '../../tests/goldens/data/gpt2');
const text = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
const json = (name: string): unknown => JSON.parse(text(name));

it('cuts texts from vocab.json and merges.txt as from tokenizer.json', () => {
  const whole = Tokenizer.fromJson(json('tokenizer.json'), json('tokenizer_config.json'));
  const parts = Tokenizer.fromJson(
    gpt2TokenizerJson(json('vocab.json'), text('merges.txt'), json('special_tokens_map.json')),
  );
  for (const line of ['من هر روز به', 'می\u200cروم  ۱۲۳؟', 'a<|endoftext|>b</s>', '😀\n\n x', '']) {
    const { ids } = whole.encode(line, { special: true });
    expect(parts.encode(line, { special: true }).ids).toEqual(ids);
    expect(parts.decode(ids, { special: false })).toBe(whole.decode(ids, { special: false }));
  }
});

it('refuses files that are none', () => {
  expect(() => gpt2TokenizerJson({ a: 'b' }, '')).toThrow(/vocab\.json/);
  expect(() => gpt2TokenizerJson({ a: 1 }, 'a b c')).toThrow(/merges\.txt/);
});
