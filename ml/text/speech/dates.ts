/** Dates of the Jalali and the Gregorian calendar. */
import { cardinal } from '../numbers/cardinal';
import { group } from '../numbers/groups';
import { ordinal } from '../numbers/ordinal';
import { wordEnd, wordStart } from '../letterClasses';
import { reading, readings, type Reading } from './reading';
import { gregorianMonths, jalaliMonths, namedMonths } from './months';

const between = '(?:[\\d]|[/.-]\\d)';
const separator = ' ?(?<mark>[/.\\-]) ?';
const yearFirst = new RegExp(
  `(?<![\\d/.-])(?<y>\\d{4})${separator}(?<m>\\d{1,2}) ?\\k<mark> ?(?<d>\\d{1,2})(?!${between})`,
  'gu',
);
const yearLast = new RegExp(
  `(?<![\\d/.-])(?<d>\\d{1,2})${separator}(?<m>\\d{1,2}) ?\\k<mark> ?(?<y>\\d{4})(?!${between})`,
  'gu',
);
const shortYear = new RegExp(`(?<![\\d/.-])(?<y>\\d\\d)/(?<m>\\d\\d)/(?<d>\\d\\d)(?!${between})`, 'gu');
const yearAndMonth = /(?<![\d/.-])(?<y>1[34]\d\d)\/(?<m>0[1-9]|1[0-2])(?![\d]|[/.-]\d)/gu;

/** Undefined for a day that no calendar has. */
function sayDate(year: string, month: string, day: string): string | undefined {
  const [y, m, d] = [Number(year), Number(month), Number(day)];
  const jalali = y >= 1200 && y < 1500;
  if (!jalali && (y < 1500 || y > 2299)) return undefined;
  if (d < 1 || d > (jalali && m > 6 ? 30 : 31)) return undefined;
  const name = (jalali ? jalaliMonths : gregorianMonths)[m - 1];
  return name === undefined ? undefined : `${ordinal(day)} ${name} ${cardinal(year)}`;
}

/** ۱۴۰۲/۰۵/۱۲, 2023-05-12: the year first. */
export const datesYearFirst = reading(yearFirst, ({ y = '', m = '', d = '' }) => sayDate(y, m, d));

/** ۱۲/۵/۱۴۰۲, 12.05.2023: the year last; a month over 12 shows that the day comes second. */
export const datesYearLast = reading(
  yearLast,
  ({ y = '', m = '', d = '' }) => sayDate(y, m, d) ?? sayDate(y, d, m),
);

/** ۹۹/۱۲/۰۵: two digits each are a date of this or the last century, when the calendar has it. */
export const datesShortYear = reading(shortYear, ({ y = '', m = '', d = '' }) => {
  const known = sayDate(`${Number(y) < 50 ? '14' : '13'}${y}`, m, d);
  return known === undefined ? undefined : `${ordinal(d)} ${jalaliMonths[Number(m) - 1] ?? ''} ${group(y)}`;
});

/** ۱۴۰۲/۰۵ */
export const yearMonth = reading(
  yearAndMonth,
  ({ y = '', m = '' }) => `${jalaliMonths[Number(m) - 1] ?? ''} ${cardinal(y)}`,
);

/** 2023-05-12T14:30:00Z is read as a date and a time. */
export const isoDateTime: Reading = (text) =>
  text.replace(/(?<=\d{4}-\d\d-\d\d)T(?=\d\d:\d\d)/g, ' ساعت ').replace(/(?<=:\d\d)(?:\.\d+)?Z\b/g, '');

const month = `(?<month>${namedMonths})(?<word> ماه)?${wordEnd}`;
const dayOf = (name: string): string => `(?<${name}>[12]\\d|3[01]|0?[1-9])`;
const may = '(?! می(?! ?(?:$|[\\d.،؛؟!:)\\n]|سال|میلادی|ماه)))';
const dayBeforeMonth = new RegExp(
  `(?<![\\d.,/:\\u066B\\u066C])${dayOf('d')} ?(?:ام|اُم|م)?${may} ${month}`,
  'gu',
);
const daysBeforeMonth = new RegExp(
  `(?<![\\d.,/:\\u066B\\u066C])${dayOf('a')} ?(?<joint>تا|الی|و|یا|[-–]) ?${dayOf('b')}${may} ${month}`,
  'gu',
);

/** ۱۲ مرداد, ۵ می ۲۰۲۰: the day of a named month is an ordinal. */
export const dayOfMonth = reading(
  dayBeforeMonth,
  ({ d = '', month: name = '', word = '' }) => `${ordinal(d)} ${name}${word}`,
);

/** ۵ تا ۷ مرداد, ۱۲ و ۱۳ آبان */
export const daysOfMonth = reading(
  daysBeforeMonth,
  ({ a = '', b = '', joint = '', month: name, word = '' }) => {
    const spoken = /[-–]/.test(joint) ? 'تا' : joint;
    return `${ordinal(a)} ${spoken} ${ordinal(b)} ${name ?? ''}${word}`;
  },
);

const weekdays = ['', 'یک', 'دو', 'سه', 'چهار', 'پنج'] as const;

/** ۵شنبه, ۳ شنبه */
export const weekday = reading(
  new RegExp(`(?<!\\d)(?<n>[1-5]) ?شنبه${wordEnd}`, 'gu'),
  ({ n }) => `${weekdays[Number(n)] ?? ''}\u200Cشنبه`,
);

/** قرن ۱۹, سدهٔ ۲۰: said as an ordinal. */
export const century = reading(
  new RegExp(
    `${wordStart}(?<word>قرن|سده|سده\u200Cی|سده\u0654) (?<n>\\d{1,2})(?!\\d|[.,/]\\d|\u200C|م)`,
    'gu',
  ),
  ({ word = '', n = '' }) => `${word} ${ordinal(n)}`,
);

export const dates = readings([
  isoDateTime,
  datesYearFirst,
  datesYearLast,
  datesShortYear,
  yearMonth,
  daysOfMonth,
  dayOfMonth,
  weekday,
  century,
]);
