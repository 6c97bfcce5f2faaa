/** From examples to what the model takes: vocabulary, lengths, rows of ids. */
import type { TextNgrams, TextPreprocessing } from '../../../ml/trained/metadata';
import { ngramIds } from '../../../ml/trained/textNgrams';
import { Tokenizer } from '../../../ml/trained/textFeatures';
import { breathe } from '../../sdk/breathe';
import type { DataOptions, ModelOptions } from './config';
import { characterVocabulary, subwordVocabulary } from './vocabulary';

const longestByDefault = 256;
const mostNgrams = 1024;
/** A slip of the keyboard may make a text longer, and leave it more n-grams. */
const room = { tokens: 1, ngrams: 12 };

/** All of it learnt from the training texts alone: the validation texts must stay unseen. */
export async function learnPreprocessing(
  texts: readonly string[],
  data: DataOptions,
  model: ModelOptions,
  signal: AbortSignal,
): Promise<TextPreprocessing> {
  const { lowerCase, ...normalization } = data.normalization;
  const tokens =
    model.unit === 'character'
      ? characterVocabulary(texts, model.vocabulary)
      : await subwordVocabulary(texts, model.vocabulary, signal);
  const { buckets, longest } = model.ngrams;
  const ngrams = { buckets, longest, joined: true, gaps: true, count: mostNgrams };
  const sizes = await sizesOf(texts, new Tokenizer(tokens), ngrams, signal);
  const slip = data.typos > 0 ? room : { tokens: 0, ngrams: 0 };
  const length = model.length ?? Math.min(longestByDefault, sizes.tokens + slip.tokens + 2);
  const count = Math.min(mostNgrams, sizes.ngrams + slip.ngrams);
  return {
    kind: 'text',
    normalization,
    lowerCase,
    unit: model.unit,
    tokens,
    length: Math.max(3, length),
    ...(buckets < 2 ? {} : { ngrams: { ...ngrams, count } }),
  };
}

async function sizesOf(
  texts: readonly string[],
  tokenizer: Tokenizer,
  ngrams: TextNgrams,
  signal: AbortSignal,
): Promise<{ tokens: number; ngrams: number }> {
  const most = { tokens: 1, ngrams: 1 };
  for (const text of texts) {
    await breathe();
    signal.throwIfAborted();
    most.tokens = Math.max(most.tokens, tokenizer.encode(text, longestByDefault).length);
    if (ngrams.buckets > 1 && most.ngrams < mostNgrams)
      most.ngrams = Math.max(most.ngrams, ngramIds(text, ngrams).length);
  }
  return most;
}
