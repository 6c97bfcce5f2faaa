import { z } from 'zod';
import { dataPath, validationShare } from '../../sdk/schema';

export const dataOptions = z.strictObject({
  path: dataPath(
    'A folder with one folder of wav files for each label, or a CSV that lists files and labels.',
  ),
  audio: z
    .string()
    .min(1)
    .default('file')
    .describe('CSV only: the column that names each wav file, relative to the CSV.'),
  label: z.string().min(1).default('label').describe('CSV only: the column with the label.'),
  validation: validationShare(0.15),
  augmentation: z
    .strictObject({
      shift: z.number().min(0).max(1).default(0.1).describe('Clips are moved by up to this many seconds.'),
      speed: z.number().min(0).max(0.5).default(0.18).describe('Faster or slower by up to this share.'),
      voice: z
        .number()
        .min(0)
        .max(0.5)
        .default(0.12)
        .describe('Frequencies are stretched by up to this share, as by a longer or shorter throat.'),
      noise: z.number().min(0).max(1).default(0.7).describe('Share of the clips that get noise added.'),
      gain: z
        .number()
        .min(0)
        .max(24)
        .default(4)
        .describe('Decibels by which loudness and the colour of voice and microphone change, up and down.'),
      masks: z
        .number()
        .int()
        .min(0)
        .max(4)
        .default(1)
        .describe('Stretches of time and bands of pitch blanked in each clip (SpecAugment).'),
    })
    .prefault({})
    .describe('Changes made to every training clip, anew in each epoch, so that little data goes further.'),
});
export type DataOptions = z.output<typeof dataOptions>;

export const modelOptions = z.strictObject({
  filters: z.number().int().min(4).max(512).default(64).describe('Channels of each convolution.'),
  blocks: z
    .number()
    .int()
    .min(1)
    .max(8)
    .default(4)
    .describe('Depthwise-separable convolutions after the first.'),
  dropout: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.2)
    .describe('Share of the final features dropped in training.'),
  seconds: z
    .number()
    .min(0.1)
    .max(30)
    .default(1)
    .describe('Length the model looks at. Longer clips are cut to their loudest part.'),
  sampleRate: z
    .number()
    .int()
    .min(4000)
    .max(48_000)
    .default(16_000)
    .describe('Hz. Clips of other rates are resampled.'),
  mels: z.number().int().min(10).max(128).default(40).describe('Bands of the log-mel spectrum.'),
});
export type ModelOptions = z.output<typeof modelOptions>;
