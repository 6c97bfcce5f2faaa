/** What a training run is besides its tensors: everything a resumed run needs to take the very next step. */
import { z } from 'zod';
import type * as tf from '@tensorflow/tfjs-core';

const word = z.number().int();
const metrics = z.record(z.string(), z.number());

export const epochRecord = z.object({ epoch: z.number().int().positive(), step: z.number().int(), metrics });
export type EpochRecord = z.infer<typeof epochRecord>;

/** What one point of the curve of steps says. */
export const stepRecord = z.object({ step: z.number().int(), epoch: z.number().int(), metrics });
export type StepRecord = z.infer<typeof stepRecord>;

/** Sums over the steps of an unfinished epoch, weighted by examples. */
export const epochSums = z.object({ examples: z.number(), sums: metrics });
export type EpochSums = z.infer<typeof epochSums>;

export const trainingState = z.object({
  /** Optimizer steps taken. */
  step: z.number().int().nonnegative(),
  /** Finished epochs. */
  epoch: z.number().int().nonnegative(),
  /** Steps taken of the next epoch. */
  stepInEpoch: z.number().int().nonnegative(),
  running: epochSums,
  /** Of `Math.random`, which dropout draws from. */
  random: z.tuple([word, word, word, word]),
  patience: z.object({ best: z.number().optional(), waited: z.number().int() }),
  best: z.object({ epoch: z.number().int(), step: z.number().int(), value: z.number() }).optional(),
  history: z.array(epochRecord),
});
export type TrainingState = z.infer<typeof trainingState>;

const tensorSpecs = z.array(z.custom<tf.io.WeightsManifestEntry>((value) => typeof value === 'object'));

/** `state.json` of a checkpoint. */
export const checkpointState = z.object({
  formatVersion: z.literal(1),
  state: trainingState,
  /** Of the newest evaluation; absent before the first. */
  report: z.record(z.string(), z.unknown()).optional(),
  optimizer: z.object({ iterations: z.number().int(), specs: tensorSpecs }),
  /** The newest steps: those that a backend which died did not store are taken from here. */
  steps: z.array(stepRecord).optional(),
  /** SHA-256, hex, of each file beside it. */
  sha256: z.record(z.string(), z.string()),
});
export type CheckpointState = z.infer<typeof checkpointState>;

export function emptySums(): EpochSums {
  return { examples: 0, sums: {} };
}

/** The sums with one more step's values. */
export function addStep(
  sums: EpochSums,
  values: Readonly<Record<string, number>>,
  examples: number,
): EpochSums {
  const next = { ...sums.sums };
  for (const [name, value] of Object.entries(values)) next[name] = (next[name] ?? 0) + value * examples;
  return { examples: sums.examples + examples, sums: next };
}

export function means(sums: EpochSums): Record<string, number> {
  return Object.fromEntries(
    Object.entries(sums.sums).map(([name, sum]) => [name, sum / Math.max(1, sums.examples)]),
  );
}
