/** Lets a trainer take steps until enough of them are measured. */
import { performance } from 'node:perf_hooks';
import type { TrainingOptions } from '../sdk/options';
import type { Random } from '../sdk/random';
import type { TrainingSetup } from '../sdk/trainingTask';
import { Trainer } from './trainer';

/** The first is slow: kernels are chosen, memory is asked for. It counts only where there is no other. */
const warmUp = 1;

export interface TrialLimits {
  /** Milliseconds after which the step under way is the last. */
  readonly milliseconds: number;
  readonly steps: number;
}

export interface MeasuredSteps {
  /** Mean, without the first. */
  readonly stepMs: number;
  readonly steps: number;
  /** Of an epoch's end, where the limits let one come. */
  readonly validationMs?: number;
}

/** Thrown through the training loop, which knows no other way to end without a checkpoint. */
class EnoughMeasured extends Error {}

export async function measureSteps(
  setup: TrainingSetup,
  training: TrainingOptions,
  random: Random,
  limits: TrialLimits,
  signal: AbortSignal,
): Promise<MeasuredSteps> {
  const durations: number[] = [];
  const validations: number[] = [];
  const began = performance.now();
  let since = began;
  const watched: TrainingSetup = {
    model: setup.model,
    stepsPerEpoch: setup.stepsPerEpoch,
    trainBatches: (epoch, order) => {
      since = performance.now();
      return setup.trainBatches(epoch, order);
    },
    loss: (batch) => setup.loss(batch),
    evaluate: async (stop) => {
      const start = performance.now();
      const evaluation = await setup.evaluate(stop);
      validations.push(performance.now() - start);
      return evaluation;
    },
    metadata: () => setup.metadata(),
  };
  const events = {
    progress: (): void => {
      const now = performance.now();
      durations.push(now - since);
      since = now;
      if (now - began >= limits.milliseconds || durations.length >= limits.steps) throw new EnoughMeasured();
    },
    step: () => undefined,
    epoch: () => undefined,
    save: () => Promise.resolve(),
  };
  const trainer = new Trainer({ setup: watched, training, random, events, signal });
  try {
    await trainer.run();
  } catch (error) {
    if (!(error instanceof EnoughMeasured)) throw error;
  } finally {
    trainer.dispose();
  }
  signal.throwIfAborted();
  return summary(durations, validations);
}

function summary(durations: readonly number[], validations: readonly number[]): MeasuredSteps {
  const counted = durations.length > warmUp ? durations.slice(warmUp) : durations;
  return {
    stepMs: mean(counted),
    steps: counted.length,
    ...(validations.length === 0 ? {} : { validationMs: mean(validations) }),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
