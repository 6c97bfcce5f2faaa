/** Reads a pronouncing lexicon. No tensors: the main process uses this too. */
import { readFile } from 'node:fs/promises';
import { lettersOf } from '../../../ml/g2p/letters';
import type { DataOptions } from './config';
import { checkBytes } from '../../sdk/textHead';
import { say } from './words';

export interface Entry {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly word: string;
  /** The word without ignored characters. */
  readonly letters: readonly string[];
  readonly phonemes: readonly string[];
  readonly stem: string;
}

export interface LineFault {
  readonly line: number;
  readonly message: string;
}

export interface Lexicon {
  readonly entries: readonly Entry[];
  readonly faults: readonly LineFault[];
}

type Reading = Pick<DataOptions, 'ignore' | 'stems'>;

/** Rejects with what the file system says, and with `TableError` for what is not UTF-8. The file is read as a whole: lexicons are small, and this is called as one types. */
export async function readLexicon(file: string, options: Reading, signal: AbortSignal): Promise<Lexicon> {
  const bytes = await readFile(file, { signal });
  checkBytes(bytes);
  const text = bytes.toString('utf8');
  const entries: Entry[] = [];
  const faults: LineFault[] = [];
  text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .forEach((row, i) => {
      if (row.trim() === '') return;
      const entry = entryOf(row.split('\t'), i + 1, options);
      if (typeof entry === 'string') faults.push({ line: i + 1, message: entry });
      else entries.push(entry);
    });
  return { entries, faults };
}

/** Attention looks from each letter at all others: one endless word would take the memory of all. */
const longestWord = 200;

/** The entry of a row, or what is wrong with it. */
function entryOf(cells: readonly string[], line: number, options: Reading): Entry | string {
  const [word = '', spoken, stem] = cells.map((cell) => cell.trim().normalize('NFC'));
  if (spoken === undefined) return say`"${word}" has no tab and no phonemes after it.`;
  if (cells.length > 3)
    return say`there are ${cells.length} columns; a word, its phonemes and perhaps its stem are wanted.`;
  const letters = lettersOf(word, options.ignore);
  const phonemes = spoken.split(/\s+/).filter((phoneme) => phoneme !== '');
  if (letters.length === 0) return say`the word is empty.`;
  if (letters.length > longestWord)
    return say`"${Array.from(word).slice(0, 20).join('')}…" has ${letters.length} letters; words of up to ${longestWord} can be learnt.`;
  if (phonemes.length === 0) return say`"${word}" has no phonemes.`;
  return {
    line,
    word,
    letters,
    phonemes,
    stem: stem === undefined || stem === '' ? stemOf(letters, options) : stem,
  };
}

/** Letters left after a prefix, without which there is no stem. */
const shortestRest = 2;

export function stemOf(letters: readonly string[], { stems }: Pick<Reading, 'stems'>): string {
  const word = letters.join('');
  if (stems === undefined) return word;
  const prefix = stems.prefixes.find(
    (one) => word.startsWith(one) && letters.length - Array.from(one).length >= shortestRest,
  );
  const from = prefix === undefined ? 0 : Array.from(prefix).length;
  return letters.slice(from, from + stems.letters).join('');
}

/** Indices of the entries of each stem. */
export function byStem(entries: readonly Entry[]): Map<string, number[]> {
  const groups = new Map<string, number[]>();
  entries.forEach(({ stem }, i) => {
    const group = groups.get(stem);
    if (group === undefined) groups.set(stem, [i]);
    else group.push(i);
  });
  return groups;
}
