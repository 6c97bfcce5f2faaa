/** Latin words in Persian letters. */
import { latinWords } from './latinWords';
import { greekLetterNames, latinLetterNames } from './letterNames';
import { reading, readings } from './reading';
import { transliterate } from './transliterate';

/** `BBC` → بی‌بی‌سی */
export function spellLatin(letters: string): string {
  return Array.from(letters.toUpperCase(), (letter) => latinLetterNames[letter] ?? '').join('\u200C');
}

/** Letters with marks as their plain ones: é → e, ß → ss. */
function plainLetters(word: string): string {
  return word
    .replace(/é$/u, 'ee')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[ßæœøłđðþı]/giu, (letter) => special[letter.toLowerCase()] ?? '')
    .replace(/[^A-Za-z]/g, '');
}
const special: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
};

const vowel = /[aeiouy]/;
/** Longer capitals are shouted words, not abbreviations. */
const longestAcronym = 5;

/** A word without digits and signs. */
export function latinWord(written: string): string {
  if (written.length === 1 && /[A-Za-z]/.test(written)) return spellLatin(written);
  const known = latinWords.get(written.toLowerCase());
  if (
    known !== undefined &&
    !(written.length < 3 && /^[A-Z]+$/.test(written) && !/^(?:PC|UK|OK)$/.test(written))
  )
    return known;
  const word = plainLetters(written);
  const shouted = word.length > longestAcronym && vowel.test(word.toLowerCase());
  if (/^[A-Z]+$/.test(word) && !shouted) return spellLatin(word);
  // URLs, PDFها, PhD: capitals with a small ending.
  const plural = /^([A-Z]{2,5})s$/.exec(word);
  if (plural !== null) return `${spellLatin(plural[1] ?? '')}\u200Cز`;
  if (!vowel.test(word.toLowerCase())) return spellLatin(word);
  return camelParts(word)
    .map((part) => latinWords.get(part.toLowerCase()) ?? transliterate(part.toLowerCase()))
    .join(' ');
}

/** `VsCode` → Vs, Code */
function camelParts(word: string): string[] {
  return word.split(/(?<=[a-z]{2})(?=[A-Z])/);
}

/** C++, C#, .NET, Wi-Fi: signs that belong to a word; and Q&A, R&D. */
const withSigns = reading(
  /(?<![\p{L}\p{N}])(?<w>C\+\+|C#|\.NET|[Ww]i-?[Ff]i|[Ee]-mail|COVID-19|Covid-19)(?![\p{L}\p{N}])/gu,
  ({ w = '' }) => latinWords.get(w.toLowerCase()),
);
const withAnd = reading(
  /(?<a>\b[A-Z]{1,3})&(?<b>[A-Z]{1,3}\b)/gu,
  ({ a = '', b = '' }) => `${spellLatin(a)} ان ${spellLatin(b)}`,
);
const words = reading(
  /(?<w>\p{Script=Latin}[\p{Script=Latin}\u0300-\u036F]*(?:['’][a-z]{1,2}(?![\p{L}]))?)/gu,
  ({ w = '' }) => latinWord(w),
);
const greek = reading(
  /\p{Script=Greek}/gu,
  (_, { match }) => greekLetterNames[match.normalize('NFD').charAt(0).toLowerCase()],
);

/** U.S.A. */
const withPoints = reading(/(?<![\p{L}.])(?<w>(?:[A-Z]\.){2,6}[A-Z]?)(?!\p{L})/gu, ({ w = '' }) =>
  latinWord(w.replaceAll('.', '')),
);
/** GPT-4, USB-C, Wi-Fi 6: a hyphen after a Latin letter is silent. */
const hyphens = reading(
  /(?<=\p{Script=Latin})[-–_](?=[\p{Script=Latin}\d])|(?<=\d)-(?=\p{Script=Latin})/gu,
  () => '',
);

/** node.js, report.pdf: the point of a name is said. */
const points = reading(/(?<=[A-Za-z\d])\.(?=[A-Za-z])/gu, () => 'دات');

/** Before the numbers are read: what of a name looks like arithmetic. */
export const latinNames = readings([withPoints, withSigns, withAnd, hyphens, points]);

export const latin = readings([words, greek]);
