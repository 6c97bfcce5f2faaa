/** Real words by the thousand for sentences to train a recogniser on: one that hears a few hundred words learns them by heart. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const data = path.join(import.meta.dirname, '..', '..', 'samples', 'workspace', 'data');
const persian = /^[\u0621-\u064a\u067e\u0686\u0698\u06a9\u06af\u06cc\u200c]+$/;
const shortest = 2;

/**
 * Words of a list, a word a line; what follows a slash, a tab or a space is not the word. A Hunspell dictionary's flags tell its
 * adjectives (they have a superlative, `st`) and what is inflected at all; a plain list's words are all taken for nouns. `all`: every word.
 */
export async function readWordList(file) {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
  const entries = lines.map((line) => {
    const [, word = '', flags = ''] = /^([^/\t ]*)(?:\/(\S*))?/.exec(line) ?? [];
    return { word: word.normalize('NFC'), flags: flags.match(/../g) ?? [] };
  });
  const isWord = (word) => persian.test(word) && word.length >= shortest && !/^(?:ن?می|همی)\u200c/.test(word);
  const known = entries.filter(({ word }) => isWord(word));
  const inflected = known.some(({ flags }) => flags.length > 0);
  const qualities = known.filter(({ flags }) => flags.includes('st'));
  const nouns = known.filter(({ flags }) => !flags.includes('st') && (flags.length > 0 || !inflected));
  const wordsOf = (some) => [...new Set(some.map(({ word }) => word))];
  return { things: wordsOf(nouns), qualities: wordsOf(qualities), all: new Set(wordsOf(entries)) };
}

/** Those of the sample workspace: given names, and the pronunciation lexicon's words that are no forms of verbs. */
export async function sampleWords() {
  const column = async (...place) =>
    (await readFile(path.join(data, ...place), 'utf8')).split(/\r?\n/).map((line) => line.split('\t')[0]);
  const lexicon = await column('lexicon', 'train.tsv');
  const names = (await column('names', 'train.tsv')).filter((name) => persian.test(name));
  return { things: withoutVerbs(lexicon).filter((word) => persian.test(word)), names };
}

/** A stem is a verb's when most persons of it are words: the lexicon has the forms of each verb, run together. */
function withoutVerbs(words) {
  const all = new Set(words);
  const ofVerb = (stem) => ['م', 'ی', 'یم', 'ید', 'ند'].filter((person) => all.has(stem + person)).length > 3;
  const endings = ['', 'م', 'ی', 'د', 'یم', 'ید', 'ند', 'ه', 'هام', 'های', 'هایم', 'هاید', 'هاند'];
  return words.filter(
    (word) =>
      word.length > 2 &&
      !/^(?:ن?می|همی|م)/.test(word) &&
      !endings.some((ending) => word.endsWith(ending) && ofVerb(word.slice(0, word.length - ending.length))),
  );
}

/** Whether a word is one of others or made of one: then it may be in no training sentence when those are kept apart. */
export function isRelated(word, others) {
  const parts = word.split('\u200c');
  return others.some(
    (other) => parts.includes(other) || word === other || (other.length > 3 && word.includes(other)),
  );
}
