import { readFile } from 'node:fs/promises';

/** Words and phonemes of a TSV file. */
export async function readLexicon(file) {
  const text = await readFile(file, 'utf8');
  return text
    .split(/\r?\n/)
    .filter((line) => line !== '')
    .map((line) => {
      const [word, phonemes] = line.split('\t');
      return { word, phonemes: phonemes.split(' ') };
    });
}

/** Fewest insertions, deletions and substitutions from one list to the other. */
export function distance(a, b) {
  let row = b.map((_, j) => j + 1);
  row.unshift(0);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1), row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[b.length];
}

/** Phoneme and word error rates of answers to a lexicon. */
export function errorRates(lexicon, answers) {
  let [edits, phonemes, wrong] = [0, 0, 0];
  lexicon.forEach((entry, i) => {
    const own = distance(entry.phonemes, answers[i]);
    edits += own;
    phonemes += entry.phonemes.length;
    if (own > 0) wrong += 1;
  });
  return { per: edits / phonemes, wer: wrong / lexicon.length };
}
