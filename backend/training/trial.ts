/** A few real steps of a config, measured: what `training/estimate` answers. Runs in a trainer's process, writes nothing. */
import { performance } from 'node:perf_hooks';
import type { RunEstimate } from '../../protocol/model/run';
import { Random } from '../sdk/random';
import type { TrainingSetup } from '../sdk/trainingTask';
import { configSchema } from './config/schema';
import { mathStream, prepareRun, type PrepareRunOptions } from './runTraining';
import { seedMath } from './seededMath';
import { measureSteps, type TrialLimits } from './trialSteps';
import type { TrialMessage } from './trainerProtocol';
import { quickenLayers } from './quickLayers';

export interface TrialOptions extends Omit<PrepareRunOptions, 'message'> {
  readonly message: TrialMessage;
  readonly limits?: TrialLimits;
  /** Milliseconds that measuring the validation examples may take. */
  readonly validationBudget?: number;
}

const defaultLimits: TrialLimits = { milliseconds: 4000, steps: 60 };

/** A small data set's run may be over within the limits; then all of it was measured. */
export async function runTrial(options: TrialOptions): Promise<RunEstimate> {
  const { message, task, signal, limits = defaultLimits, validationBudget = 4000 } = options;
  const config = configSchema(message.task.id, task).parse(message.config);
  const random = Random.from(config.training.seed, mathStream);
  const unseed = seedMath(random);
  const fuse = await quickenLayers();
  try {
    const began = performance.now();
    const { setup, engine } = await prepareRun(options, config, random);
    const prepareMs = performance.now() - began;
    const measured = await measureSteps(setup, config.training, random, limits, signal);
    const validationMs = measured.validationMs ?? (await timeValidation(setup, validationBudget, signal));
    const { stepsPerEpoch } = setup;
    const { epochs } = config.training;
    const epochMs = stepsPerEpoch * measured.stepMs + (validationMs ?? validationBudget);
    return {
      engine: engine.name,
      engineVersion: engine.version,
      reason: engine.reason,
      stepMs: measured.stepMs,
      stepsMeasured: measured.steps,
      stepsPerEpoch,
      epochs,
      ...(validationMs === undefined ? {} : { validationMs }),
      prepareMs,
      seconds: (prepareMs + epochs * epochMs) / 1000,
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    fuse();
    unseed();
  }
}

/** Answers undefined when the time was over first. */
async function timeValidation(
  setup: TrainingSetup,
  budget: number,
  signal: AbortSignal,
): Promise<number | undefined> {
  const late = AbortSignal.timeout(budget);
  const began = performance.now();
  try {
    await setup.evaluate(AbortSignal.any([late, signal]));
    return performance.now() - began;
  } catch (error) {
    if (late.aborted && !signal.aborted) return undefined;
    throw error;
  }
}
