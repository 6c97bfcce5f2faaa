import { numeral, reading, readings } from './reading';

const names: Readonly<Record<string, string>> = {
  $: 'دلار',
  '€': 'یورو',
  '£': 'پوند',
  '¥': 'ین',
  '₽': 'روبل',
  '₺': 'لیر',
  '₹': 'روپیه',
  '₩': 'وون',
  '₿': 'بیت\u200Cکوین',
  '﷼': 'ریال',
  '฿': 'بات',
  '¢': 'سنت',
  USD: 'دلار',
  EUR: 'یورو',
  GBP: 'پوند',
  JPY: 'ین',
  CNY: 'یوان',
  RUB: 'روبل',
  TRY: 'لیر',
  INR: 'روپیه',
  AED: 'درهم',
  IQD: 'دینار',
  KWD: 'دینار',
  CHF: 'فرانک',
  CAD: 'دلار کانادا',
  AUD: 'دلار استرالیا',
  IRR: 'ریال',
  IRT: 'تومان',
  BTC: 'بیت\u200Cکوین',
  USDT: 'تتر',
};
const hundredths: Readonly<Record<string, string>> = { دلار: 'سنت', یورو: 'سنت', پوند: 'پنس' };
const scales: Readonly<Record<string, string>> = {
  k: 'هزار',
  thousand: 'هزار',
  m: 'میلیون',
  million: 'میلیون',
  b: 'میلیارد',
  bn: 'میلیارد',
  billion: 'میلیارد',
  t: 'تریلیون',
  trillion: 'تریلیون',
};

const sign = '[$€£¥₽₺₹₩₿﷼฿¢]';
const isoCode = Object.keys(names)
  .filter((name) => /^[A-Z]/.test(name))
  .join('|');
const scale =
  '(?: ?(?<scale>هزار|میلیون|میلیارد|تریلیون|thousand|million|billion|trillion)|(?<short>[KkMmBT]|bn)(?![A-Za-z]))?';
/** A number that is to be read later, and what it counts. */
function amount(n: string, found: string | undefined, currency: string): string {
  const of = found === undefined ? '' : `${scales[found.toLowerCase()] ?? found} `;
  const cents = /^([\d,\u066C]+)[.\u066B](\d\d)$/.exec(n);
  const part = hundredths[currency];
  if (of === '' && part !== undefined && cents !== null && cents[2] !== '00')
    return `${cents[1] ?? ''} ${currency} و ${Number(cents[2])} ${part}`;
  const plain = cents?.[2] === '00' ? (cents[1] ?? n) : n;
  return `${plain} ${of}${currency}`;
}

/** $12.50, € 5 million, USD 300 */
export const currencyBefore = reading(
  new RegExp(
    `(?<minus>[-−])?(?:(?<s>${sign})|\\b(?<c>${isoCode})) ?(?<minus2>[-−])?(?<n>${numeral})${scale}`,
    'gu',
  ),
  ({ s, c, n = '', scale: long, short, minus, minus2 }) =>
    `${(minus ?? minus2) === undefined ? '' : 'منفی '}${amount(n, long ?? short, names[s ?? c ?? ''] ?? '')}`,
);

/** ۱۲٫۵ میلیون $, 300 EUR */
export const currencyAfter = reading(
  new RegExp(`(?<![\\d.,])(?<n>${numeral})${scale} ?(?:(?<s>${sign})|(?<c>${isoCode})\\b)`, 'gu'),
  ({ s, c, n = '', scale: long, short }) => amount(n, long ?? short, names[s ?? c ?? ''] ?? ''),
);

/** 10K, 5M, 2B: only where the letter touches the number. */
export const shortScale = reading(
  new RegExp(`(?<![\\w.])(?<n>${numeral})(?<short>[KkMB]|bn)(?![\\w²³/])`, 'gu'),
  ({ n = '', short = '' }) => {
    if (/^[248]$/.test(n) && short === 'K') return `${n} کی`;
    return `${n} ${scales[short.toLowerCase()] ?? ''}`;
  },
);

export const money = readings([currencyBefore, currencyAfter, shortScale]);
