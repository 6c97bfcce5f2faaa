/** The tokens that a model tells apart, learnt from the training texts. */
import { specialCount } from '../../../ml/trained/textFeatures';
import { breathe } from '../../sdk/breathe';

const byCount = (a: readonly [string, number], b: readonly [string, number]): number =>
  b[1] - a[1] || (a[0] < b[0] ? -1 : 1);

function countCharacters(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return counts;
}

const special = (): string[] => new Array<string>(specialCount).fill('');

/** The `size` most frequent characters, after the empty texts of the special ids. */
export function characterVocabulary(texts: readonly string[], size: number): string[] {
  const common = [...countCharacters(texts)].sort(byCount).slice(0, Math.max(1, size - specialCount));
  return [...special(), ...common.map(([char]) => char)];
}

/** Words, each with the space before it, and how often they come. */
function countWords(texts: readonly string[]): [string[], number][] {
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of text.split(/(?= )/)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  // A word that comes once teaches nothing but time.
  const frequent = [...counts].sort(byCount).slice(0, 30_000);
  return frequent.map(([word, count]) => [Array.from(word), count]);
}

function mostFrequentPair(words: readonly (readonly [string[], number])[]): [string, string] | undefined {
  const counts = new Map<string, number>();
  for (const [pieces, count] of words) {
    for (let i = 0; i + 1 < pieces.length; i++) {
      const pair = `${pieces[i] ?? ''}\n${pieces[i + 1] ?? ''}`;
      counts.set(pair, (counts.get(pair) ?? 0) + count);
    }
  }
  let best: string | undefined;
  let most = 1;
  for (const [pair, count] of counts) {
    if (count > most || (count === most && best !== undefined && pair < best)) [best, most] = [pair, count];
  }
  const [left, right] = best?.split('\n') ?? [];
  return left === undefined || right === undefined ? undefined : [left, right];
}

function merge(pieces: string[], [left, right]: readonly [string, string]): void {
  for (let i = 0; i + 1 < pieces.length; i++) {
    if (pieces[i] === left && pieces[i + 1] === right) pieces.splice(i, 2, left + right);
  }
}

/** Merges beyond these bring little to a classifier, and each looks at every word. */
const mostMerges = 8000;

/** Characters and the pieces of words that byte-pair merges make of them (Sennrich et al. 2016). */
export async function subwordVocabulary(
  texts: readonly string[],
  size: number,
  signal: AbortSignal,
): Promise<string[]> {
  const half = Math.max(specialCount + 1, Math.ceil(size / 2));
  const tokens = characterVocabulary(texts, half);
  const words = countWords(texts.map((text) => text.replaceAll('\n', ' ')));
  for (let merges = 0; tokens.length < size && merges < mostMerges; merges++) {
    await breathe();
    signal.throwIfAborted();
    const pair = mostFrequentPair(words);
    if (pair === undefined) break;
    for (const [pieces] of words) merge(pieces, pair);
    tokens.push(pair.join(''));
  }
  return tokens;
}
