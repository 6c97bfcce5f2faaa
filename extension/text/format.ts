/** Figures in the words of the interface: bytes, rates, times, dates. Persian digits and Jalali dates in Persian. */
import { language, t } from './translate';

const locales = { en: 'en-GB', fa: 'fa-IR-u-ca-persian-nu-arabext' } as const;

export function formatNumber(value: number, maximumFractionDigits = 0, minimumFractionDigits = 0): string {
  return new Intl.NumberFormat(locales[language()], {
    maximumFractionDigits,
    minimumFractionDigits,
  }).format(value);
}

/** A metric: three significant digits after the point where it is small, exponent where it is tiny. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size > 0 && size < 0.001) return value.toExponential(1);
  return formatNumber(value, size < 1 ? 3 : size < 100 ? 2 : 0);
}

/** Decimal units: `512 B`, `12 KB`, `0.4 MB`, `3.0 MB`, `145 MB`, `2.6 GB`. */
export function formatBytes(count: number): string {
  if (count < 1000) return t('{0} B', formatNumber(count));
  if (count < 1e5) return t('{0} KB', formatNumber(count / 1e3));
  const megabytes = count / 1e6;
  const decimals = megabytes < 99.95 ? 1 : 0;
  if (megabytes < 999.5) return t('{0} MB', formatNumber(megabytes, decimals, decimals));
  return t('{0} GB', formatNumber(count / 1e9, 1, 1));
}

export function formatRate(bytesPerSecond: number): string {
  return t('{0}/s', formatBytes(bytesPerSecond));
}

export function formatPercent(share: number): string {
  return t('{0} %', formatNumber(Math.floor(Math.min(1, Math.max(0, share)) * 100)));
}

/** `40 s`, `2 min`, `1 h 5 min`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t('{0} s', formatNumber(whole));
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return t('{0} min', formatNumber(minutes));
  const rest = minutes % 60;
  const hours = t('{0} h', formatNumber(Math.floor(minutes / 60)));
  return rest === 0 ? hours : `${hours} ${t('{0} min', formatNumber(rest))}`;
}

export function formatTimeLeft(seconds: number): string {
  return t('{0} left', formatDuration(seconds));
}

/** `now`, `5 minutes ago`, `3 days ago`, then the date. */
export function formatAge(iso: string, now: number): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const relative = new Intl.RelativeTimeFormat(locales[language()], { numeric: 'auto' });
  const age = Math.abs(seconds);
  if (age < 60) return relative.format(0, 'second');
  if (age < 3600) return relative.format(Math.round(seconds / 60), 'minute');
  if (age < 86_400) return relative.format(Math.round(seconds / 3600), 'hour');
  if (age < 14 * 86_400) return relative.format(Math.round(seconds / 86_400), 'day');
  return new Intl.DateTimeFormat(locales[language()], { dateStyle: 'medium' }).format(new Date(iso));
}

export function formatDateTime(iso: string): string {
  return new Intl.DateTimeFormat(locales[language()], { dateStyle: 'medium', timeStyle: 'short' }).format(
    new Date(iso),
  );
}

/** Large counts in short: `12K`, `3.4M`. */
export function formatCount(value: number): string {
  return new Intl.NumberFormat(locales[language()], {
    notation: 'compact',
    maximumFractionDigits: 1,
  }).format(value);
}
