import { afterEach, describe, expect, it } from 'vitest';
import { isolate, joinParts } from './bidi';
import {
  formatAge,
  formatBytes,
  formatDuration,
  formatMetric,
  formatPercent,
  formatRate,
  formatTimeLeft,
} from './format';
import { resolveLanguage, t, useLanguage } from './translate';

afterEach(() => useLanguage('en', {}));

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [12_400, '12 KB'],
    [400_000, '0.4 MB'],
    [3_000_024, '3.0 MB'],
    [99_960_000, '100 MB'],
    [145_000_000, '145 MB'],
    [999_600_000, '1.0 GB'],
    [2_640_000_000, '2.6 GB'],
  ])('%d → %s', (count, text) => expect(formatBytes(count)).toBe(text));
});

describe('times and figures', () => {
  it('are short', () => {
    expect(formatDuration(40)).toBe('40 s');
    expect(formatTimeLeft(118)).toBe('2 min left');
    expect(formatDuration(3900)).toBe('1 h 5 min');
    expect(formatDuration(7200)).toBe('2 h');
    expect(formatRate(6_100_000)).toBe('6.1 MB/s');
    expect(formatPercent(0.999)).toBe('99 %');
    expect(formatPercent(7)).toBe('100 %');
    expect(formatMetric(0.97123)).toBe('0.971');
    expect(formatMetric(0.00002)).toBe('2.0e-5');
    expect(formatMetric(Number.NaN)).toBe('NaN');
  });

  it('are relative as long as that says something', () => {
    const now = Date.parse('2026-03-21T12:00:00Z');
    expect(formatAge('2026-03-21T11:59:50Z', now)).toBe('now');
    expect(formatAge('2026-03-21T11:55:00Z', now)).toBe('5 minutes ago');
    expect(formatAge('2026-03-18T12:00:00Z', now)).toBe('3 days ago');
    expect(formatAge('2026-01-01T12:00:00Z', now)).toBe('1 Jan 2026');
  });

  it('are Persian in Persian: digits, and dates of the Jalali calendar', () => {
    useLanguage('fa', { '{0} MB': '{0} مگابایت' });
    expect(formatBytes(3_000_000)).toBe('\u2067۳٫۰ مگابایت\u2069');
    expect(formatAge('2026-03-21T12:00:00Z', Date.parse('2027-01-01T00:00:00Z'))).toContain('۱۴۰۵');
  });
});

describe('t', () => {
  it('fills in places and falls back to English', () => {
    useLanguage('fa', { 'Hello {0}': 'درود {0}' });
    expect(t('Hello {0}', 'x')).toBe('\u2067درود \u2068x\u2069\u2069');
    useLanguage('en', {});
    expect(t('{0} of {1}', '1', '2')).toBe('1 of 2');
    expect(t('{0} and {1}', 'a')).toBe('a and {1}');
  });
});

describe('resolveLanguage', () => {
  it('follows the setting, then the operating system', () => {
    expect(resolveLanguage('fa', ['en_US.UTF-8'])).toBe('fa');
    expect(resolveLanguage('en', ['fa_IR.UTF-8'])).toBe('en');
    expect(resolveLanguage('auto', [undefined, '', 'fa_IR.UTF-8', 'en-US'])).toBe('fa');
    expect(resolveLanguage('auto', ['C', 'fa'])).toBe('fa');
    expect(resolveLanguage('auto', ['en_GB', 'fa'])).toBe('en');
    expect(resolveLanguage('auto', ['fao_FO'])).toBe('en');
    expect(resolveLanguage('auto', [])).toBe('en');
  });
});

describe('text of both directions', () => {
  it('is set apart only where it has to be', () => {
    expect(isolate('owner/voice')).toBe('owner/voice');
    expect(isolate('گویا')).toBe('\u2068گویا\u2069');
    expect(isolate('voice', 'مدل')).toBe('\u2068voice\u2069');
    expect(joinParts(['a', undefined, '', 'b'])).toBe('a · b');
    expect(joinParts(['دور ۷', 'tensorflow'])).toBe('\u2068دور ۷\u2069 · \u2068tensorflow\u2069');
  });
});
