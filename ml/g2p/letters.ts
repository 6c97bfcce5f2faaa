/** Words as the model reads them. */

/** Joiners, elongation and marks that spelling leaves to the writer: models are trained and asked without them. */
export const ignoredCharacters = '\u200c\u200d\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670';

export const padding = 0;
const firstLetter = 1;

/** A word's letters without the ignored ones. */
export function lettersOf(word: string, ignored: string = ignoredCharacters): string[] {
  return Array.from(word).filter((letter) => !ignored.includes(letter));
}

/** Letters to ids, 1 for the first of `alphabet`; 0 is padding. Unknown letters are answered apart and left out. */
export function encodeLetters(
  letters: readonly string[],
  alphabet: ReadonlyMap<string, number>,
): { ids: number[]; unknown: string[] } {
  const ids: number[] = [];
  const unknown: string[] = [];
  for (const letter of letters) {
    const id = alphabet.get(letter);
    if (id === undefined) unknown.push(letter);
    else ids.push(id);
  }
  return { ids, unknown };
}

/** Ids of an alphabet, in its order. */
export function alphabetIds(alphabet: readonly string[]): Map<string, number> {
  return new Map(alphabet.map((letter, i) => [letter, i + firstLetter]));
}

/** Rows of ids of one length, padded at the end: `[rows, longest]`. */
export function padRows(rows: readonly (readonly number[])[]): { data: Int32Array; length: number } {
  const length = rows.reduce((most, row) => Math.max(most, row.length), 1);
  const data = new Int32Array(rows.length * length);
  rows.forEach((row, i) => data.set(row, i * length));
  return { data, length };
}
