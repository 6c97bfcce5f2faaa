/** Two numbers with a sign between: ranges, scores, ratios, and what a slash may mean. */
import { decimal } from '../numbers/decimal';
import { fraction, mixedFraction } from '../numbers/fraction';
import { done, fresh, numeral, reading, readings } from './reading';

const plain = (n: string): number => Number(n.replace(/[,\u066C\u060C]/g, '').replace('\u066B', '.'));
const aboutGames =
  /(?:نتیجه|نتیجه‌ی|امتیاز|برد|باخت|شکست|پیروز|پیروزی|برتری|مساوی|تساوی|گل|دیدار|بازی|مسابقه|مصاف|داربی)/u;
const winners = /(?:برد|باخت|شکست|پیروز|مساوی|تمام شد|به پایان رسید|غلبه)/u;

/** ۲-۱ in a sentence on a game, or falling: the first of two small numbers is said over the second. */
export const scores = reading(
  new RegExp(
    `${fresh}(?<![-−–\\p{L}])(?<a>\\d{1,2}) ?[-–−] ?(?<b>\\d{1,2})(?![-–−]|\\d|[.,/:]\\d| ?[=+*×÷])`,
    'gu',
  ),
  ({ a = '', b = '' }, place) => {
    const game = aboutGames.test(place.before(50)) || winners.test(place.after(30));
    return game || plain(a) >= plain(b) ? `${a} بر ${b}` : undefined;
  },
);

/** ۵–۷, ۲۰۲۰-۲۰۲۳, ۱٫۵ ~ ۲ */
export const ranges = reading(
  new RegExp(`${fresh}(?<![-−\\p{L}])(?<a>${numeral}) ?(?:[–—~-]) ?(?<b>${numeral})${done}(?! ?[=-])`, 'gu'),
  ({ a = '', b = '' }, place) => {
    return `${a} ${place.match.includes(' - ') && plain(a) >= plain(b) ? 'منهای' : 'تا'} ${b}`;
  },
);

/** ۴٫۵/۵: so many of so many. */
export const outOf = reading(
  /(?<![\d/.,])(?<a>\d{1,3}[.\u066B]\d{1,2})\/(?<b>\d{1,3})(?![\d/.])/gu,
  ({ a = '', b = '' }) => `${a} از ${b}`,
);

/** ۲:۱, ۱۶:۹ */
export const ratios = reading(
  /(?<![\d:])(?<a>\d+) ?: ?(?<b>\d+)(?![\d:])/gu,
  ({ a = '', b = '' }) => `${a} به ${b}`,
);

const vulgar: Readonly<Record<string, readonly [string, string]>> = {
  '½': ['1', '2'],
  '⅓': ['1', '3'],
  '⅔': ['2', '3'],
  '¼': ['1', '4'],
  '¾': ['3', '4'],
  '⅕': ['1', '5'],
  '⅖': ['2', '5'],
  '⅗': ['3', '5'],
  '⅘': ['4', '5'],
  '⅙': ['1', '6'],
  '⅚': ['5', '6'],
  '⅛': ['1', '8'],
  '⅜': ['3', '8'],
  '⅝': ['5', '8'],
  '⅞': ['7', '8'],
};

/** ½, ۲½ */
export const vulgarFractions = reading(
  /(?<!\d[.,/\u066B])(?<w>\d{1,6})? ?(?<f>[½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])/gu,
  ({ w, f = '' }) => {
    const [numerator, denominator] = vulgar[f] ?? ['1', '2'];
    return w === undefined ? fraction(numerator, denominator) : mixedFraction(w, numerator, denominator);
  },
);

/** After these a slash is a decimal point, as handwriting has it: ۱۲/۵ درصد, ۳/۵ میلیون. */
const measured =
  /^ ?(?:درصد|میلی|هزار|تریلیون|کیلو|سانتی|متر|گرم|لیتر|تومان|ریال|دلار|یورو|پوند|ساعت|دقیقه|ثانیه|درجه|برابر|مگا|گیگا|ترا|ولت|وات|آمپر|هکتار|تن(?!\p{L})|واحد|نمره|امتیاز|سال|ماه|روز|فوت|اینچ|مایل|ریشتر|لیر|درهم|نفر)/u;
const graded = /(?:معدل|نمره|میانگین|ضریب|نرخ|معادل|حدود|شاخص|رشد|تورم)\S* ?$/u;

/**
 * ۱۲/۵: a part of a whole where the first is smaller and nothing is measured (۳/۴), a decimal where it is larger.
 * Years stay a pair: ۱۴۰۲/۱۴۰۳.
 */
export const slashed = reading(
  /(?<![\d/.,\u066B\u066C])(?<a>\d{1,4})\/(?<b>\d{1,4})(?![\d/]|[.,]\d)/gu,
  ({ a = '', b = '' }, place) => {
    if (a === '24' && b === '7') return `${a} ${b}`;
    const year = /^1[234]\d\d$|^20\d\d$/;
    if (year.test(a) && (year.test(b) || b.length === 2)) return `${a} تا ${b}`;
    const isMeasured = measured.test(place.after(14)) || graded.test(place.before(14));
    const part = Number(a) < Number(b) && Number(b) > 1 && !a.startsWith('0') && !b.startsWith('0');
    if (part && !isMeasured) return fraction(a, b);
    return decimal(a, b);
  },
);

/** ۲ ۱/۲ */
export const mixed = reading(
  /(?<![\d/.,])(?<w>\d{1,3}) (?<a>[1-9])\/(?<b>[2-9]|10)(?![\d/]|[.,]\d)/gu,
  ({ w = '', a = '', b = '' }) => (Number(a) < Number(b) ? mixedFraction(w, a, b) : undefined),
);

export const fractions = readings([vulgarFractions, outOf, mixed, slashed]);
