import { z } from 'zod';
import { dataPath, validationShare } from '../../sdk/schema';

export const dataOptions = z.strictObject({
  path: dataPath(
    'Recordings of one speaker with their texts: a folder in the layout of LJSpeech or Common Voice, a CSV, TSV or JSONL, or Parquet as the hub ships it.',
  ),
  validationPath: dataPath('More of the same to measure the voice by; part of `path` by default.').optional(),
  validation: validationShare(0.05).describe(
    'Share of the recordings kept out of training, to measure the voice by, where there is no validationPath. Equal texts stay together.',
  ),
  speaker: z
    .string()
    .min(1)
    .optional()
    .describe('Only the recordings of this speaker, where the data names speakers.'),
  lexicon: dataPath(
    'Words with their phonemes, which are asked first: a word, a tab and its phonemes with spaces between, a line.',
  ).optional(),
  pronouncer: dataPath(
    'The folder of a trained `grapheme-to-phoneme` model, for the words that the lexicon lacks; that of Goya for Persian by default.',
  ).optional(),
  recogniser: dataPath(
    'The folder of a trained `speech-recognition` model that reads back what the voice says of the sample sentences: `val_cer`, or `val_per` where it writes phonemes.',
  ).optional(),
  longest: z
    .number()
    .min(1)
    .max(60)
    .default(20)
    .describe('Seconds. Longer recordings are left out, and said to be.'),
});
export type DataOptions = z.output<typeof dataOptions>;

export const modelOptions = z.strictObject({
  from: dataPath(
    'The folder of a trained voice to go on from, of the same speaker or another one; its model must have the same sizes.',
  ).optional(),
  reading: z
    .enum(['phonemes', 'characters'])
    .default('phonemes')
    .describe(
      'What the voice reads. `phonemes`: words are pronounced first, by lexicon and pronouncer. `characters`: the letters as written, for other languages; harder to learn, as Persian does not write short vowels.',
    ),
  encoderChannels: z
    .number()
    .int()
    .min(16)
    .max(1024)
    .default(160)
    .describe('Numbers that stand for each sound.'),
  encoderConvolutions: z
    .number()
    .int()
    .min(1)
    .max(16)
    .default(5)
    .describe('Convolution blocks over the sounds.'),
  decoderChannels: z
    .number()
    .int()
    .min(16)
    .max(1024)
    .default(224)
    .describe('Numbers that stand for each frame.'),
  decoderConvolutions: z
    .number()
    .int()
    .min(1)
    .max(16)
    .default(6)
    .describe('Convolution blocks over the frames.'),
  kernelSize: z
    .number()
    .int()
    .min(1)
    .max(31)
    .default(5)
    .describe('Sounds, and frames, that a convolution sees.'),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.1)
    .describe('Share of numbers dropped in training, on the way from sounds to spectra.'),
  sampleRate: z
    .number()
    .int()
    .min(8000)
    .max(48_000)
    .default(22_050)
    .describe('Hz. Recordings of other rates are resampled.'),
  mels: z.number().int().min(20).max(128).default(80).describe('Bands of the log-mel spectrum.'),
  vocoder: dataPath(
    'Folder of a downloaded HiFi-GAN such as `microsoft/speecht5_hifigan`, which makes the waveform instead of Griffin and Lim. It gives sampling rate and spectra, whatever `sampleRate` and `mels` say, and is copied into the model.',
  ).optional(),
});
export type ModelOptions = z.output<typeof modelOptions>;
