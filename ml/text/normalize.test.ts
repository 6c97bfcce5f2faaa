import { describe, expect, it } from 'vitest';
import { normalizationSteps, normalize, type NormalizeOptions } from './normalize';
import { rule } from './rule';

const zwnj = '\u200C';
type Case = [what: string, given: string, wanted: string, options?: NormalizeOptions];

const cases: Case[] = [
  ['Arabic yeh', 'عل\u064A', 'عل\u06CC'],
  ['alef maksura', 'موس\u0649', 'موس\u06CC'],
  ['Urdu yeh barree', 'لیل\u06D2', 'لیل\u06CC'],
  ['a hamza beside an Arabic yeh', 'مس\u064A\u0654له', 'مس\u0626له'],
  ['a hamza beside a Persian yeh', 'مس\u06CC\u0654له', 'مس\u0626له'],
  ['a hamza parted from its yeh by a vowel sign', 'رئ\u064A\u064E\u0654س', 'رئ\u0626س'],
  ['Arabic kaf', '\u0643تاب', '\u06A9تاب'],
  ['swash kaf', '\u06AAوچه', '\u06A9وچه'],
  ['heh goal', 'شا\u06C1', 'شا\u0647'],
  ['heh doachashmee', 'ما\u06BE', 'ما\u0647'],
  ['Kurdish ae', 'خان\u06D5', 'خان\u0647'],
  ['heh with yeh above', 'خان\u06C0 ما', 'خان\u0647\u0654 ما'],
  ['teh marbuta, another letter', 'رحم\u0629', 'رحم\u0629'],
  ['alef with a separate madda', '\u0627\u0653ب', '\u0622ب'],
  ['presentation forms', '\uFEB3\uFEFC\uFEE1', 'سلام'],
  ['the ligature lam alef', 'س\uFEFBم', 'سلام'],
  ['Arabic digits', '\u0661\u0663\u0669\u0669', '\u06F1\u06F3\u06F9\u06F9'],
  ['Latin digits', 'سال 1403', 'سال \u06F1\u06F4\u06F0\u06F3'],
  ['digits to Latin', '\u06F1\u0662 مرداد', '12 مرداد', { digits: 'latin' }],
  ['digits as they are', '1\u06F2\u0663', '1\u06F2\u0663', { digits: 'keep' }],
  ['kashida', 'بـــابـا', 'بابا'],
  ['vowel signs', 'مُحَمَّد', 'محمد'],
  ['tanwin', 'حتماً', 'حتما'],
  ['superscript alef', 'رحم\u0670ن', 'رحمن'],
  ['vowel signs kept', 'کِتاب', 'کِتاب', { diacritics: false }],
  ['a vowel sign inside a letter with hamza', 'مؤ\u0651', 'مؤ'],
  ['direction marks', '\u200Fسلام\u200E \u202Bدنیا\u202C\u2069', 'سلام دنیا'],
  ['control characters and a byte order mark', '\uFEFFسل\u0000ام\u0007', 'سلام'],
  ['a joiner between letters', 'ه\u200D', 'ه'],
  ['the joiner of an emoji', '👩\u200D💻', '👩\u200D💻'],
  ['half of a surrogate pair', 'آ\uD83Dب', 'آب'],
  ['a soft hyphen', 'کتاب\u00ADخانه', 'کتابخانه'],
  ['no-break and thin spaces', 'سلام\u00A0\u2009دنیا', 'سلام دنیا'],
  ['margins and runs', '  سلام \t  دنیا ', 'سلام دنیا'],
  ['line breaks', 'سلام \r\n\r\n  دنیا\u2028خوب\n', 'سلام\nدنیا\nخوب'],
  ['a half space', `می${zwnj}روم`, `می${zwnj}روم`],
  ['two half spaces', `می${zwnj}${zwnj}روم`, `می${zwnj}روم`],
  ['a half space beside a space', `می${zwnj} روم`, 'می روم'],
  ['a half space at the ends', `${zwnj}کتاب${zwnj}`, 'کتاب'],
  ['a half space after a letter that does not join', `کار${zwnj}ها`, 'کارها'],
  ['a half space before a mark', `کتاب${zwnj}.`, 'کتاب.'],
  ['the not sign of old keyboards', 'کتاب\u00ACها', `کتاب${zwnj}ها`],
  ['a not sign of logic', '\u00AC p', '\u00AC p'],
  ['a zero-width space', 'کتاب\u200Bها', `کتاب${zwnj}ها`],
  ['half spaces as spaces', `می${zwnj}روم`, 'می روم', { halfSpace: 'space' }],
  ['half spaces as nothing', `به${zwnj}نام`, 'بهنام', { halfSpace: 'remove' }],
  ['a verb apart from its prefix', 'او نمی رود', `او نمی${zwnj}رود`, { affixes: true }],
  ['a plural apart', 'کتاب های خوب', `کتاب${zwnj}های خوب`, { affixes: true }],
  ['a plural after a letter that does not join', 'کار ها را', 'کارها را', { affixes: true }],
  ['a degree apart', 'کوچک ترین خانه', `کوچک${zwnj}ترین خانه`, { affixes: true }],
  ['words that only begin like an ending', 'آن هاله تره خرید', 'آن هاله تره خرید', { affixes: true }],
  ['prefixes left alone unless asked', 'او نمی رود', 'او نمی رود'],
  ['a space before a mark', 'سلام ، دنیا !', 'سلام، دنیا!'],
  ['no space after a mark', 'سلام،دنیا؛خوبی؟بله', 'سلام، دنیا؛ خوبی؟ بله'],
  ['no space after a full stop', 'آمدم.رفتم', 'آمدم. رفتم'],
  ['an abbreviation', 'سال ۱۲۰ ق.م', 'سال ۱۲۰ ق.م'],
  ['thousands and decimals', '۱،۲۳۴ و ۳.۱۴', '۱،۲۳۴ و ۳.۱۴'],
  ['a clock', '۱۰:۳۰', '۱۰:۳۰'],
  ['an address', 'https://goya.ir/a,b?c=d', 'https://goya.ir/a,b?c=d'],
  ['a name with a point', 'با .NET نوشت .', 'با .NET نوشت.'],
  ['quotation marks', 'گفت« سلام »و رفت', 'گفت «سلام» و رفت'],
  ['brackets', 'تهران( پایتخت )است', 'تهران (پایتخت)است'],
  ['punctuation as it is', 'سلام ،دنیا', 'سلام ،دنیا', { punctuation: false }],
  ['letters as they are', 'عل\u064A', 'عل\u064A', { letters: false }],
  ['nothing', '', ''],
  [
    'a whole sentence',
    '  \u200Fاين \u0643تاب\u200C\u200Cها\u064A  قديم\u064A را ،مي\u200Cخوانم !',
    `این کتاب${zwnj}های قدیمی را، می${zwnj}خوانم!`,
  ],
];

