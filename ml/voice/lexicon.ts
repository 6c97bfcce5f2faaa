/** Words with their phonemes, as a person or a program wrote them down: `word<TAB>phoneme phoneme …` a line. */
import { lettersOf } from '../g2p/letters';
import { normalize } from '../text/normalize';
import type { Pronounce } from './reading';

export type Lexicon = ReadonlyMap<string, readonly string[]>;

/** A word is looked up without joiners and vowel marks, which spelling leaves to the writer. */
const keyOf = (word: string): string => lettersOf(normalize(word)).join('').toLowerCase();

export interface LexiconFile {
  readonly lexicon: Lexicon;
  /** Lines, from 1, that are no entry. */
  readonly faults: readonly number[];
}

/** Of several entries of a word the first counts. Empty lines and those that begin with `#` are none. */
export function parseLexicon(text: string): LexiconFile {
  const lexicon = new Map<string, readonly string[]>();
  const faults: number[] = [];
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .forEach((line, i) => {
      if (line.trim() === '' || line.startsWith('#')) return;
      const [word = '', phonemes = ''] = line.split('\t');
      const sounds = phonemes.normalize('NFC').split(/\s+/).filter(Boolean);
      const key = keyOf(word);
      if (key === '' || sounds.length === 0) faults.push(i + 1);
      else if (!lexicon.has(key)) lexicon.set(key, sounds);
    });
  return { lexicon, faults };
}

/** Asks the lexicon first, and `others` for the words that it lacks. */
export function pronounceBy(lexicon: Lexicon | undefined, others: Pronounce | undefined): Pronounce {
  return async (words) => {
    const known = words.map((word) => lexicon?.get(keyOf(word)));
    const missing = words.filter((_, i) => known[i] === undefined);
    const found = missing.length === 0 || others === undefined ? [] : await others(missing);
    let next = 0;
    return known.map((sounds) => sounds ?? found[next++] ?? []);
  };
}

/** The same words as `parseLexicon` reads them. */
export function lexiconText(lexicon: Lexicon): string {
  return [...lexicon].map(([word, sounds]) => `${word}\t${sounds.join(' ')}\n`).join('');
}
