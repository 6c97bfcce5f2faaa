/** Letters, marks, digits, joiners and apostrophes hold a word together; everything else parts words. */
const wordPattern = /[\p{L}\p{M}\p{N}\u200c\u200d\u0640'’]+/gu;
const arabicScript = /\p{Script=Arabic}/u;

/** The words of a text, in order, without spaces and punctuation. */
export function wordsOf(text: string): string[] {
  return text.match(wordPattern) ?? [];
}

/** Whether letters of the Arabic script, which need Persian normalisation, are among these. */
export function isArabicScript(letters: readonly string[]): boolean {
  return letters.some((letter) => arabicScript.test(letter));
}
