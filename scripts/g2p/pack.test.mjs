import { describe, expect, it } from 'vitest';
import { distance, errorRates } from './measure.mjs';
import { packedRows } from './lexicon.mjs';
import { halfBits, halve } from './pack.mjs';

describe('half precision', () => {
  it.each([
    [0, 0],
    [-0, 0x8000],
    [1, 0x3c00],
    [-2, 0xc000],
    [65504, 0x7bff],
    [2 ** -24, 1],
    [2 ** -14, 0x400],
    [2 ** -14 - 2 ** -25, 0x400],
    [1 / 3, 0x3555],
    [2047.5, 0x6800],
    [1 + 2 ** -11, 0x3c00],
    [1 + 3 * 2 ** -11, 0x3c02],
  ])('%d is 0x%s', (value, bits) => {
    expect(halfBits(value)).toBe(bits);
  });

  it('refuses what does not fit, and other types than float32', () => {
    expect(() => halfBits(70_000)).toThrow('no half-precision number');
    expect(() => halfBits(NaN)).toThrow('no half-precision number');
    const manifest = (dtype) => ({ weightsManifest: [{ weights: [{ name: 'w', shape: [1], dtype }] }] });
    expect(() => halve(manifest('int32'), new Uint8Array(4))).toThrow('w is int32');
    const { modelJson, weights } = halve(manifest('float32'), new Uint8Array(new Float32Array([1]).buffer));
    expect([...weights]).toEqual([0, 0x3c]);
    expect(modelJson.weightsManifest[0].weights[0].quantization).toEqual({ dtype: 'float16' });
  });
});

describe('error rates', () => {
  it('count edits and words', () => {
    expect(distance(['a', 'b', 'c'], ['b', 'c', 'd'])).toBe(2);
    expect(distance([], ['a'])).toBe(1);
    const lexicon = [{ phonemes: ['a', 'b'] }, { phonemes: ['c', 'd'] }];
    expect(errorRates(lexicon, [['a', 'b'], ['c']])).toEqual({ per: 1 / 4, wer: 1 / 2 });
  });
});

it('packs a lexicon: one row a word, without joiners, the first pronunciation, sorted', () => {
  const text = 'می\u200cروم\tm iː ɾ æ v æ m\r\nآب\tɒː b\nمیروم\tx\n\nبد\t \n';
  expect(packedRows(text, '\u200c')).toEqual(['آب\tɒː b', 'میروم\tm iː ɾ æ v æ m']);
});
