import * as z from 'zod';
import { engineChoice } from './settings';

export const labelScore = z.object({ label: z.string(), score: z.number() });
export type LabelScore = z.infer<typeof labelScore>;

export const inferenceParams = z.object({
  /** A folder with `model.json` or a downloaded model, or the `model.json` itself. */
  modelPath: z.string().min(1),
  task: z.string().optional(),
  input: z.object({
    text: z.string().optional(),
    audioPath: z.string().optional(),
    /** A row `{column: value}` or a list of rows for tables; `{shape, data}` per input for a bare tf.js model. */
    values: z.unknown().optional(),
  }),
  parameters: z.record(z.string(), z.unknown()).optional(),
  outputPath: z.string().optional(),
  engine: engineChoice.optional(),
});
export type InferenceParams = z.infer<typeof inferenceParams>;

/** Of a model that writes; the pieces joined are the result's text. */
export const writtenProgress = z.object({
  piece: z.string(),
  /** Tokens so far. */
  tokens: z.number().int().nonnegative(),
});
/** Of a voice: wav files that follow one another without a seam, in order. They belong to whoever asked. */
export const spokenProgress = z.object({
  pieces: z.array(z.object({ path: z.string(), seconds: z.number() })).min(1),
});
/** Of a recogniser: all that it has heard so far, whose end may yet change. */
export const heardProgress = z.object({
  text: z.string(),
  segments: z.array(z.object({ start: z.number(), end: z.number(), text: z.string() })),
  /** Seconds that are done with, and of the whole. */
  heardSeconds: z.number(),
  totalSeconds: z.number(),
});

/** What `$/progress` brings while a downloaded model works. */
export const inferenceProgress = z.union([writtenProgress, spokenProgress, heardProgress]);
export type InferenceProgress = z.infer<typeof inferenceProgress>;

export const inferenceResult = z.object({
  task: z.string(),
  engine: z.string(),
  output: z.object({
    text: z.string().optional(),
    audioPath: z.string().optional(),
    samplingRate: z.number().optional(),
    /** Best first. For a list of rows: those of the first row; every row's are in `values`. */
    labels: z.array(labelScore).optional(),
    values: z.unknown().optional(),
  }),
  timings: z.object({
    /** Milliseconds. */
    loadMs: z.number(),
    runMs: z.number(),
    audioSeconds: z.number().optional(),
  }),
});
export type InferenceResult = z.infer<typeof inferenceResult>;
