/** The `training` section that every task shares. Defaults and descriptions feed the editor's completion and hover. */
import { z } from 'zod';

const positiveInt = z.number().int().positive();

export const optimizerTypes = ['adam', 'adamw', 'sgd', 'momentum', 'rmsprop', 'adagrad', 'adadelta'] as const;

const decay = z.number().min(0).lt(1).optional();

/** The figures of an update rule, besides its learning rate. */
const ruleFields = {
  momentum: decay.describe(
    'Share of the last step kept: `momentum` (0.9), and `sgd` and `rmsprop` where it is given.',
  ),
  beta1: decay.describe('`adam` and `adamw` only: decay of the mean gradient (0.9).'),
  beta2: decay.describe('`adam` and `adamw` only: decay of the squared gradient (0.999).'),
  rho: decay.describe('`rmsprop` (0.9) and `adadelta` (0.95) only: decay of the squared gradient.'),
  epsilon: z.number().positive().optional().describe('Keeps divisions finite (1e-7).'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe(
      'Share of every weight, times the learning rate, taken off at each step (decoupled, as in AdamW).',
    ),
};

const optimizerGroup = z
  .strictObject({
    match: z
      .string()
      .min(1)
      .max(200)
      .describe(
        'Which weights: the name of a layer, or a pattern of `layer/weight` with `*`, such as `embedding*` or `*/bias`.',
      ),
    type: z
      .enum(optimizerTypes)
      .optional()
      .describe('The optimizer of these weights; the common one by default.'),
    learningRate: z
      .number()
      .min(0)
      .max(10)
      .optional()
      .describe('Their learning rate, which the schedule changes alike; 0 keeps them as they are.'),
    ...ruleFields,
  })
  .describe('Some of the weights, trained differently.');

export const optimizerOptions = z
  .strictObject({
    type: z
      .enum(optimizerTypes)
      .default('adam')
      .describe('How gradients become steps. `adam` suits most data.'),
    learningRate: z
      .number()
      .positive()
      .max(10)
      .default(0.001)
      .describe('Size of a step. Too high: the loss jumps or becomes NaN. Too low: it hardly falls.'),
    ...ruleFields,
    groups: z
      .array(optimizerGroup)
      .max(50)
      .optional()
      .describe(
        'Groups of weights with optimizers or learning rates of their own; the first that matches counts.',
      ),
  })
  .describe('The optimizer and its figures.');
export type OptimizerOptions = z.output<typeof optimizerOptions>;

export const scheduleOptions = z
  .strictObject({
    type: z
      .enum(['constant', 'step', 'cosine'])
      .default('constant')
      .describe('Shape of the learning rate over the run.'),
    warmupSteps: z
      .number()
      .int()
      .min(0)
      .default(0)
      .describe('Steps over which the learning rate rises from 0 to its full value.'),
    everyEpochs: positiveInt.optional().describe('`step` only: epochs between two drops (10).'),
    factor: z
      .number()
      .positive()
      .lt(1)
      .optional()
      .describe('`step` only: what each drop multiplies the rate by (0.5).'),
    finalFactor: z
      .number()
      .min(0)
      .max(1)
      .optional()
      .describe('`cosine` only: share of the learning rate left at the end (0).'),
  })
  .describe('How the learning rate changes during the run.');
export type ScheduleOptions = z.output<typeof scheduleOptions>;

const monitor = z
  .string()
  .min(1)
  .describe(
    'The metric to watch, e.g. `val_loss` or `val_accuracy`. Losses and error rates are best low, the rest high.',
  );

export const earlyStoppingOptions = z
  .strictObject({
    monitor: monitor.default('val_loss'),
    patience: positiveInt.default(5).describe('Epochs without a better value before the run ends.'),
    minDelta: z.number().min(0).default(0).describe('A smaller change than this does not count as better.'),
  })
  .describe('Ends the run when it no longer gets better; the best epoch becomes the output.');
export type EarlyStoppingOptions = z.output<typeof earlyStoppingOptions>;

export const checkpointOptions = z
  .strictObject({
    everyEpochs: positiveInt.default(1).describe('Epochs between two checkpoints.'),
    keep: positiveInt
      .max(1000)
      .default(3)
      .describe('How many of the newest stay on disk, beside the best one.'),
    monitor: monitor.default('val_loss'),
  })
  .describe('What is kept to resume from and to choose the best of.');
export type CheckpointOptions = z.output<typeof checkpointOptions>;

export const classWeightsOption = z
  .union([z.enum(['none', 'balanced']), z.record(z.string(), z.number().min(0).max(1000))])
  .describe(
    'Classification only. How much an example of each label counts: all the same, `balanced` (rare labels count more), or a number for each label (1 where none is given).',
  );
export type ClassWeights = z.output<typeof classWeightsOption>;

export const trainingOptions = z
  .strictObject({
    epochs: positiveInt.max(100_000).default(30).describe('Passes over the training data.'),
    batchSize: positiveInt.max(65_536).default(32).describe('Examples in one step.'),
    seed: z
      .number()
      .int()
      .min(0)
      .max(0xffff_ffff)
      .default(1)
      .describe('Same seed, data, config and engine: same metrics.'),
    optimizer: optimizerOptions.prefault({}),
    schedule: scheduleOptions.prefault({}),
    clipNorm: z.number().positive().optional().describe('Gradients are scaled down to this total norm.'),
    clipValue: z
      .number()
      .positive()
      .optional()
      .describe('Every entry of a gradient is cut off at this size, before `clipNorm`.'),
    classWeights: classWeightsOption.optional(),
    weightAverage: z
      .number()
      .min(0)
      .lt(1)
      .optional()
      .describe(
        'Decay of a running mean of the weights, which is measured and kept in their place, e.g. 0.999. Off by default.',
      ),
    earlyStopping: earlyStoppingOptions.optional(),
    checkpoints: checkpointOptions.prefault({}),
  })
  .describe('How to train; every field has a default.');
export type TrainingOptions = z.output<typeof trainingOptions>;
