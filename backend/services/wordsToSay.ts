/** A text's words as they are to be said, in order. */
import { isArabicScript, wordsOf } from '../../ml/g2p/words';
import { orthography } from '../../ml/text/orthography';
import { verbalize } from '../../ml/text/speech/verbalize';
import { keyOf, type Lexicon } from './lexicon';
import { inPieces } from './textPieces';

const written = /[\p{L}\p{M}\p{N}\u200c'’]+/gu;

/**
 * Numbers, dates and Latin words are put into Persian words first. What the project's lexicon has in another script, or
 * with digits (USB, ۷), stays as it is: the project says how it sounds.
 */
export async function wordsToSay(
  text: string,
  project: Lexicon | undefined,
  signal: AbortSignal,
): Promise<string[]> {
  const say = (part: string): Promise<string> => inPieces(part, 'tidy', (piece) => verbalize(piece), signal);
  if (project === undefined) return wordsOf(await say(text));
  const words: string[] = [];
  let from = 0;
  const normal = await inPieces(text, 'tidy', (piece) => orthography(piece), signal);
  for (const { 0: word, index } of normal.matchAll(written)) {
    if (isPlain(word) || !project.has(keyOf(word))) continue;
    words.push(...wordsOf(await say(normal.slice(from, index))), word);
    from = index + word.length;
  }
  return [...words, ...wordsOf(await say(normal.slice(from)))];
}

/** Persian letters only: verbalising leaves such a word as it is. */
function isPlain(word: string): boolean {
  return isArabicScript([word]) && !/[\p{N}\p{Script=Latin}]/u.test(word);
}
