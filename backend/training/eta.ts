/** The time a run still takes, from the steps and pauses it has measured. */

export interface Plan {
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** Steps that the mean is taken over: a change of pace shows within that many. */
const window = 200;
/** Epoch ends that their mean is taken over. */
const pauseWindow = 5;
/** Before that much is measured, a figure would be a guess. */
const leastSteps = 5;
const leastSeconds = 1;
/** A step that takes so many times the usual one was no step: the machine slept, or the process was stopped. */
const absurd = 50;

export class Eta {
  private plan: Plan | undefined;
  private last: { readonly step: number; readonly epoch: number; readonly at: number } | undefined;
  private readonly steps: number[] = [];
  private readonly pauses: number[] = [];

  /** `now` in seconds, of a clock that never goes back. */
  constructor(private readonly now: () => number) {}

  start(plan: Plan): void {
    this.plan = plan;
    this.last = undefined;
  }

  /**
   * After each step; `epoch` counts the finished ones. The first step of all is only where measuring begins: it compiles
   * and allocates. The first of a later epoch holds that epoch's pause too: evaluation and checkpoint.
   */
  progress(step: number, epoch: number): void {
    const at = this.now();
    const { last } = this;
    this.last = { step, epoch, at };
    if (last === undefined || step <= last.step) return;
    const each = (at - last.at) / (step - last.step);
    const usual = mean(this.steps);
    if (epoch !== last.epoch) push(this.pauses, Math.max(0, at - last.at - (usual ?? 0)), pauseWindow);
    else if (usual === undefined || each < absurd * usual + leastSeconds) push(this.steps, each, window);
  }

  /** Seconds; undefined before enough is known. */
  get seconds(): number | undefined {
    const { plan, last, steps, pauses } = this;
    const perStep = mean(steps);
    if (plan === undefined || last === undefined || perStep === undefined) return undefined;
    if (steps.length < leastSteps || (perStep * steps.length < leastSeconds && pauses.length === 0))
      return undefined;
    const stepsLeft = Math.max(0, plan.stepsPerEpoch * plan.epochs - last.step);
    const pausesLeft = Math.max(0, plan.epochs - last.epoch);
    return stepsLeft * perStep + pausesLeft * (mean(pauses) ?? 0);
  }
}

function push(values: number[], value: number, limit: number): void {
  values.push(value);
  if (values.length > limit) values.shift();
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
