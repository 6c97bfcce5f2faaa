import { z } from 'zod';
import { dataPath, validationShare } from '../../sdk/schema';

const augmentation = z
  .strictObject({
    speed: z.number().min(0).max(0.5).default(0.12).describe('Faster or slower by up to this share.'),
    voice: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.1)
      .describe('Frequencies are stretched by up to this share, as by a longer or shorter throat.'),
    noise: z
      .number()
      .min(0)
      .max(1)
      .default(0.5)
      .describe('Share of the recordings that get noise, or the voices of others, added.'),
    gain: z
      .number()
      .min(0)
      .max(24)
      .default(4)
      .describe('Decibels by which the colour of voice and microphone changes, up and down.'),
    masks: z
      .number()
      .int()
      .min(0)
      .max(8)
      .default(2)
      .describe('Stretches of time and bands of pitch blanked in each recording (SpecAugment).'),
  })
  .prefault({})
  .describe('Changes made to every recording, anew in each epoch, so that little data goes further.');

export const dataOptions = z.strictObject({
  path: dataPath(
    'Recordings with their texts: a folder in the layout of LJSpeech or Common Voice, a CSV, TSV or JSONL, or Parquet as the hub ships it.',
  ),
  validationPath: dataPath('More of the same to measure the model by; part of `path` by default.').optional(),
  validation: validationShare(0.05).describe(
    'Share of the recordings kept out of training, to measure the model by, where there is no validationPath. Equal texts stay together.',
  ),
  speaker: z
    .string()
    .min(1)
    .optional()
    .describe('Only the recordings of this speaker, where the data names speakers.'),
  lexicon: dataPath(
    'For phonemes: words with theirs, which are asked first: a word, a tab and its phonemes with spaces between, a line.',
  ).optional(),
  pronouncer: dataPath(
    'For phonemes: the folder of a trained `grapheme-to-phoneme` model, for the words that the lexicon lacks; that of Goya for Persian by default.',
  ).optional(),
  texts: dataPath(
    'A text file, a sentence a line: what people say here. The recogniser learns its spelling besides that of the transcripts.',
  ).optional(),
  words: dataPath(
    'A word list or a text of words that may be said, whatever the transcripts have: a word a line, a Hunspell dictionary (.dic), or running text, whose frequent words count for more.',
  ).optional(),
  longest: z
    .number()
    .min(1)
    .max(60)
    .default(20)
    .describe('Seconds. Longer recordings are left out, and said to be.'),
  augmentation,
});
export type DataOptions = z.output<typeof dataOptions>;

export const modelOptions = z.strictObject({
  encoder: dataPath(
    'Folder of a downloaded Wav2Vec2 or Whisper. The recogniser hears with its encoder, which stays as it is, and learns only to write: minutes of speech are enough to begin with.',
  ).optional(),
  units: z
    .enum(['characters', 'phonemes'])
    .default('characters')
    .describe(
      'What the recogniser writes. `phonemes`: the texts are pronounced first, by lexicon and pronouncer, as a voice reads them; its answers are sounds, which measure a voice.',
    ),
  channels: z.number().int().min(16).max(1024).default(192).describe('Numbers that stand for each frame.'),
  convolutions: z
    .number()
    .int()
    .min(0)
    .max(16)
    .optional()
    .describe('Convolution blocks: 6 by default, 1 after an encoder.'),
  kernelSize: z.number().int().min(1).max(31).default(7).describe('Frames of 20 ms that a convolution sees.'),
  attention: z
    .number()
    .int()
    .min(0)
    .max(8)
    .default(0)
    .describe('Attention blocks after the convolutions: better with many hours of speech, slower.'),
  heads: z
    .number()
    .int()
    .min(1)
    .max(16)
    .default(4)
    .describe('Heads of each attention block; must divide `channels`.'),
  dropout: z.number().min(0).max(0.9).default(0.1).describe('Share of numbers dropped in training.'),
  sampleRate: z
    .number()
    .int()
    .min(8000)
    .max(48_000)
    .default(16_000)
    .describe('Hz. Recordings of other rates are resampled.'),
  mels: z.number().int().min(20).max(128).default(64).describe('Bands of the log-mel spectrum.'),
  prior: z
    .strictObject({
      order: z
        .number()
        .int()
        .min(0)
        .max(10)
        .default(6)
        .describe(
          'Characters that are looked at together; 0: no prior, the best letter of each frame counts.',
        ),
      weight: z
        .number()
        .min(0)
        .max(5)
        .default(0.5)
        .describe('How much the prior counts against what was heard.'),
      perCharacter: z
        .number()
        .min(-5)
        .max(5)
        .default(0.6)
        .describe('Added for each character, since a prior alone prefers short texts.'),
      known: z
        .number()
        .min(0)
        .max(0.99)
        .default(0.8)
        .describe(
          'Share of the words said that are thought to be in `data.words`; more of it leaves less to the spelling.',
        ),
      width: z.number().int().min(1).max(64).default(12).describe('Texts followed at once.'),
    })
    .prefault({})
    .describe(
      'What the recogniser knows of spelling, counted in the transcripts and `data.texts`; none with phonemes.',
    ),
});
export type ModelOptions = z.output<typeof modelOptions>;

export const convolutionsOf = ({ convolutions, encoder }: ModelOptions): number =>
  convolutions ?? (encoder === undefined ? 6 : 1);
