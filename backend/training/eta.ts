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

/** Of the newest values; asked for at each step, so it is not summed anew. */
class RunningMean {
  private readonly values: number[] = [];
  private at = 0;
  private sum = 0;

  constructor(private readonly size: number) {}

  get count(): number {
    return this.values.length;
  }

  get mean(): number | undefined {
    return this.count === 0 ? undefined : this.sum / this.count;
  }

  add(value: number): void {
    this.sum += value - (this.values[this.at] ?? 0);
    this.values[this.at] = value;
    this.at = (this.at + 1) % this.size;
    // Once a round, what rounding has left in the sum goes.
    if (this.at === 0) this.sum = this.values.reduce((sum, one) => sum + one, 0);
  }
}

export class Eta {
  private plan: Plan | undefined;
  private last: { readonly step: number; readonly epoch: number; readonly at: number } | undefined;
  private readonly steps = new RunningMean(window);
  private readonly pauses = new RunningMean(pauseWindow);

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
    const usual = this.steps.mean;
    if (epoch !== last.epoch) this.pauses.add(Math.max(0, at - last.at - (usual ?? 0)));
    else if (usual === undefined || each < absurd * usual + leastSeconds) this.steps.add(each);
  }

  /** Seconds; undefined before enough is known. */
  get seconds(): number | undefined {
    const { plan, last, steps, pauses } = this;
    const perStep = steps.mean;
    if (plan === undefined || last === undefined || perStep === undefined) return undefined;
    if (steps.count < leastSteps || (perStep * steps.count < leastSeconds && pauses.count === 0))
      return undefined;
    const stepsLeft = Math.max(0, plan.stepsPerEpoch * plan.epochs - last.step);
    const pausesLeft = Math.max(0, plan.epochs - last.epoch);
    return stepsLeft * perStep + pausesLeft * (pauses.mean ?? 0);
  }
}
