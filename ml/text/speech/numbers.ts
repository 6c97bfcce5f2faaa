/** Numbers that nothing else has read. */
import { decimal, whole } from '../numbers/decimal';
import { ordinal, ordinalBefore } from '../numbers/ordinal';
import { wordEnd } from '../letterClasses';
import { integer, reading, readings } from './reading';

/** ۱۲م, ۱۲ام, ۱۲اُمین, ۳مین */
export const ordinals = reading(
  new RegExp(`(?<![\\d.,/])(?<n>\\d{1,12}) ?(?<end>ا?مین|اُ?م|م)${wordEnd}`, 'gu'),
  ({ n = '', end = '' }, place) => {
    // «۱۲ م.» is a year of the common era.
    if (end === 'م' && place.match.includes(' ')) return undefined;
    return end.endsWith('ین') ? ordinalBefore(n) : ordinal(n);
  },
);

/** −۵, -12: a minus at the start of a word. */
export const negative = reading(/(?<![\p{L}\p{N})\]\u200C])[-−–](?=\d)/gu, () => 'منفی');
export const positive = reading(/(?<![\p{L}\p{N})\]\u200C+])\+(?=\d)/gu, () => 'مثبت');

/** ۱۰۰+ نفر */
export const moreThan = reading(
  new RegExp(`(?<![\\d.,])(?<n>${integer})\\+(?=\\s|$)`, 'gu'),
  ({ n = '' }) => `بیش از ${n}`,
);

/** 3.14, ۳٫۱۴ */
export const decimals = reading(
  new RegExp(`(?<![\\d.])(?<w>${integer})[.\\u066B](?<f>\\d+)(?!\\d|\\.\\d)`, 'gu'),
  ({ w = '', f = '' }) => decimal(w.replace(/\D/g, ''), f),
);

/** .5 */
export const bareDecimals = reading(/(?<![\p{L}\p{N}.])\.(?<f>\d+)(?![\d.])/gu, ({ f = '' }) =>
  decimal('0', f),
);

/** ۱٬۲۳۴٬۵۶۷, ۱۴۰۳, ۰۰۷ */
export const wholes = reading(new RegExp(`(?<n>${integer})`, 'gu'), ({ n = '' }) =>
  whole(n.replace(/\D/g, '')),
);

/** ۳.۱.۲, 192.168.1.1: said with the points. */
export const dotted = reading(/(?<![\d.])v?(?<n>\d+(?:\.\d+){2,7})(?!\d|\.\d)/gu, ({ n = '' }, place) => {
  const words = n
    .split('.')
    .map((part) => whole(part))
    .join(' نقطه ');
  return place.match.startsWith('v') ? `نسخه ${words}` : words;
});

const versioned = '(?:نسخه(?:\u200Cی|\u0654)?|ویرایش|ورژن|بند|ماده|جدول|شکل|بخش)';
/** نسخهٔ ۲.۱, iOS 17.2, v2.0: the point of a version is no decimal point. */
export const versions = readings([
  reading(/(?<![\p{L}\d])v\.?(?<a>\d+)(?:\.(?<b>\d+))?(?![\p{L}\d]|\.\d)/gu, ({ a = '', b }) =>
    b === undefined ? `نسخه ${whole(a)}` : `نسخه ${whole(a)} نقطه ${whole(b)}`,
  ),
  reading(
    new RegExp(
      `(?<=${versioned} |[A-Za-z][A-Za-z+#]{0,20}[ -]?)(?<a>\\d{1,4})\\.(?<b>\\d{1,4})(?!\\d|\\.\\d)`,
      'gu',
    ),
    ({ a = '', b = '' }) => `${whole(a)} نقطه ${whole(b)}`,
  ),
]);

export const remainingNumbers = readings([
  ordinals,
  moreThan,
  negative,
  positive,
  decimals,
  bareDecimals,
  wholes,
]);
