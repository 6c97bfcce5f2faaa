import { z } from 'zod';

/**
 * `goya.json`: what a trained model's folder says about its `model.json`, so that any program can feed it.
 * Classifiers answer one probability for each of `labels`, in that order.
 */

/** `[n]` rows become `[n, width]`: a numeric column one number, a categorical one a 1 among `values.length` places. */
export const tabularColumn = z.discriminatedUnion('kind', [
  z.object({
    name: z.string(),
    kind: z.literal('numeric'),
    /** The input is `(value - mean) / std`, with the training rows' figures. */
    mean: z.number(),
    std: z.number().positive(),
  }),
  z.object({ name: z.string(), kind: z.literal('categorical'), values: z.array(z.string()).min(1) }),
]);
export type TabularColumn = z.infer<typeof tabularColumn>;

export const tabularPreprocessing = z.object({
  kind: z.literal('tabular'),
  /** In the order of the model's inputs. */
  columns: z.array(tabularColumn).min(1),
  /** The column that was learnt: not an input. */
  labelColumn: z.string().optional(),
});
export type TabularPreprocessing = z.infer<typeof tabularPreprocessing>;

/**
 * A clip becomes `[frames, mels, 1]`: mono, resampled, fitted to `seconds`, log-mel, normalised per band.
 * `frames = floor(round(seconds * sampleRate) / hop) + 1` (centred frames, reflected ends, periodic Hann window,
 * power spectrum, Slaney filters, natural logarithm of at least `floor`).
 */
const audioFields = z.object({
  kind: z.literal('audio'),
  /** Hz. */
  sampleRate: z.number().int().min(1000).max(192_000),
  /** Length of the window the model sees. A shorter clip is centred in silence, of a longer one the loudest part is taken. */
  seconds: z.number().positive().max(60),
  nFft: z.number().int().min(16).max(16_384),
  hop: z.number().int().min(1).max(16_384),
  mels: z.number().int().min(4).max(512),
  /** Hz. */
  fMin: z.number().nonnegative(),
  fMax: z.number().positive(),
  /** Smallest mel energy before the logarithm. */
  floor: z.number().positive(),
  /** Peak the clip is scaled to first (0..1), so that loudness does not matter; 0: as recorded. */
  peak: z.number().min(0).max(1),
  /** One figure for each mel band, over the training clips. */
  mean: z.array(z.number()),
  std: z.array(z.number().positive()),
});
export const audioPreprocessing = audioFields
  .refine((a) => a.mean.length === a.mels && a.std.length === a.mels, 'mean and std need one figure a band')
  .refine((a) => a.fMin < a.fMax && a.fMax <= a.sampleRate / 2, 'fMax is beyond half the sampling rate');
export type AudioPreprocessing = z.infer<typeof audioPreprocessing>;

export const preprocessing = z.discriminatedUnion('kind', [tabularPreprocessing, audioPreprocessing]);
export type Preprocessing = z.infer<typeof preprocessing>;

export const trainedMetadata = z.object({
  formatVersion: z.literal(1),
  /** Id of the training task that made it, e.g. `audio-classification`. */
  task: z.string().min(1),
  name: z.string().min(1),
  labels: z.array(z.string()).min(1),
  preprocessing,
  /** Final metrics of the weights beside this file, under Keras's names. */
  metrics: z.record(z.string(), z.number()),
  /** Validation counts, `confusion[true][predicted]`, in the order of `labels`. */
  confusion: z.array(z.array(z.number().int().nonnegative())).optional(),
  /** What trained it. */
  engine: z.object({ name: z.string(), version: z.string().optional() }),
  /** ISO 8601, UTC. */
  createdAt: z.string(),
  /** SHA-256 (hex) of the canonical config. */
  configHash: z.string(),
  seed: z.number().int().optional(),
  /** SHA-256 (hex) over the training data. */
  dataHash: z.string().optional(),
});
export type TrainedMetadata = z.infer<typeof trainedMetadata>;

/** Name of the file beside `model.json`. */
export const metadataFile = 'goya.json';
