/** Words to phonemes with a trained model. */
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { greedyDecode } from '../ctc/decode';
import type { GraphemePreprocessing } from '../trained/metadata';
import { MlError } from '../errors';
import { normalize } from '../text/normalize';
import type { TrainedModel } from '../trained/load';
import { networksOf } from './compile';
import { scoreByAll, type Network } from './network';
import { isArabicScript, wordsOf } from './words';
import { alphabetIds, encodeLetters, lettersOf, padRows } from './letters';

/** What `goya.json` says of such a model. */
export interface GraphemeModel {
  readonly model: LayersModel;
  /** Phonemes; the first is the CTC blank. */
  readonly labels: readonly string[];
  readonly preprocessing: GraphemePreprocessing;
}

/** Words read at once: more take memory, and no less time. */
const batchSize = 64;
/** Up to so many words are read one by one without tensors; for more, tensors are faster. */
const fewWords = 4;
/** No word is longer; what goes on is cut off, as attention takes memory by the square. */
const mostLetters = 64;

/**
 * The phonemes of each word, in order. Letters that the model was not trained on are left out; a word without any
 * that it knows (digits, another script) has no phonemes.
 */
export async function phonemizeWords(trained: GraphemeModel, words: readonly string[]): Promise<string[][]> {
  const { alphabet, ignored } = trained.preprocessing;
  const ids = alphabetIds(alphabet);
  const encoded = words.map((word) =>
    encodeLetters(lettersOf(word.normalize('NFC'), ignored), ids).ids.slice(0, mostLetters),
  );
  const known = encoded.flatMap((row, i) => (row.length > 0 ? [i] : []));
  known.sort((a, b) => (encoded[a]?.length ?? 0) - (encoded[b]?.length ?? 0));
  const answers: string[][] = words.map(() => []);
  const networks = known.length <= fewWords ? networksOf(trained.model) : undefined;
  if (networks !== undefined) {
    for (const at of known) answers[at] = decodeWord(trained, networks, encoded[at] ?? []);
    return answers;
  }
  for (let from = 0; from < known.length; from += batchSize) {
    const part = known.slice(from, from + batchSize);
    const rows = part.map((i) => encoded[i] ?? []);
    const spoken = await decodeRows(trained, rows);
    part.forEach((at, i) => (answers[at] = spoken[i] ?? []));
  }
  return answers;
}

export interface SpokenWord {
  /** Normalised. */
  readonly word: string;
  readonly phonemes: readonly string[];
  /** Its letters that the model was not trained on and that were left out; absent without any. */
  readonly unknown?: readonly string[];
}

/** A text's words in order, normalised when the model reads Persian, with their phonemes. */
export async function phonemizeText(
  { model, metadata }: Pick<TrainedModel, 'model' | 'metadata'>,
  text: string | readonly string[],
): Promise<SpokenWord[]> {
  const { labels, preprocessing } = metadata;
  if (preprocessing.kind !== 'graphemes') {
    throw new MlError(
      'model.unsupported',
      `"${metadata.name}" takes ${preprocessing.kind}, not words to pronounce.`,
    );
  }
  const tidy = isArabicScript(preprocessing.alphabet) ? normalize : (given: string): string => given;
  const words = typeof text === 'string' ? wordsOf(tidy(text)) : text.map((word) => tidy(word));
  const spoken = await phonemizeWords({ model, labels, preprocessing }, words);
  const ids = alphabetIds(preprocessing.alphabet);
  return words.map((word, i) => {
    const { unknown } = encodeLetters(lettersOf(word.normalize('NFC'), preprocessing.ignored), ids);
    const named = unknown.length === 0 ? {} : { unknown: [...new Set(unknown)] };
    return { word, phonemes: spoken[i] ?? [], ...named };
  });
}

function decodeWord(
  { labels, preprocessing }: GraphemeModel,
  networks: readonly Network[],
  ids: readonly number[],
): string[] {
  const best = greedyDecode(scoreByAll(networks, ids), ids.length * preprocessing.upsampling, labels.length);
  return best.map((label) => labels[label] ?? '');
}

async function decodeRows(
  { model, labels, preprocessing }: GraphemeModel,
  rows: readonly number[][],
): Promise<string[][]> {
  const { data, length } = padRows(rows);
  const scores = tf.tidy(
    () => model.predict(tf.tensor2d(data, [rows.length, length], 'int32')) as tf.Tensor3D,
  );
  const values = await scores.data<'float32'>();
  const [, frames, classes] = scores.shape;
  scores.dispose();
  return rows.map((row, i) => {
    const own = values.subarray(i * frames * classes, (i + 1) * frames * classes);
    const best = greedyDecode(own, row.length * preprocessing.upsampling, classes);
    return best.map((label) => labels[label] ?? '');
  });
}
