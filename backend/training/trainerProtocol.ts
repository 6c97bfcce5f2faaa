/** What the backend and a trainer process say to each other over Node's IPC; parsed at both ends. */
import { z } from 'zod';
import { failure } from '../../protocol/model/common';
import { runEstimate, runSystem, type MetricPoint } from '../../protocol/model/run';
import { engineChoice, engineChoices } from '../../protocol/model/settings';

const metrics = z.record(z.string(), z.number());

/** A few steps of a config, measured; nothing is written. */
export const trialMessage = z.object({
  type: z.literal('trial'),
  /** The config as it was written; the trainer parses it with the task's own schemas. */
  config: z.record(z.string(), z.unknown()),
  basePath: z.string(),
  task: z.object({ id: z.string(), entry: z.string() }),
  engine: engineChoice,
  storagePath: z.string(),
  /** Of what the run says of itself: its engine, its data, why it failed. */
  locale: z.string().optional(),
});
export type TrialMessage = z.infer<typeof trialMessage>;

export const startMessage = trialMessage.extend({
  type: z.literal('start'),
  runId: z.string(),
  name: z.string(),
  outputPath: z.string(),
  checkpointsPath: z.string(),
  /** Go on from the newest checkpoint. */
  resume: z.boolean(),
});
export type StartMessage = z.infer<typeof startMessage>;

export const toTrainer = z.discriminatedUnion('type', [
  startMessage,
  trialMessage,
  z.object({ type: z.literal('stop') }),
]);
export type ToTrainer = z.infer<typeof toTrainer>;

/** What was measured at one step or epoch, by name. Steps may take less than a millisecond: the points are made of it in the backend. */
const record = z.object({
  step: z.number().int(),
  epoch: z.number().int(),
  /** Milliseconds since 1970. */
  at: z.number(),
  values: metrics,
});
export type MetricRecord = z.infer<typeof record>;

export const fromTrainer = z.discriminatedUnion('type', [
  /** The engine runs and the data is ready: the first step comes next. */
  z.object({
    type: z.literal('started'),
    engine: z.enum(engineChoices).exclude(['auto']),
    engineVersion: z.string(),
    engineReason: z.string(),
    stepsPerEpoch: z.number().int(),
    epochs: z.number().int(),
    /** Where a resumed run goes on from; 0 for a new one. */
    step: z.number().int(),
    epoch: z.number().int(),
    /** Checkpoints that could not be used, and why. */
    damaged: z.array(z.string()),
    /** Of a resumed run: what was measured up to there, which a backend that died may not have stored. */
    told: z.array(record),
    details: z.record(z.string(), z.unknown()),
  }),
  z.object({
    type: z.literal('progress'),
    step: z.number().int(),
    epoch: z.number().int(),
    /** Newest values of the finished epochs. */
    metrics,
    records: z.array(record),
    /** Once it can be told. */
    etaSeconds: z.number().nonnegative().optional(),
    system: runSystem.optional(),
  }),
  z.object({
    type: z.literal('checkpoint'),
    folder: z.string(),
    epoch: z.number().int(),
    step: z.number().int(),
    loss: z.number(),
    accuracy: z.number().optional(),
    best: z.boolean(),
    /** Folders of older ones that were deleted. */
    removed: z.array(z.string()),
  }),
  z.object({
    type: z.literal('ended'),
    state: z.enum(['completed', 'stopped']),
    step: z.number().int(),
    epoch: z.number().int(),
    early: z.boolean(),
    /** Of the output: the best epoch's. */
    metrics,
    /** Why the output is not that of the best epoch. */
    notice: z.string().optional(),
  }),
  /** The answer to a trial. */
  z.object({ type: z.literal('measured'), estimate: runEstimate }),
  z.object({
    type: z.literal('failed'),
    failure: failure.extend({ details: z.record(z.string(), z.unknown()).optional() }),
    /** For the log. */
    stack: z.string().optional(),
  }),
]);
export type FromTrainer = z.infer<typeof fromTrainer>;
export type TrainerStarted = Extract<FromTrainer, { type: 'started' }>;

/** One point for each value. */
export function pointsOf(records: readonly MetricRecord[]): MetricPoint[] {
  return records.flatMap(({ step, epoch, at, values }) => {
    const time = new Date(at).toISOString();
    return Object.entries(values).map(([name, value]) => ({ step, epoch, name, value, at: time }));
  });
}
