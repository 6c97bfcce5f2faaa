/** The verbal prefixes می and نمی, which are joined to their verb with a half space. */
import { letters, wordEnd, wordStart } from './letterClasses';
import { rule } from './rule';
import { pastStems, presentStems, spokenForms, spokenJoined } from './verbStems';

/** The longest first: an alternation takes the first that fits. */
const anyOf = (words: readonly string[]): string =>
  `(?:${[...words].sort((a, b) => b.length - a.length).join('|')})`;

/** می‌توان گفت, می‌باید رفت: said of nobody. */
const impersonal = '(?:توان|باید|شاید|بایستی)';
const object = '(?:م|ت|ش|مان|تان|شان|شون|مون|تون)?';
const past = `${anyOf(pastStems)}(?:م|ی|یم|ید|ند|ن|ین|ه)?`;
const present = `${anyOf(presentStems)}(?:م|ی|د|یم|ید|ند|ن|ین|ه|یی|ییم|یید|یند|یم)`;
const verb = `(?:${past}|${present}|${anyOf(spokenForms)}|${impersonal})${object}(?![${letters}])`;

/** برمی‌گردم, درنمی‌یابد */
const particles = 'بر|در|باز|فرو|فرا|وا';

/** Wine is drunk from these, and the month of May stands after its word. */
const notVerbal = '(?<!(?:^|[^\\u0620-\\u06FF])(?:ماه|جام|ساغر|پیاله|شراب|باده|و|یا) )';

/** می ناب, ماه می: the word می, which is followed by no verb, stays as it is. */
const apart = rule(
  { find: `${wordStart}${notVerbal}((?:${particles})?می) (?=${verb})`, to: '$1\u200C' },
  { find: `${wordStart}((?:${particles})?نمی) (?=[${letters}])`, to: '$1\u200C' },
);

/** Nouns that look like a verb with its prefix. */
const nouns =
  '(?:میدانی|میری|میرید|میرند|میرم|میزند?ان|میزان|میدان|میان|میانی|میرانی|میکشان|میشی|میلی|میزی|میسی|میخی|میتی)';
const longEnding = '(?:م|ی|د|یم|ید|ند)';
const joinedVerb = `(?:${anyOf(pastStems)}(?:م|ی|یم|ید|ند)?|${anyOf(presentStems.filter((stem) => stem.length > 1))}${longEnding}|${anyOf(spokenJoined)}|${impersonal})`;
const negatedVerb = `(?:${joinedVerb}|${anyOf(spokenForms)})`;

/** میروم, نمیدانم, برمیگردم: typed without the half space. */
const together = rule(
  {
    find: `${wordStart}(?!${nouns}${wordEnd})((?:${particles})?می)(?=${joinedVerb}${wordEnd})`,
    to: '$1\u200C',
  },
  { find: `${wordStart}((?:${particles})?نمی)(?=${negatedVerb}${wordEnd})`, to: '$1\u200C' },
);

const person = '(?:ام|اند|ایم|اید)';

/** رفتهاند, رفته اند: the past participle and the verb to be after it. */
const perfect = rule({
  find: `${wordStart}(ن?(?:می\u200C)?${anyOf(pastStems)}ه) ?(?=${person}${wordEnd})`,
  to: '$1\u200C',
});

export const verbalPrefixes = { apart, together, perfect } as const;
