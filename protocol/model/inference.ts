import { z } from 'zod';
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

/** What `$/progress` brings while a model writes; the pieces joined are the result's text. */
export const inferenceProgress = z.object({
  piece: z.string(),
  /** Tokens so far. */
  tokens: z.number().int().nonnegative(),
});
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
