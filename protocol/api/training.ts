import * as z from 'zod';
import { empty, id, time } from '../model/common';
import { trainingTask } from '../model/plugin';
import {
  checkpoint,
  configProblem,
  epochSamples,
  metricPoint,
  priority,
  run,
  runEstimate,
  runState,
} from '../model/run';
import { samplePictures } from '../model/samplePictures';
import { request } from '../wire/spec';

const one = z.object({ id });
/** A file, or a config as a value with the folder its relative paths start from. */
export const configSource = z.union([
  z.object({ configPath: z.string().min(1) }),
  z.object({ config: z.record(z.string(), z.unknown()), basePath: z.string().min(1) }),
]);
export type ConfigSource = z.infer<typeof configSource>;

export const trainingTasks = request('training/tasks', empty, z.object({ tasks: z.array(trainingTask) }));
export const trainingValidate = request(
  'training/validate',
  configSource,
  z.object({ ok: z.boolean(), problems: z.array(configProblem) }),
);
/**
 * Takes real steps on the real data for some seconds, in a process of its own, and writes nothing. Can be cancelled. Rejects as
 * `training/start` does for a config that cannot be run.
 */
export const trainingEstimate = request('training/estimate', configSource, runEstimate);
/** `priority`: over the config's own. */
export const startParams = configSource.and(z.object({ priority: priority.optional() }));
export const trainingStart = request('training/start', startParams, run);
/** Of a queued run: changes when it starts. Rejects with `training.invalidState` for any other. */
export const trainingPrioritize = request('training/prioritize', one.extend({ priority }), run);
export const trainingGet = request('training/get', one, run);
export const trainingList = request(
  'training/list',
  z.object({ state: runState.optional() }).default({}),
  z.object({ runs: z.array(run) }),
);
/** Answers once the stop is asked for; the run ends within a second, at a checkpoint. */
export const trainingStop = request('training/stop', one, run);
export const trainingResume = request('training/resume', one, run);
/** Takes a run that is not running off the list, with its checkpoints; its output folder stays. Answers the run as it was. */
export const trainingRemove = request('training/remove', one, run);
export const trainingMetrics = request(
  'training/metrics',
  /**
   * `since`: only points after that time. `maxPoints`: at most so many of each metric, thinned so that first, last, lowest
   * and highest value of every stretch stay; absent: all.
   */
  one.extend({ since: time.optional(), maxPoints: z.number().int().min(4).optional() }),
  z.object({ points: z.array(metricPoint) }),
);
export const trainingCheckpoints = request(
  'training/checkpoints',
  one,
  z.object({ checkpoints: z.array(checkpoint) }),
);
/**
 * Writes all metrics of a run, and of `others` compared with it, for other programs. `csv`: one file at `path`, a row for each
 * point. `tensorboard`: event files below the folder `path`, one folder for each run, which is what `tensorboard --logdir`
 * reads; written again, they take the place of the older ones. Rejects with `training.outputFailed`.
 */
export const trainingExport = request(
  'training/export',
  one.extend({
    others: z.array(id).optional(),
    format: z.enum(['tensorboard', 'csv']),
    /** Absolute. */
    path: z.string().min(1),
  }),
  z.object({
    /** Absolute. */
    files: z.array(z.string()),
    points: z.number().int().nonnegative(),
  }),
);
/** Predictions for a few validation examples, by rising epoch; of a long run at most about 200 epochs. Empty for a task that gives none. */
export const trainingSamples = request('training/samples', one, z.object({ epochs: z.array(epochSamples) }));
/** Of a voice: pictures of what it said after an epoch, in the order of the epoch's samples. Empty where there are none. */
export const trainingSamplePictures = request(
  'training/samplePictures',
  one.extend({ epoch: z.number().int().positive() }),
  z.object({ items: z.array(samplePictures) }),
);
