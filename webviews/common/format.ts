/** Numbers, times and sizes in words of the interface's language. Persian gets Persian digits and Jalali dates. */
import type { Translate } from './i18n/translate';

export type Language = 'en' | 'fa';

export interface Format {
  /** A metric or a share: `digits` significant ones, 4 unless told. */
  number(value: number, digits?: number): string;
  integer(value: number): string;
  percent(share: number, digits?: number): string;
  bytes(count: number): string;
  /** `1 h 4 min`, `2 min 10 s`, `8 s`, `0.35 s`. */
  duration(seconds: number): string;
  milliseconds(ms: number): string;
  /** A position in a recording: `1:02.345`. */
  clock(seconds: number, decimals?: number): string;
  dateTime(iso: string): string;
  hertz(value: number): string;
  decibels(value: number): string;
}

const locales = { en: 'en-GB', fa: 'fa-IR-u-ca-persian-nu-arabext' } as const;

export function createFormat(language: Language, t: Translate): Format {
  const locale = locales[language];
  const cache = new Map<string, Intl.NumberFormat>();
  const numbers = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
    const key = JSON.stringify(options);
    const made = cache.get(key) ?? new Intl.NumberFormat(locale, options);
    cache.set(key, made);
    return made;
  };
  const integers = numbers({ maximumFractionDigits: 0 });
  const fixed = (value: number, decimals: number): string =>
    isolateSign(numbers({ minimumFractionDigits: decimals, maximumFractionDigits: decimals }).format(value));
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  const digits = (value: number, width: number): string =>
    numbers({ minimumIntegerDigits: width, useGrouping: false, maximumFractionDigits: 0 }).format(value);

  const number = (value: number, significant = 4): string => {
    if (!Number.isFinite(value)) return notFinite(value);
    const size = Math.abs(value);
    if (size !== 0 && (size < 1e-5 || size >= 1e7))
      return isolateSign(numbers({ notation: 'scientific', maximumFractionDigits: 2 }).format(value));
    return isolateSign(numbers({ maximumSignificantDigits: significant }).format(value));
  };

  return {
    number,
    integer: (value) => integers.format(value),
    percent: (share, decimals = 1) =>
      numbers({ style: 'percent', maximumFractionDigits: decimals }).format(share),
    bytes: (count) => {
      if (count < 1e6) return t('unit.kilobytes', { n: fixed(count / 1e3, 1) });
      if (count < 1e9) return t('unit.megabytes', { n: fixed(count / 1e6, 1) });
      return t('unit.gigabytes', { n: fixed(count / 1e9, 1) });
    },
    duration: (seconds) => duration(seconds, t, integers, number),
    milliseconds: (ms) =>
      t('unit.milliseconds', { n: ms < 10 ? fixed(ms, 1) : integers.format(Math.round(ms)) }),
    clock: (seconds, decimals = 3) => {
      const unit = 10 ** decimals;
      const total = Math.round(Math.max(0, seconds) * unit);
      const hours = Math.floor(total / (3600 * unit));
      const minutes = Math.floor(total / (60 * unit)) % 60;
      const rest = Math.floor(total / unit) % 60;
      const head = hours > 0 ? `${digits(hours, 1)}:${digits(minutes, 2)}` : digits(minutes, 1);
      const tail = decimals > 0 ? `${language === 'fa' ? '٫' : '.'}${digits(total % unit, decimals)}` : '';
      return `${head}:${digits(rest, 2)}${tail}`;
    },
    dateTime: (iso) => dates.format(new Date(iso)),
    hertz: (value) => t('unit.hertz', { n: integers.format(value) }),
    decibels: (value) =>
      t('unit.decibels', { n: Number.isFinite(value) ? fixed(value, 1) : notFinite(value) }),
  };
}

/** Persian numbers with a sign begin with a mark that would turn the words around them: isolated, they do not. */
function isolateSign(number: string): string {
  return number.startsWith('\u200e') ? `\u2066${number.slice(1)}\u2069` : number;
}

function notFinite(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '−∞';
}

function duration(
  seconds: number,
  t: Translate,
  integers: Intl.NumberFormat,
  number: (value: number, significant?: number) => string,
): string {
  if (seconds < 10) return t('unit.seconds', { n: number(Math.max(0, seconds), 2) });
  const whole = Math.round(seconds);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  const rest = whole % 60;
  const parts: string[] = [];
  if (hours > 0) parts.push(t('unit.hours', { n: integers.format(hours) }));
  if (minutes > 0) parts.push(t('unit.minutes', { n: integers.format(minutes) }));
  if (hours === 0 && (rest > 0 || minutes === 0)) parts.push(t('unit.seconds', { n: integers.format(rest) }));
  return parts.join(' ');
}
