/** Signs that stand for a word, and those that a voice leaves out. */
import { reading, readings } from './reading';

const words: Readonly<Record<string, string>> = {
  '&': 'و',
  '@': 'ات\u200Cساین',
  '%': 'درصد',
  '\u066A': 'درصد',
  '\u2030': 'در هزار',
  '+': 'به\u200Cعلاوه',
  '=': 'مساوی',
  '≈': 'تقریبا',
  '≠': 'نامساوی',
  '≤': 'کوچک\u200Cتر یا مساوی',
  '≥': 'بزرگ\u200Cتر یا مساوی',
  '±': 'مثبت منفی',
  '×': 'در',
  '÷': 'تقسیم بر',
  '√': 'جذر',
  '∞': 'بی\u200Cنهایت',
  '°': 'درجه',
  '℃': 'درجه سانتی\u200Cگراد',
  '℉': 'درجه فارنهایت',
  '§': 'بند',
  '№': 'شماره',
  '→': 'به',
  $: 'دلار',
  '€': 'یورو',
  '£': 'پوند',
  '¥': 'ین',
  '﷼': 'ریال',
  '₿': 'بیت\u200Cکوین',
};

export const signWords = reading(
  new RegExp(`[${Object.keys(words).join('')}]`, 'gu'),
  (_, { match }) => words[match],
);

/** #گویا, #هوش_مصنوعی, and # before a number. */
export const hashtags = readings([
  reading(/(?<![\p{L}\p{N}])#(?<t>[\p{L}\p{M}\p{N}_\u200C]{1,100})/gu, ({ t = '' }) =>
    /^\d+$/.test(t) ? `شماره ${t}` : `هشتگ ${t.replaceAll('_', ' ')}`,
  ),
]);

/** ~۵۰ */
export const about = reading(/~ ?(?=\d)/gu, (_, place) => (place.before(5).endsWith('حدود ') ? '' : 'حدود'));

/** Pictures have no sound of their own: they are left out, with what colours and joins them. */
export const emoji = reading(
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\uFE0F\u20E3]+(?:\u200D[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F]+)*/gu,
  (_, { match }) => (/^[©®™‼⁉↔↕→]/u.test(match) ? (match.startsWith('→') ? undefined : '') : ''),
);

/** Parentheses and dashes between words are pauses, quotation marks are silent, a list's dash or star is no word. */
export const silentMarks = readings([
  reading(/^[ \t]*(?:[-–—*•▪●◦·‣]+|#{1,6})(?=\s)/gmu, () => ''),
  reading(/(?<=\S) +[-–—]+ +(?=\S)|(?<=[\p{L}\p{M}])[–—](?=[\p{L}])/gu, () => '،'),
  reading(/[([{]/gu, () => '،'),
  reading(/[)\]}](?=\s*(?<p>[،؛.؟!:…])?)/gu, ({ p }) => (p === undefined ? '،' : '')),
  reading(/(?<=[\p{L}\p{M}]) ?\/ ?(?=[\p{L}])/gu, (_, place) =>
    place.before(2).endsWith(' و') || /(?:^| )و$/.test(place.before(2)) ? '' : '،',
  ),
]);
