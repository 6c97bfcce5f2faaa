import { describe, expect, it } from 'vitest';
import { filterPaths, matchesPattern } from './patterns';
import { exactPattern, patternsFor } from '../../protocol/model/patterns';

describe('patterns', () => {
  it.each([
    ['sub/deep/model.bin', '*.bin', true],
    ['model.bin', '*.BIN', false],
    ['data/sub/x.json', 'data/*.json', true],
    ['data/x.json', 'data/', true],
    ['data', 'data/', false],
    ['a/b', 'a\\b', true],
    ['model-1.bin', 'model-?.bin', true],
    ['model-12.bin', 'model-?.bin', false],
    ['m3', 'm[0-9]', true],
    ['mx', 'm[0-9]', false],
    ['mx', 'm[!0-9]', true],
    ['m]', 'm[]]', true],
    ['m[x', 'm[x', true],
    ['ma', 'm[z-a]', false],
    ['a.b+c', 'a.b+c', true],
    ['axb+c', 'a.b+c', false],
    ['anything/at/all', '**', true],
    ['صدا/نمونه.wav', 'صدا/*', true],
  ])('%s against %s: %s', (path, pattern, expected) => {
    expect(matchesPattern(path, pattern)).toBe(expected);
  });

  it('includes, then excludes', () => {
    const files = ['a.bin', 'a.json', 'sub/b.bin'].map((path) => ({ path }));
    expect(filterPaths(files, ['*.bin'], ['sub/*'])).toEqual([{ path: 'a.bin' }]);
    expect(filterPaths(files, undefined, ['*.bin'])).toEqual([{ path: 'a.json' }]);
    expect(filterPaths(files, [], undefined)).toHaveLength(3);
  });

  it('does not choke on hostile patterns', () => {
    const start = performance.now();
    matchesPattern('a'.repeat(200), `${'**/'.repeat(5)}${'*a'.repeat(5)}*!`);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

it.each([
  'plain.bin',
  'a*b.bin',
  'what?.txt',
  'set[1-9].bin',
  '[',
  'a]b',
  '[!x]',
  'تست [۱].onnx',
  'deep/er/*.x',
])('the exact pattern of %j matches it and nothing like it', (path) => {
  const pattern = exactPattern(path);
  expect(matchesPattern(path, pattern)).toBe(true);
  for (const other of [`${path}x`, `x${path}`, path.replaceAll(/[*?[]/g, 'z'), path.replace('1-9', '5')])
    if (other !== path) expect(matchesPattern(other, pattern), other).toBe(false);
});

it('everything is a star, and nothing is no pattern', () => {
  expect(patternsFor(['a', 'b'], ['a', 'b'])).toEqual(['*']);
  expect(patternsFor(['a'], ['a', 'b'])).toEqual(['a']);
  expect(patternsFor([], ['a'])).toBeUndefined();
});
