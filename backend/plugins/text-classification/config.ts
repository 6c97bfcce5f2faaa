import { z } from 'zod';
import { classWeightsOption } from '../../sdk/options';
import { dataPath, validationShare } from '../../sdk/schema';

const normalization = z
  .strictObject({
    letters: z
      .boolean()
      .default(true)
      .describe('Arabic yeh, kaf and heh, and letters stored by their shape, become Persian letters.'),
    digits: z
      .enum(['persian', 'latin', 'keep'])
      .default('persian')
      .describe('The form that Persian, Arabic and Latin digits take.'),
    diacritics: z.boolean().default(true).describe('Vowel signs, tanwin and shadda are taken off.'),
    halfSpace: z
      .enum(['keep', 'space', 'remove'])
      .default('keep')
      .describe('Zero-width non-joiners are set right and kept, or become spaces, or nothing.'),
    affixes: z
      .boolean()
      .default(false)
      .describe('Prefixes and endings that stand apart are joined to their word; a guess.'),
    punctuation: z.boolean().default(true).describe('Spaces around punctuation are set right.'),
    lowerCase: z.boolean().default(true).describe('Latin letters become small ones.'),
  })
  .prefault({})
  .describe('What is made the same before anything is learnt; the model carries it along.');

export const dataOptions = z.strictObject({
  path: dataPath(
    'A CSV or TSV file with a header line, or JSONL with an object a line, in UTF-8: one example each.',
  ),
  text: z
    .string()
    .min(1)
    .optional()
    .describe('The column (or key) with the text; guessed from its name when left out.'),
  label: z
    .string()
    .min(1)
    .optional()
    .describe('The column (or key) with the label to learn; guessed from its name when left out.'),
  validation: validationShare(0.15),
  validationPath: dataPath(
    'A file of its own to measure the model by, with the same columns; `validation` is not used then.',
  ).optional(),
  classWeights: classWeightsOption
    .default('none')
    .describe('As `training.classWeights`, which comes before it; kept for older configs.'),
  typos: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'Share of the training texts that get a slip of the keyboard, anew in each epoch: a character lost, doubled, replaced or swapped. For short, noisy texts.',
    ),
  normalization,
});
export type DataOptions = z.output<typeof dataOptions>;

export const modelOptions = z.strictObject({
  unit: z
    .enum(['character', 'subword'])
    .default('character')
    .describe('What the model reads: characters for names and short texts, pieces of words for long ones.'),
  vocabulary: z
    .number()
    .int()
    .min(16)
    .max(100_000)
    .default(4000)
    .describe('The most characters or pieces of words that are told apart; the rest are one unknown.'),
  length: z
    .number()
    .int()
    .min(3)
    .max(4096)
    .optional()
    .describe(
      'Tokens looked at, the ends included; by default as many as the longest text has, at most 256.',
    ),
  embedding: z.number().int().min(2).max(512).default(32).describe('Numbers that describe each token.'),
  filters: z
    .number()
    .int()
    .min(2)
    .max(1024)
    .default(64)
    .describe('Channels of each convolution over neighbouring tokens.'),
  kernels: z
    .array(z.number().int().min(1).max(15))
    .max(8)
    .default([2, 3, 4])
    .describe('Tokens that each convolution sees at once, one convolution each; none: n-grams alone.'),
  heads: z
    .number()
    .int()
    .min(0)
    .max(16)
    .default(2)
    .describe('Attention poolings, each choosing where in the text to look, beside the maximum.'),
  ngrams: z
    .strictObject({
      buckets: z
        .number()
        .int()
        .min(0)
        .max(1_048_576)
        .default(16_384)
        .describe('Places that n-grams of characters are hashed to; 0 leaves the n-grams out.'),
      longest: z.number().int().min(1).max(8).default(5).describe('Characters of the longest n-gram.'),
      size: z.number().int().min(1).max(256).default(16).describe('Numbers that describe each n-gram.'),
      dropout: z
        .number()
        .min(0)
        .max(0.95)
        .default(0.3)
        .describe('Share of what the n-grams say that is left out at random in training.'),
    })
    .prefault({})
    .describe(
      'The wide half of the model: a bag of the n-grams of characters, with gaps and without spaces.',
    ),
  hidden: z
    .number()
    .int()
    .min(0)
    .max(4096)
    .default(0)
    .describe('Units of a dense layer before the last; 0 for none.'),
  dropout: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.4)
    .describe('Share of the final features left out at random in training.'),
  embeddingDropout: z
    .number()
    .min(0)
    .max(0.95)
    .default(0.1)
    .describe('Share of the embeddings left out at random in training.'),
  labelSmoothing: z
    .number()
    .min(0)
    .max(0.5)
    .default(0.1)
    .describe('Share of the target spread over all labels, so that the model is not too sure of noisy ones.'),
});
export type ModelOptions = z.output<typeof modelOptions>;
