/** What is wrong with one text, as codes of findings; which signs of it, for the sentence. */
import { fixKinds, fixRules } from '../../ml/text/fixes';

/** Letters of Persian; hamza on its seats, and what Arabic words in Persian keep. */
const persianLetters = 'آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیءأؤئإۀةٱ';
const outside = new RegExp(
  `[^${persianLetters}\\u064B-\\u0652\\u0654\\u0670\\u200C\\s.,:;!?؟،؛«»()\\[\\]"'…\\-–—٪٫٬/]`,
  'gu',
);
/** Found by the rules for letters, digits, spaces and signs that are not seen. */
const otherwiseFound =
  /[\p{Nd}\p{Script=Latin}\u0640-\u064A\u06AA-\u06D5\uFB50-\uFDFF\uFE70-\uFEFF\p{Cf}\p{Z}]/u;
const arabicScript = /[\u0620-\u064A\u0671-\u06D3]/;
const latin = /[A-Za-z\u00C0-\u024F]/;
const digit = /\p{Nd}/u;

export const isPersian = (text: string): boolean => arabicScript.test(text);
export const hasLatin = (text: string): boolean => latin.test(text);

/** Signs that no Persian text has, each once. */
export function oddCharacters(text: string): string[] {
  return [...new Set(text.match(outside) ?? [])].filter((one) => !otherwiseFound.test(one));
}

export function textCodes(text: string): string[] {
  if (text.trim() === '') return ['text.empty'];
  if (!isPersian(text)) return [];
  const fixable = fixKinds.filter((kind) =>
    kind === 'digits' ? digit.test(text) : fixRules[kind](text) !== text,
  );
  return [
    ...fixable.map((kind) => `text.${kind}`),
    ...(hasLatin(text) ? ['text.latin'] : []),
    ...(oddCharacters(text).length > 0 ? ['text.character'] : []),
  ];
}
