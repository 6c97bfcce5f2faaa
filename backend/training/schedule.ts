import type { TrainingOptions } from '../sdk/options';

export interface Span {
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** The learning rate of a step (from 0): warm-up from near 0, then constant, in drops, or along half a cosine. */
export function learningRateAt(step: number, training: TrainingOptions, span: Span): number {
  const { optimizer, schedule } = training;
  const full = optimizer.learningRate;
  if (step < schedule.warmupSteps) return (full * (step + 1)) / schedule.warmupSteps;
  switch (schedule.type) {
    case 'constant':
      return full;
    case 'step': {
      const drops = Math.floor(step / (span.stepsPerEpoch * (schedule.everyEpochs ?? 10)));
      return full * (schedule.factor ?? 0.5) ** drops;
    }
    case 'cosine': {
      const total = Math.max(1, span.stepsPerEpoch * span.epochs - schedule.warmupSteps);
      const done = Math.min(1, (step - schedule.warmupSteps) / total);
      const last = schedule.finalFactor ?? 0;
      return full * (last + (1 - last) * 0.5 * (1 + Math.cos(Math.PI * done)));
    }
  }
}
