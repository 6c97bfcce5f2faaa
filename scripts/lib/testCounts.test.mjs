import { describe, expect, it } from 'vitest';
import { closingLine, countTests } from './testCounts.mjs';

describe('countTests', () => {
  it('counts tests by state and a broken file as one failure', () => {
    const report = {
      testResults: [
        { status: 'passed', assertionResults: [{ status: 'passed' }, { status: 'pending' }] },
        { status: 'failed', assertionResults: [{ status: 'passed' }, { status: 'failed' }] },
        { status: 'failed', assertionResults: [] },
      ],
    };
    expect(countTests(report)).toEqual({ passed: 2, failed: 2, skipped: 1 });
  });
});

describe('closingLine', () => {
  it('names skipped tests only when there are some', () => {
    expect(closingLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed');
    expect(closingLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped');
  });
});
