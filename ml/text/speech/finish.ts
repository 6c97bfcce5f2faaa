/** What leaves `verbalize`: Persian letters, half spaces, spaces and pauses, nothing else. */

const sayable = 'ءآأؤئابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی';
const pauses = '،؛:.؟!…';
const others: Readonly<Record<string, string>> = {
  إ: 'ا',
  ٱ: 'ا',
  ة: 'ه',
  ێ: 'ی',
  ې: 'ی',
  ۆ: 'و',
  ۇ: 'و',
  ۋ: 'و',
  ڕ: 'ر',
  ڵ: 'ل',
  ڤ: 'و',
  ں: 'ن',
  ھ: 'ه',
  ہ: 'ه',
  ټ: 'ت',
  ٹ: 'ت',
  ډ: 'د',
  ڈ: 'د',
  ړ: 'ر',
  ڑ: 'ر',
  ښ: 'ش',
  څ: 'س',
  ځ: 'ز',
  ڼ: 'ن',
  ګ: 'گ',
};

/** Nothing in it but what may stay; only abbreviations may still be read. */
const nothingElse = new RegExp(`^[${sayable}${pauses}\u200C \\n]*$`, 'u');

export function isSayable(text: string): boolean {
  return nothingElse.test(text);
}

const foreign = new RegExp(`[${Object.keys(others).join('')}]`, 'gu');
const vowelSigns = '\u064B-\u0652\u0670';
const unsayable = new RegExp(`[^${sayable}${pauses}\u200C \\n]+`, 'gu');
const unsayableButVowels = new RegExp(`[^${sayable}${vowelSigns}${pauses}\u200C \\n]+`, 'gu');

/** Letters of neighbours' alphabets become Persian ones; the hamza of an ezafe becomes the ye that is said. */
export function sayableLetters(text: string, vowels: 'keep' | 'remove' = 'remove'): string {
  const marked = text
    .replace(/ة\u200C?(?=ال)/gu, 'ت\u200C')
    .replace(/ة(?= ال)/gu, 'ت')
    .replace(foreign, (letter) => others[letter] ?? ' ')
    .replace(/ه[\u0654\u0655]/gu, 'ه\u200Cی')
    .replace(/[\u0610-\u061A\u0653-\u065F\u06D6-\u06ED]+/gu, '')
    .replaceAll(',', '،')
    .replaceAll(';', '؛')
    .replaceAll('?', '؟');
  return vowels === 'keep'
    ? marked.replace(unsayableButVowels, ' ')
    : marked.replace(/[\u064B-\u0652\u0670]+/gu, '').replace(unsayable, ' ');
}

/** One pause where several meet, the strongest of them; none at the start of a line, no space before one. */
export function tidyPauses(text: string): string {
  return text
    .replace(/[ \n]*\n[ \n]*/g, '\n')
    .replace(/ {2,}/g, ' ')
    .replace(/(?:[،؛:.؟!…] ?)+/gu, (run) => strongest(run))
    .replace(/ +(?=[،؛:.؟!…])/gu, '')
    .replace(/^[ ،؛:.؟!…]+/gmu, '')
    .replace(/(?<=[،؛:.؟!…])(?=[^\s،؛:.؟!…])/gu, ' ')
    .replace(/[ ،؛:]+$/gmu, (end) => (/[؛:]/.test(end) ? end.trim().charAt(0) : ''))
    .replace(/\n{2,}/g, '\n')
    .trim();
}

function strongest(run: string): string {
  const mark =
    /[؟]/.exec(run)?.[0] ?? /!/.exec(run)?.[0] ?? /[.…]/.exec(run)?.[0] ?? /[؛:]/.exec(run)?.[0] ?? '،';
  return run.endsWith(' ') ? `${mark} ` : mark;
}
