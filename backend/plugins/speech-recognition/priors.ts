/** What the recogniser knows of texts before it hears any: spelling, counted, and a list of words. */
import { readFile } from 'node:fs/promises';
import { CharacterPrior } from '../../../ml/ctc/characterPrior';
import { WordPrior } from '../../../ml/ctc/wordPrior';
import { transcriptOf } from '../../../ml/speech/transcript';
import { priorName, wordsName } from '../../../ml/trained/metadata';
import { breathe } from '../../sdk/breathe';
import type { PrepareContext } from '../../sdk/trainingTask';
import type { DataOptions, ModelOptions } from './config';
import { readTexts, type Utterance } from './data';
import { headwordOf } from './wordList';

export interface Priors {
  readonly prior: CharacterPrior | undefined;
  readonly words: WordPrior | undefined;
  /** By their names in the model's folder. */
  readonly files: Readonly<Record<string, string>>;
}

export async function priorsOf(
  { data, model, resolve, signal }: PrepareContext<DataOptions, ModelOptions>,
  training: readonly Utterance[],
): Promise<Priors> {
  if (model.prior.order === 0 || model.units === 'phonemes')
    return { prior: undefined, words: undefined, files: {} };
  const texts = data.texts === undefined ? [] : await readTexts(resolve(data.texts));
  const own = training.map(({ transcript }) => transcript);
  const prior = CharacterPrior.count([...own, ...texts], model.prior.order);
  const list = data.words === undefined ? undefined : await readWords(resolve(data.words), signal);
  const words = list === undefined ? undefined : WordPrior.count(list);
  return {
    prior,
    words,
    files: {
      [priorName]: JSON.stringify(prior.toFile()),
      ...(words === undefined ? {} : { [wordsName]: words.toText() }),
    },
  };
}

/** Words of a list, normalised; lets others in between. */
async function readWords(file: string, signal: AbortSignal): Promise<string[]> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/);
  const all: string[] = [];
  for (const [i, line] of lines.entries()) {
    if (i % 2000 === 0) {
      await breathe();
      signal.throwIfAborted();
    }
    all.push(transcriptOf(headwordOf(line)));
  }
  return all;
}
