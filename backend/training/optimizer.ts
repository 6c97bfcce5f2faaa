/**
 * Optimizers whose whole state can be saved and read back bit for bit: tfjs's own recompute the bias correction when
 * they are restored, which bends a resumed curve. Groups of weights may have rules and learning rates of their own.
 */
import * as tf from '@tensorflow/tfjs-core';
import { StudioError } from '../../protocol/wire/errors';
import type { OptimizerOptions } from '../sdk/options';
import { FusedAdam, type AdamStep } from './engines/fusedAdam';
import { OwnAdam, type AdamTask } from './engines/ownAdam';
import { WasmAdam } from './engines/wasmAdam';
import { defaultEpsilon, updateOf, type Rule } from './updates';

export interface NamedState {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

const adamWDecay = 0.01;

/** How one weight is trained. */
interface Plan {
  readonly rule: Rule;
  /** Its learning rate as a share of the optimizer's, so that the schedule holds for all. */
  readonly share: number;
}

export class Optimizer {
  private steps = 0;
  /** Keyed by `<variable>/<slot>`. */
  private readonly slots = new Map<string, tf.Variable>();
  private readonly plans: readonly Plan[];
  private readonly own = OwnAdam.here() ?? WasmAdam.here();
  private readonly fused = this.own === undefined ? FusedAdam.here() : undefined;

  /**
   * @param names of the variables, `layer/weight`: what groups match
   * Throws `training.invalidConfig` for a group that matches none of them.
   */
  constructor(
    private readonly variables: readonly tf.Variable[],
    options: OptimizerOptions,
    names: readonly string[] = variables.map(({ name }) => name),
  ) {
    this.plans = plansOf(options, names);
  }

  /** Steps taken. */
  get iterations(): number {
    return this.steps;
  }

  /** One step along the gradients, in the order of the variables. Disposes nothing it was given. */
  apply(gradients: readonly (tf.Tensor | undefined)[], learningRate: number): void {
    this.steps += 1;
    const together: AdamTask[] = [];
    this.variables.forEach((variable, i) => {
      const gradient = gradients[i];
      const plan = this.plans[i];
      if (gradient === undefined || plan === undefined || plan.share === 0) return;
      const rate = learningRate * plan.share;
      const task = this.adamTask(variable, i, gradient, plan.rule, rate);
      if (task !== undefined) {
        together.push(task);
        return;
      }
      tf.tidy(() => {
        const slot = (name: string, initial = 0): tf.Variable => this.slot(variable, i, name, initial);
        const step = updateOf(plan.rule, gradient, rate, this.steps, slot);
        const decay = decayOf(plan.rule);
        const kept = decay > 0 ? tf.mul(variable, 1 - rate * decay) : variable;
        variable.assign(tf.sub(kept, step));
      });
    });
    if (this.own !== undefined) this.own.apply(together);
    else
      for (const { weight, gradient, step, ...moments } of together)
        this.fused?.apply(weight, moments, gradient, step);
  }

  /** What the engine's own Adam is to do, where it has one. */
  private adamTask(
    weight: tf.Variable,
    i: number,
    gradient: tf.Tensor,
    rule: Rule,
    rate: number,
  ): AdamTask | undefined {
    const { type, beta1 = 0.9, beta2 = 0.999, epsilon = defaultEpsilon } = rule;
    const isWhole = this.own !== undefined || this.fused !== undefined;
    if (!isWhole || (type !== 'adam' && type !== 'adamw')) return undefined;
    const step: AdamStep = { rate, beta1, beta2, epsilon, decay: decayOf(rule), iteration: this.steps };
    return { weight, m: this.slot(weight, i, 'm', 0), v: this.slot(weight, i, 'v', 0), gradient, step };
  }

  private slot(variable: tf.Variable, index: number, name: string, initial: number): tf.Variable {
    const key = `${index}/${name}`;
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const made = tf.variable(tf.fill(variable.shape, initial), false);
    this.slots.set(key, made);
    return made;
  }

  /** The slots, for a checkpoint; they stay the optimizer's own. */
  state(): NamedState[] {
    this.fused?.sync();
    return [...this.slots].map(([name, tensor]) => ({ name, tensor }));
  }

  /** Goes on from a saved state. Throws when a slot does not fit its variable. */
  restore(state: readonly NamedState[], iterations: number): void {
    this.steps = iterations;
    for (const { name, tensor } of state) {
      const variable = this.variables[Number(name.split('/')[0])];
      if (variable === undefined || !tf.util.arraysEqual(variable.shape, tensor.shape)) {
        throw new Error(`the optimizer state ${name} does not fit the model`);
      }
      const known = this.slots.get(name);
      if (known === undefined) this.slots.set(name, tf.variable(tensor, false));
      else known.assign(tensor);
    }
  }

  dispose(): void {
    this.fused?.dispose();
    for (const slot of this.slots.values()) slot.dispose();
    this.slots.clear();
  }
}

function decayOf(rule: Rule): number {
  return rule.weightDecay ?? (rule.type === 'adamw' ? adamWDecay : 0);
}

/** For each weight the first group that matches its name, or the optimizer itself. */
function plansOf({ groups = [], learningRate, ...base }: OptimizerOptions, names: readonly string[]): Plan[] {
  const matchers = groups.map(({ match }) => globMatcher(match));
  matchers.forEach((matches, i) => {
    if (names.some(matches)) return;
    throw new StudioError(
      'training.invalidConfig',
      `training.optimizer.groups[${i}].match is ${JSON.stringify(groups[i]?.match)}, which is the name of no weight. ` +
        `The model's weights are: ${names.join(', ')}.`,
      { details: { path: `/training/optimizer/groups/${i}/match`, names: [...names] } },
    );
  });
  return names.map((name) => {
    const group = groups[matchers.findIndex((matches) => matches(name))];
    if (group === undefined) return { rule: base, share: 1 };
    const { learningRate: own = learningRate, type = base.type, ...rest } = group;
    // Another rule's figures mean nothing to this one.
    const rule = type === base.type ? { ...base, ...rest, type } : { ...rest, type };
    return { rule, share: own / learningRate };
  });
}

/** `*` stands for anything; a pattern without one and without `/` is the name of a layer. */
function globMatcher(pattern: string): (name: string) => boolean {
  const whole = pattern.includes('*') || pattern.includes('/') ? pattern : `${pattern}/*`;
  const parts = whole.split('*').map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'));
  const expression = new RegExp(`^${parts.join('.*')}$`);
  return (name) => expression.test(name);
}

type Gradients = readonly (tf.Tensor | undefined)[];

/** Scales gradients down so that their joint norm is at most `limit`; answers them and the norm before. */
export function clipByGlobalNorm(gradients: Gradients, limit: number): (tf.Tensor | undefined)[] {
  const squares = gradients.flatMap((gradient) =>
    gradient === undefined ? [] : [tf.sum(tf.square(gradient))],
  );
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.div(limit, tf.maximum(norm, limit));
  return gradients.map((gradient) => (gradient === undefined ? undefined : tf.mul(gradient, factor)));
}

/** Cuts every entry off at ±`limit`. */
export function clipByValue(gradients: Gradients, limit: number): (tf.Tensor | undefined)[] {
  return gradients.map((gradient) =>
    gradient === undefined ? undefined : tf.clipByValue(gradient, -limit, limit),
  );
}
