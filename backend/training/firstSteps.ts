/** A few steps ahead of a run, which leave no trace: whether the engine can train the task at all, and how fast. */
import { performance } from 'node:perf_hooks';
import * as tf from '@tensorflow/tfjs-core';
import { Random } from '../sdk/random';
import type { TrainingSetup } from '../sdk/trainingTask';
import type { ParsedConfig } from './config/schema';

/** The first steps of an engine are slow: it asks for memory and chooses kernels. */
const mostSteps = 4;
/** Milliseconds after which no further step is begun. */
const budget = 300;

export interface FirstSteps {
  /** Milliseconds of the fastest one; absent where the first failed. */
  readonly stepMs?: number;
  readonly failure?: string;
}

/** Takes the gradients of some batches and forgets them; what a forward pass changes in the model is put back. */
export async function takeFirstSteps(
  setup: TrainingSetup,
  config: ParsedConfig,
  random: Random,
): Promise<FirstSteps> {
  const before = random.state;
  const held = setup.model.getWeights().map((weight) => weight.clone());
  const began = performance.now();
  let stepMs: number | undefined;
  try {
    let steps = 0;
    for await (const batch of setup.trainBatches(1, Random.from(config.training.seed))) {
      const start = performance.now();
      tf.tidy(() => tf.variableGrads(() => setup.loss(batch).loss).value.dataSync());
      const now = performance.now();
      stepMs = Math.min(stepMs ?? Infinity, now - start);
      tf.dispose(batch);
      if ((steps += 1) >= mostSteps || now - began > budget) break;
    }
    return stepMs === undefined ? {} : { stepMs };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  } finally {
    setup.model.setWeights(held);
    tf.dispose(held);
    random.assign(before);
  }
}

/** For the run's own words on its engine: what a step takes and, at that rate, all of them. */
export function paceText(setup: TrainingSetup, config: ParsedConfig, stepMs: number): string {
  const seconds = (setup.stepsPerEpoch * config.training.epochs * stepMs) / 1000;
  return `${stepText(stepMs)} a step, about ${timeText(seconds)} for this run`;
}

function stepText(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${Math.round(milliseconds / 1000)} s`;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : Math.round(milliseconds)} ms`;
}

function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}
