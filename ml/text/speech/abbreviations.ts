/** What Persian shortens: eras, pages, titles, blessings, and letters with points. */
import { letters, wordStart } from '../letterClasses';
import { letterNames } from './letterNames';
import { reading, readings } from './reading';

const point = '\\. ?';
const ended = `(?![${letters}])`;
const short = (first: string, second: string): string => `${wordStart}${first}${point}${second}\\.?${ended}`;

/** ه.ش., ق.م., ق.ظ */
export const eras = readings(
  [
    [`${wordStart}ه\u200D?${point}ش\\.?${ended}`, 'هجری شمسی'],
    [`${wordStart}ه\u200D?${point}ق\\.?${ended}`, 'هجری قمری'],
    [short('ق', 'م'), 'قبل از میلاد'],
    [short('پ', 'م'), 'پیش از میلاد'],
    [short('ب', 'م'), 'بعد از میلاد'],
    [short('ق', 'ظ'), 'قبل از ظهر'],
    [short('ب', 'ظ'), 'بعد از ظهر'],
    [short('ر', 'ک'), 'رجوع کنید'],
    [short('ج', `ا${point}ا`), 'جمهوری اسلامی ایران'],
  ].map(([pattern = '', words = '']) =>
    reading(new RegExp(pattern, 'gu'), (_, place) => words + stopAfter(place.match, place.after(3))),
  ),
);

/** The last point of an abbreviation ends the sentence too where nothing or a new line follows. */
function stopAfter(match: string, after: string): string {
  return match.endsWith('.') && /^\s*(?:$|\n)/.test(after) ? '.' : '';
}

/** ۶۵۱ م., ۲۰۲۳م, ۱۴۰۲ ش.: eras of one letter, after a year. */
export const erasAfterYears = reading(
  new RegExp(`(?<=(?<!\\d)\\d{3,4} ?)(?<e>م|ش|ق)(?:\\.(?=\\s*(?<last>$|\\n)?))?${ended}`, 'gu'),
  ({ e = '', last }, place) => {
    const era = { م: 'میلادی', ش: 'شمسی', ق: 'قمری' }[e] ?? '';
    return era + (last !== undefined && place.match.endsWith('.') ? '.' : '');
  },
);

/** ص ۱۲, صص. ۵–۷, ج. ۲, ش ۱۴ */
export const references = reading(
  new RegExp(`${wordStart}(?<r>صص|ص|ج|ش)\\.? ?(?=\\d)`, 'gu'),
  ({ r = '' }) => ({ صص: 'صفحات', ص: 'صفحه', ج: 'جلد', ش: 'شماره' })[r],
);

/** (ص), (ع), (عج): said after the names of the holy. */
export const blessings = reading(
  /\((?<b>ص|ع|س|عج|ره|رض|قدس سره)\)/gu,
  ({ b = '' }) =>
    ({
      ص: 'صلی الله علیه و آله',
      ع: 'علیه السلام',
      س: 'سلام الله علیها',
      عج: 'عجل الله تعالی فرجه',
      ره: 'رحمت الله علیه',
      رض: 'رضی الله عنه',
    })[b],
);

/** د. احمدی, م. رضایی: a doctor, or the first letter of a name. */
export const initials = reading(
  new RegExp(`${wordStart}(?<i>[آ-ی])\\. ?(?=[${letters}]{2})`, 'gu'),
  ({ i = '' }, place) => {
    const before = place.before(8);
    if (i === 'د' && !/(?:دکتر|استاد|آقای|خانم) $|\. ?$/u.test(before)) return 'دکتر';
    return letterNames[i];
  },
);

/** ک.م.م: letters with points are said by their names. */
export const dottedLetters = reading(
  new RegExp(`${wordStart}(?<all>[آ-ی](?:\\. ?[آ-ی]){1,6})\\.?${ended}`, 'gu'),
  ({ all = '' }, place) =>
    all
      .split(/\. ?/)
      .map((letter) => letterNames[letter] ?? '')
      .join(' ') + stopAfter(place.match, place.after(3)),
);

export const abbreviations = readings([blessings, eras, erasAfterYears, references, dottedLetters, initials]);
