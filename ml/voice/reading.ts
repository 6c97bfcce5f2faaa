/** From text to the symbols that a voice speaks: numbers in words, words as phonemes or letters, pauses where they are written. */
import { wordsOf } from '../g2p/words';
import { normalize } from '../text/normalize';
import { verbalize } from '../text/speech/verbalize';
import { closing, opening, pauseOf, wordGap } from './symbols';

export interface Reading {
  readonly kind: 'phonemes' | 'characters';
  /** Persian text is put into words and into one form of each letter first. */
  readonly persian: boolean;
}

/** Phonemes of each word, in order; none for a word that cannot be pronounced. */
export type Pronounce = (words: readonly string[]) => Promise<readonly (readonly string[])[]>;

/** A word, or the pause that stands between two. */
export type Unit = { readonly word: string } | { readonly pause: string };

const unitPattern = /[\p{L}\p{M}\p{N}\u200c\u200d\u0640'’]+|[،,؛;:–—.…。؟?!]/gu;
const silent = /[\u200c\u200d\u0640]/gu;

/** Words and pauses of a text. `inWords: false` leaves numbers and signs as they are. */
export function unitsOf(text: string, { persian }: Pick<Reading, 'persian'>, inWords = true): Unit[] {
  const given = persian ? (inWords ? verbalize(text, { diacritics: 'keep' }) : normalize(text)) : text;
  const units: Unit[] = [];
  for (const [piece] of given.normalize('NFC').matchAll(unitPattern)) {
    const pause = pauseOf(piece);
    const last = units.at(-1);
    if (pause === undefined) units.push({ word: persian ? piece : piece.toLowerCase() });
    // Of several marks the last counts; a text does not begin with one.
    else if (last !== undefined && 'pause' in last) units[units.length - 1] = { pause };
    else if (last !== undefined) units.push({ pause });
  }
  return units;
}

export const wordsIn = (units: readonly Unit[]): string[] =>
  units.flatMap((unit) => ('word' in unit ? wordsOf(unit.word) : []));

/** Symbols of what one utterance says, and the words for which there are none. */
export async function symbolsOf(
  units: readonly Unit[],
  reading: Reading,
  pronounce: Pronounce,
): Promise<{ readonly symbols: string[]; readonly unspoken: string[] }> {
  const words = units.flatMap((unit) => ('word' in unit ? [unit.word] : []));
  const spoken = reading.kind === 'characters' ? words.map(lettersOf) : await pronounce(words);
  const symbols = [opening];
  const unspoken: string[] = [];
  let [next, gap] = [0, ''];
  for (const unit of units) {
    if ('pause' in unit) {
      gap = unit.pause;
      continue;
    }
    const sounds = spoken[next] ?? [];
    if (sounds.length === 0) unspoken.push(words[next] ?? '');
    next++;
    if (sounds.length === 0) continue;
    if (symbols.length > 1) symbols.push(gap === '' ? wordGap : gap);
    symbols.push(...sounds);
    gap = '';
  }
  if (gap !== '' && symbols.length > 1) symbols.push(gap);
  return { symbols: [...symbols, closing], unspoken };
}

export const lettersOf = (word: string): string[] => Array.from(word.replace(silent, ''));

/** Whether most letters are of the Arabic script: Persian is what is put into words here. */
export function isPersian(texts: readonly string[]): boolean {
  let [arabic, other] = [0, 0];
  for (const text of texts) {
    arabic += text.match(/\p{Script=Arabic}/gu)?.length ?? 0;
    other += text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  }
  return arabic > other;
}
