/** Endings that are written apart by mistake and belong to their word with a half space. */
import { letters, wordEnd, wordStart } from './letterClasses';
import { rule } from './rule';

const possessive = '(?:م|ت|ش|مان|تان|شان|مون|تون|شون)';
const plural = `ها(?:یی|ی${possessive}?|${possessive})?`;

/** کتاب ها: but a bare «ها» after a conjunction, or said twice, is an interjection. */
export const pluralEnding = rule(
  {
    find: `(?<=[${letters}])(?<!${wordStart}(?:و|یا|ها|های|که|هان|آها|اما)) (?=${plural}${wordEnd})(?!های های)`,
    to: '\u200C',
  },
  // Two letters heh that would meet are never joined: خانهها.
  { find: `(?<=[${letters}]ه)(?=${plural}${wordEnd})`, to: '\u200C' },
);

/** Things that are said to be wet: after them «تر» is a word of its own. */
const wetThings =
  'چشم|چشمان|چشمی|دیده|دیدگان|مژه|مژگان|مژگانی|گونه|لباس|پیراهن|جامه|دامن|مو|موی|دست|زمین|خاک|هوا|هوای|گل|لب|هیزم|چوب|پارچه|دستمال|شاخه|شاخ|برگ|علف|سبزی|نان|حوله|بوته|آستین|پای|ریش|کفش|پوست|خشک|و';

/** بزرگ تر, کوچک ترین, قدیمی ترها: but «چشم تر», «تر و تازه». */
export const degreeEnding = rule(
  { find: `(?<=[${letters}]{2}) (?=ترین(?:\u200C?(?:ها|های|هایی|ی))?${wordEnd})`, to: '\u200C' },
  {
    find: `(?<=[${letters}]{2})(?<!${wordStart}(?:${wetThings})) (?=تر(?:ی|\u200C?ها|\u200C?های|\u200C?هایی)?${wordEnd})(?!تر و (?:تازه|تمیز|خشک|فرز|چسبان))`,
    to: '\u200C',
  },
);

/** Short words whose last letter is heh: no ending follows them. */
const shortWords = 'به|که|چه|نه|سه|ده|مه|آه|بله|اگرچه|چنانچه|البته|هیچ‌گاه|همیشه|وه|ته';
/** Words whose heh is sounded after و; elsewhere a heh after و is silent (قهوه). */
const soundedHeh = 'گروه|کوه|انبوه|شکوه|اندوه|ستوه|وجوه|مکروه|نستوه|باشکوه';
const silentHeh = `(?<=[${letters}][${letters.replace('\\u0620-\\u063F', '\\u0620-\\u0626\\u0628-\\u063F')}]ه)(?<!${wordStart}(?:${shortWords}|${soundedHeh}))`;

/** خانه ای, رفته ام, خسته اند, خانه اش: after a silent heh. */
export const afterHeh = rule(
  { find: `${silentHeh} (?=(?:ام|اند|ایم|اید|ات|اش|مان|تان|شان|مند|مندی|مندان)${wordEnd})`, to: '\u200C' },
  { find: `${silentHeh} (?=ای${wordEnd})(?!ای (?:کاش|وای|خدا|دوست(?! داشت)|مردم|یار|داد|دل))`, to: '\u200C' },
  // The ezafe written as a letter of its own: خانه ی ما.
  { find: `${silentHeh} (?=ی${wordEnd})`, to: '\u200C' },
);

/** ایرانی ام, سی ام, ۲۵ ام, کشتی ای که, خوب اند. */
export const copula = rule(
  { find: `(?<=[${letters}]{2}ی) (?=(?:ام|اند|ایم|اید)${wordEnd})`, to: '\u200C' },
  { find: `(?<=${wordStart}سی) (?=ام(?:ین)?${wordEnd})`, to: '\u200C' },
  { find: '(?<=[0-9\\u0660-\\u0669\\u06F0-\\u06F9]) (?=ام' + wordEnd + ')', to: '' },
  { find: `(?<=[${letters}]{2}ی) (?=ای که${wordEnd})`, to: '\u200C' },
  { find: `(?<=[${letters}]{2})(?<!${wordStart}(?:که|چه|تا|صد|هزار)) (?=اند${wordEnd})`, to: '\u200C' },
);
