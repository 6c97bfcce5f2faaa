/** Pronouncing lexicons: the project's own, and the one that ships beside the model. */
import { lettersOf } from '../../ml/g2p/letters';
import { normalize } from '../../ml/text/normalize';
import { StudioError } from '../../protocol/wire/errors';
import { readPackedText } from '../sdk/pronouncer';

/** Phonemes, with spaces between, by `keyOf` a word. */
export type Lexicon = ReadonlyMap<string, string>;

/** A word is looked up as the model would read it: without joiners and vowel marks. */
export function keyOf(word: string): string {
  return lettersOf(normalize(word)).join('');
}

/** Lines of a word, a tab and its phonemes; `#` begins a comment. Of two lines for one word the first counts. */
export function parseLexicon(text: string, file: string): Lexicon {
  const words = new Map<string, string>();
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '' || line.startsWith('#')) return;
    const [word = '', phonemes] = line.replace(/^\ufeff/, '').split('\t');
    const key = keyOf(word);
    if (phonemes === undefined || phonemes.trim() === '' || key === '') {
      const message = `Line ${i + 1} of the lexicon ${file} is not a word, a tab and its phonemes.`;
      throw new StudioError('dataset.unsupported', message, { details: { path: file, line: i + 1 } });
    }
    if (!words.has(key)) words.set(key, phonemes.trim());
  });
  return words;
}

/** The lexicon beside a model, whose keys were made when it was packed; without one, no word is known. Throws `model.corrupt`. */
export async function readPacked(modelPath: string): Promise<Lexicon> {
  const rows = (await readPackedText(modelPath)).split('\n').flatMap((line) => {
    const tab = line.indexOf('\t');
    return tab < 0 ? [] : [[line.slice(0, tab), line.slice(tab + 1)] as const];
  });
  return new Map(rows);
}
