import { describe, expect, it } from 'vitest';
import { filesToRunAgain, passedOnlyAgain, withSecondRun } from './secondRun.mjs';

const file = (name, ...tests) => ({
  name,
  status: tests.length > 0 && tests.every(([, status]) => status === 'passed') ? 'passed' : 'failed',
  assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
});
const first = {
  testResults: [
    file('a', ['opens', 'passed']),
    file('b', ['reads', 'failed'], ['writes', 'failed']),
    file('c'),
  ],
};
const second = {
  testResults: [file('b', ['reads', 'passed'], ['writes', 'failed']), file('c', ['x', 'passed'])],
};

describe('a second run', () => {
  it('is for few failed files', () => {
    expect(filesToRunAgain(first)).toEqual(['b', 'c']);
    expect(filesToRunAgain({ testResults: [file('a', ['opens', 'passed'])] })).toEqual([]);
    expect(filesToRunAgain({ testResults: [file('a'), file('b'), file('c')] })).toEqual([]);
  });

  it('takes the place of the first for its files, and what fails again stays failed', () => {
    expect(withSecondRun(first, second).testResults.map(({ name, status }) => [name, status])).toEqual([
      ['a', 'passed'],
      ['b', 'failed'],
      ['c', 'passed'],
    ]);
  });

  it('names what passed only then', () => {
    expect(passedOnlyAgain(first, second)).toEqual(['b > reads', 'c']);
  });
});
