import { afterEach, describe, expect, it } from 'vitest';
import { bytesOf } from './amounts';
import { figure, listed, say, sayIn, sentences, useLanguage } from './say';

afterEach(() => useLanguage('en'));

const own = sayIn({ '{0} has {1} lines.': '{1} خط در {0} است.' });

describe('say', () => {
  it('speaks English word for word unless the locale is Persian', async () => {
    for (const locale of [undefined, 'en', 'de-DE', 'fan', '']) {
      await useLanguage(locale);
      expect(say`${'a.csv'} does not exist. Check the path.`).toBe('a.csv does not exist. Check the path.');
      expect(own`${'a.csv'} has ${1234} lines.`).toBe('a.csv has 1234 lines.');
      expect(sentences('One.', '', undefined, 'Two.')).toBe('One. Two.');
      expect([listed(['a', 2]), listed(['a', 'b'], ';'), figure(2, 1)]).toEqual(['a, 2', 'a; b', '2.0']);
      expect(bytesOf(2_450_000_000)).toBe('2.5 GB');
    }
  });

  it('speaks Persian from right to left, with names kept as they are and Persian digits', async () => {
    for (const locale of ['fa', 'fa-IR', 'fa_IR.UTF-8']) {
      await useLanguage(locale);
      expect(own`${'a.csv'} has ${1234} lines.`).toBe('\u2067۱٬۲۳۴ خط در \u2068a.csv\u2069 است.\u2069');
      expect(bytesOf(12_300_000)).toBe('\u2067۱۲٫۳ مگابایت\u2069');
    }
  });

  it('keeps what is said inside a sentence, or after another, in its own direction', async () => {
    await useLanguage('fa');
    const inner = own`${'b'} has ${2} lines.`;
    expect(own`${inner} has ${1} lines.`).toBe(`\u2067۱ خط در ${inner} است.\u2069`);
    expect(own`${`${inner}, ${inner}`} has ${1} lines.`).toContain(`\u2067${inner}, ${inner}\u2069`);
    expect(sentences(inner, '', inner)).toBe(`\u2067${inner} ${inner}\u2069`);
    expect(sentences('', undefined)).toBe('');
    expect(sentences(inner)).toBe(inner);
    expect(listed(['a', 3])).toBe('\u2067\u2068a\u2069، ۳\u2069');
  });

  it('leaves a sentence without Persian in English', async () => {
    await useLanguage('fa');
    expect(own`Nobody wrote this of ${'x'}.`).toBe('Nobody wrote this of x.');
  });
});