describe('normalize', () => {
  it.each<Case>(cases)('%s', (_what, given, wanted, options) => {
    expect(normalize(given, options)).toBe(wanted);
    expect(normalize(wanted, options)).toBe(wanted);
  });

  it.each<NormalizeOptions>([
    {},
    { digits: 'latin', affixes: true },
    { diacritics: false, halfSpace: 'space' },
    { letters: false, punctuation: false },
    { affixes: true, halfSpace: 'remove' },
    { affixes: true, halfSpace: 'space' },
    { letters: false, diacritics: false, affixes: true },
  ])('changes nothing the second time, whatever it is given: %j', (options) => {
    const alphabet = [
      ...Array.from(
        'ابهـ ی\u064A\u0649\u06D2\u06D3\u0643\u06C0\u06C1\u06BE\u06D5\u0654\u0653\u064E\u0651\u0670',
      ),
      ...Array.from(
        'رترین.،؛:!؟«»()٣4۵ \n\r\t\u00A0\u200B\u00AC\u200C\u200C\u200D\u200F\uFEFF\u00AD\uFEFB\uFEB3aé👩',
      ),
      ...['e\u0301', '\uD800', 'می ', ' ها', ' تر', 'ها', ' .', '\uFC60', '\u0085', '\u202E'],
    ];
    let state = 12_345;
    const below = (end: number): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.floor((state / 2 ** 32) * end);
    };
    for (let round = 0; round < 4000; round++) {
      const text = Array.from({ length: 1 + below(10) }, () => alphabet[below(alphabet.length)]).join('');
      const once = normalize(text, options);
      if (normalize(once, options) !== once)
        expect(JSON.stringify([text, normalize(once, options)])).toBe(JSON.stringify([text, once]));
    }
  });

  it('is fast on long and on hostile text', () => {
    for (const piece of [' ', '.', '\u200C', 'می ', 'ا\u064E', '( ', 'س. ', '\n ', '\u200D']) {
      const long = piece.repeat(50_000);
      expect(normalize(normalize(long))).toBe(normalize(long));
    }
  });

  it('says its rules as data that do the same', () => {
    const carried = JSON.parse(JSON.stringify(normalizationSteps())) as ReturnType<typeof normalizationSteps>;
    const carriedRule = rule(...carried);
    for (const [, given, , options] of cases) {
      if (options === undefined) expect(carriedRule(carriedRule(given))).toBe(normalize(given));
    }
  });
});
