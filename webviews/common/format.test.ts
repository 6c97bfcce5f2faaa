import { describe, expect, it } from 'vitest';
import { createFormat } from './format';
import { translator } from './i18n/translate';

const en = createFormat('en', translator('en'));
const fa = createFormat('fa', translator('fa'));

describe('numbers', () => {
  it('keep four significant digits, whatever their size', () => {
    expect([0, 0.12345, 1.5, 123456, 0.00012, -3.14159].map((n) => en.number(n))).toEqual([
      '0',
      '0.1235',
      '1.5',
      '123,500',
      '0.00012',
      '-3.142',
    ]);
    expect(en.number(1.2e-7)).toBe('1.2E-7');
    expect([NaN, Infinity, -Infinity].map((n) => en.number(n))).toEqual(['NaN', '∞', '−∞']);
  });

  it('are Persian in a Persian interface, and a sign does not turn the words around it', () => {
    expect(fa.number(0.96)).toBe('۰٫۹۶');
    expect(fa.percent(0.967)).toBe('۹۶٫۷٪');
    expect(fa.decibels(-8.4)).toBe('\u2066−۸٫۴\u2069 دسی‌بل');
  });
});

it('says sizes with one decimal', () => {
  expect([0, 1536, 2_500_000, 145_000_000, 3.2e9].map((n) => en.bytes(n))).toEqual([
    '0.0 kB',
    '1.5 kB',
    '2.5 MB',
    '145.0 MB',
    '3.2 GB',
  ]);
  expect(fa.bytes(2_500_000)).toBe('۲٫۵ مگابایت');
});

it('says durations in two units at most', () => {
  expect([0.35, 8, 59.6, 60, 130, 3600, 3840, -1].map((s) => en.duration(s))).toEqual([
    '0.35 s',
    '8 s',
    '1 min',
    '1 min',
    '2 min 10 s',
    '1 h',
    '1 h 4 min',
    '0 s',
  ]);
});

it('shows positions as a clock, rounding up into the next unit', () => {
  expect([0, 62.345, 3661.5, 59.9996].map((s) => en.clock(s))).toEqual([
    '0:00.000',
    '1:02.345',
    '1:01:01.500',
    '1:00.000',
  ]);
  expect(en.clock(75, 0)).toBe('1:15');
  expect(fa.clock(62.5, 1)).toBe('۱:۰۲٫۵');
});

it('dates Persian interfaces by the Jalali calendar', () => {
  expect(fa.dateTime('2026-03-21T12:00:00Z')).toContain('۱۴۰۵');
  expect(en.dateTime('2026-03-21T12:00:00Z')).toContain('2026');
});
