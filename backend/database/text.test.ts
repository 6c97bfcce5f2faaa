import { describe, expect, it } from 'vitest';
import { cleanParams, cleanText, toJson } from './text';

describe('cleanText', () => {
  it.each([
    ['plain سلام 🎙', 'plain سلام 🎙'],
    ['a\0b', 'a\uFFFDb'],
    ['\uD800', '\uFFFD'],
    ['\uDC00x', '\uFFFDx'],
    ['🎙\uD83C', '🎙\uFFFD'],
  ])('makes %j storable', (text, expected) => {
    expect(cleanText(text)).toBe(expected);
    expect(Buffer.from(cleanText(text)).toString()).toBe(expected);
  });
});

describe('toJson', () => {
  it('cleans values and keys at every depth and leaves the rest alone', () => {
    const value = { a: [1, null, { 'k\0': 'v\0' }], s: '\\u0000', n: -0.5 };
    expect(JSON.parse(toJson(value))).toEqual({
      a: [1, null, { 'k\uFFFD': 'v\uFFFD' }],
      s: '\\u0000',
      n: -0.5,
    });
    expect(value.a[2]).toEqual({ 'k\0': 'v\0' });
  });
});

describe('cleanParams', () => {
  it('cleans strings, also in arrays', () => {
    const at = new Date(0);
    expect(cleanParams(['\0', 1, null, undefined, at, ['\0', ['\0']]])).toEqual([
      '\uFFFD',
      1,
      null,
      undefined,
      at,
      ['\uFFFD', ['\uFFFD']],
    ]);
  });
});
