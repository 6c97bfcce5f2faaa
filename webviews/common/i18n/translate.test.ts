import { describe, expect, it } from 'vitest';
import { en } from './en';
import { fa } from './fa';
import { isolate, translator } from './translate';

const keys = Object.keys(en) as (keyof typeof en)[];
const places = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();

describe('Persian', () => {
  it('has every string, with the same places', () => {
    for (const key of keys) expect([key, ...places(fa[key])]).toEqual([key, ...places(en[key])]);
    expect(Object.keys(fa).sort()).toEqual([...keys].sort());
  });

  it('is spelt with Persian letters and digits', () => {
    for (const key of keys) {
      // Arabic yeh, kaf and digits, and spaces beside a half space.
      expect(fa[key], key).not.toMatch(/[يك٠-٩]|\s\u200c|\u200c\s/);
      expect(fa[key].trim(), key).toBe(fa[key]);
    }
  });
});

it('fills places and leaves unknown ones to be seen', () => {
  const t = translator('en');
  expect(t('run.epoch', { n: '7', total: '30' })).toBe('epoch 7/30');
  expect(t('run.epoch', { n: '7' })).toBe('epoch 7/{total}');
  expect(isolate('سلام')).toBe('\u2068سلام\u2069');
});
