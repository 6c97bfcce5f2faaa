import { describe, expect, it } from 'vitest';
import { seededRandom } from './random';
import { TextStream } from './textStream';

/** A token is a byte. */
const decode = (ids: readonly number[]): string => new TextDecoder().decode(Uint8Array.from(ids));
const pieces = (text: string, stops: readonly string[] = []): { pieces: string[]; stream: TextStream } => {
  const stream = new TextStream({ decode, stops });
  const given = [...new TextEncoder().encode(text)].map((byte) => stream.push(byte));
  return { pieces: [...given, stream.end()].filter((piece) => piece !== ''), stream };
};

describe('text of tokens as they come', () => {
  it('gives letters when all their bytes are there', () => {
    expect(pieces('سa😀').pieces).toEqual(['س', 'a', '😀']);
  });

  it('gives broken bytes at the end, as the decoder writes them', () => {
    const stream = new TextStream({ decode });
    expect([stream.push(0x61), stream.push(0xd8), stream.end()]).toEqual(['a', '', '\uFFFD']);
    expect(stream.text).toBe('a\uFFFD');
  });

  it('ends before the first stop, and gives nothing of one that is only begun', () => {
    const { pieces: given, stream } = pieces('abxyabcd', ['abc', 'd']);
    expect(given).toEqual(['abx', 'y']);
    expect([stream.text, stream.stopped]).toEqual(['abxy', true]);
    expect(pieces('ab', ['abc']).stream.text).toBe('ab');
    expect(pieces('aab', ['aab', 'ab']).stream.text).toBe('');
    expect(pieces('ab', ['']).stream.stopped).toBe(false);
  });
});

it('draws the same numbers for the same seed', () => {
  const drawn = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 1000 }, random);
  };
  expect(drawn(7)).toEqual(drawn(7));
  expect(drawn(7)).not.toEqual(drawn(8));
  const mean = drawn(7).reduce((sum, x) => sum + x, 0) / 1000;
  expect(mean).toBeCloseTo(0.5, 1);
  expect(drawn(-1).every((x) => x >= 0 && x < 1)).toBe(true);
});
