import { z } from 'zod';
import { ignoredCharacters } from '../../../ml/g2p/letters';
import { dataPath, validationShare } from '../../sdk/schema';

const stems = z
  .strictObject({
    prefixes: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'Beginnings that inflection puts before a stem; the first that a word begins with is taken off.',
      ),
    letters: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(3)
      .describe('Letters after the prefix that make the stem.'),
  })
  .describe(
    'How to tell the stem of a word where the file has no third column with it. Without stems each word is its own.',
  );

const augmentation = z
  .strictObject({
    swap: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe(
        'Share of the words in whose stems consonants are exchanged for others, in spelling and sound alike, so that the model learns patterns instead of stems.',
      ),
    letters: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Share of the consonants of such a stem that are exchanged.'),
  })
  .prefault({})
  .describe('Changes made to training words, anew in each epoch.');

const rates = z.strictObject({
  per: z.number().min(0).describe('Phoneme error rate, 0.1 for 10 %.'),
  wer: z.number().min(0).max(1).describe('Word error rate.'),
  stemPer: z.number().min(0).describe('Mean over stems of the phoneme error rate.').optional(),
  stemWer: z.number().min(0).max(1).describe('Mean over stems of the word error rate.').optional(),
});

const reference = z
  .strictObject({
    name: z.string().min(1).describe('What was measured.'),
    validation: rates.describe('On the validation words.').optional(),
    withheld: rates.describe('On the withheld words.').optional(),
  })
  .describe("Another program's error rates on the same words, to stand beside the model's in the report.");

export const dataOptions = z.strictObject({
  path: dataPath(
    'A TSV file in UTF-8 without a header: a word, a tab, its phonemes with spaces between; a third column may hold its stem.',
  ),
  validationPath: dataPath(
    'A TSV file of the same form to measure the model by; part of `path` by default.',
  ).optional(),
  validation: validationShare(0.05).describe(
    'Share of the words kept out of training, to measure the model by, where there is no validationPath. Stems stay together.',
  ),
  withheld: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .describe(
      'Share of the words of `path` that take part in nothing but the report: neither training nor the choice of the epoch. Whole stems, the same ones whatever the seed.',
    ),
  reference: reference.optional(),
  stems: stems.optional(),
  ignore: z
    .string()
    .default(ignoredCharacters)
    .describe('Characters taken out of words, in training and later: joiners, elongation, vowel marks.'),
  balance: z
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe(
      'How much frequent stems are held back: words are drawn in proportion to n^-balance, n being the words of their stem. 0: each word once an epoch.',
    ),
  epochWords: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Words in an epoch, after which the model is measured; as many as the file has by default.'),
  augmentation,
});
export type DataOptions = z.output<typeof dataOptions>;

export const modelOptions = z.strictObject({
  channels: z.number().int().min(8).max(1024).default(128).describe('Numbers that stand for each letter.'),
  convolutions: z.number().int().min(0).max(12).default(3).describe('Convolution blocks.'),
  kernelSize: z.number().int().min(1).max(15).default(5).describe('Letters that a convolution sees.'),
  attention: z.number().int().min(0).max(12).default(2).describe('Attention blocks after the convolutions.'),
  heads: z
    .number()
    .int()
    .min(1)
    .max(16)
    .default(4)
    .describe('Heads of each attention block; must divide `channels`.'),
  inner: z.number().int().min(8).max(4096).default(256).describe('Width inside the attention blocks.'),
  upsampling: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(2)
    .describe('Frames for each letter: a word may have at most this many phonemes a letter.'),
  members: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(1)
    .describe(
      'Networks trained side by side, whose probabilities are averaged: fewer mistakes, at so many times the size and time.',
    ),
  dropout: z.number().min(0).max(0.9).default(0.2).describe('Share of numbers dropped in training.'),
});
export type ModelOptions = z.output<typeof modelOptions>;
