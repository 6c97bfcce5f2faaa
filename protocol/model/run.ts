import * as z from 'zod';
import { configFix } from './configFix';
import { failure, id, progress, seq, severity, time } from './common';

export const runStates = [
  'queued',
  'running',
  'stopping',
  'stopped',
  'completed',
  'failed',
  'interrupted',
] as const;
export const runState = z.enum(runStates);
export type RunState = z.infer<typeof runState>;

/** What a run's process uses, at most a second old. */
export const runSystem = z.object({
  /** Of one core: 200 is two cores busy. */
  cpuPercent: z.number().nonnegative(),
  rssBytes: z.number().int().nonnegative(),
  /** In use by JavaScript. */
  heapBytes: z.number().int().nonnegative(),
  /** Alive in the engine: a number that keeps growing is a leak. */
  tensors: z.number().int().nonnegative(),
  tensorBytes: z.number().int().nonnegative(),
});
export type RunSystem = z.infer<typeof runSystem>;

/** What a run would take: measured on a few steps of it, so only as good as they are like the rest. */
export const runEstimate = z.object({
  engine: z.string(),
  engineVersion: z.string(),
  /** Why that engine, and what to know about it. */
  reason: z.string(),
  /** Mean of the measured steps, the data of each included. */
  stepMs: z.number().nonnegative(),
  /** How many steps that is the mean of. */
  stepsMeasured: z.number().int().positive(),
  stepsPerEpoch: z.number().int().positive(),
  epochs: z.number().int().positive(),
  /** Measuring the validation examples after an epoch. Absent: it was not over within the time of the trial. */
  validationMs: z.number().nonnegative().optional(),
  /** Starting the engine, reading the data, building the model. */
  prepareMs: z.number().nonnegative(),
  /** The whole run to its last epoch; early stopping may end it sooner. */
  seconds: z.number().nonnegative(),
  /** Of the trainer's process during the trial. */
  peakMemoryBytes: z.number().int().positive(),
});
export type RunEstimate = z.infer<typeof runEstimate>;

/** Of a run; higher ones start first. */
export const priority = z.number().int().min(-1000).max(1000);

export const run = z.object({
  id,
  name: z.string(),
  task: z.string(),
  state: runState,
  progress,
  /** Finished epochs, from 1. */
  epoch: z.number().int().nonnegative(),
  epochs: z.number().int().positive(),
  /** Optimizer steps taken. */
  step: z.number().int().nonnegative(),
  /** In the queue: higher ones start first. Absent: 0. */
  priority: priority.optional(),
  /** Until its last epoch, while it runs and once enough steps are measured; early stopping may end it sooner. */
  etaSeconds: z.number().nonnegative().optional(),
  /** While it runs. */
  system: runSystem.optional(),
  /** The newest value of every metric, under Keras's names; of a completed run, those of the epoch whose weights are the output. */
  metrics: z.record(z.string(), z.number()),
  engine: z.string().optional(),
  /** Why that engine: shown beside its name. */
  engineReason: z.string().optional(),
  /** What it runs or ran on: `node`, `tfjs`, the engine's version under its name, `threads`, `simd`. */
  environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  config: z.record(z.string(), z.unknown()),
  /** The file the run was started from, if it was. */
  configPath: z.string().optional(),
  outputPath: z.string().optional(),
  error: failure.optional(),
  /** What its user should know though it runs, for example that the newest checkpoint was damaged. */
  notice: z.string().optional(),
  createdAt: time,
  startedAt: time.optional(),
  endedAt: time.optional(),
  seq,
});
export type Run = z.infer<typeof run>;

export const checkpoint = z.object({
  id,
  runId: id,
  epoch: z.number().int().nonnegative(),
  step: z.number().int().nonnegative(),
  loss: z.number(),
  accuracy: z.number().optional(),
  /** Absolute folder: `model.json`, `weights.bin`, metadata, optimizer state. */
  path: z.string(),
  best: z.boolean(),
  createdAt: time,
});
export type Checkpoint = z.infer<typeof checkpoint>;

export const metricPoint = z.object({
  step: z.number().int().nonnegative(),
  epoch: z.number().int().nonnegative(),
  name: z.string(),
  value: z.number(),
  at: time,
});
export type MetricPoint = z.infer<typeof metricPoint>;

/** What the model says of one validation example after an epoch, beside the truth. */
export const samplePrediction = z.object({
  /** What the model was given, as a person reads it. */
  input: z.string().optional(),
  /** Of a sound: the absolute path of its file. */
  audioPath: z.string().optional(),
  /** Of a voice: the absolute path of what it said, a wav file. */
  spokenPath: z.string().optional(),
  truth: z.string(),
  predicted: z.string(),
  /** The model's probability of what it predicted, 0..1. */
  score: z.number().optional(),
});
export type SamplePrediction = z.infer<typeof samplePrediction>;

/** The same examples after each epoch that was sampled. */
export const epochSamples = z.object({
  epoch: z.number().int().positive(),
  items: z.array(samplePrediction),
  /** True where `training/samplePictures` has pictures of them. */
  pictures: z.boolean().optional(),
});
export type EpochSamples = z.infer<typeof epochSamples>;

/** A problem of a config: `path` is a JSON pointer into it (`/data/path`; the empty string is the whole file). */
export const configProblem = z.object({
  severity,
  /** A JSON pointer into the config. */
  path: z.string(),
  message: z.string(),
  /** Stable, for filtering: `schema.…` is what the task's JSON Schema says by itself. */
  code: z.string().optional(),
  /** Changes that would mend it, the likeliest first. */
  fixes: z.array(configFix).optional(),
});
export type ConfigProblem = z.infer<typeof configProblem>;
