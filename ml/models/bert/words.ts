/** From labels of tokens to labels of words: a word has that of its first token. */
import type { PlacedToken } from '../../tokenizers/wordPiece';

export interface LabelledWord {
  /** As it stands in the text. */
  readonly word: string;
  /** Its first token, counted from the beginning of the row. */
  readonly first: number;
  /** Code points of the text, `[start, end)`. */
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** @param labels of each token of the row, the special ones among them. Only the first text of a pair is told. */
export function labelledWords(
  text: string,
  tokens: readonly PlacedToken[],
  labels: readonly string[],
): LabelledWord[] {
  const points = Array.from(text);
  const words: LabelledWord[] = [];
  let current: number | undefined;
  tokens.forEach((token, i) => {
    if (token.word === undefined || token.type !== 0) return;
    const before = words.at(-1);
    const sameWord = token.word === current && before !== undefined;
    const [first, start] = sameWord ? [before.first, before.start] : [i, token.start];
    const word = points.slice(start, token.end).join('');
    const label = sameWord ? before.label : (labels[i] ?? '');
    if (sameWord) words.pop();
    words.push({ word, first, start, end: token.end, label });
    current = token.word;
  });
  return words;
}
