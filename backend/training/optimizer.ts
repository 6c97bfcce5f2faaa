/**
 * Optimizers whose whole state can be saved and read back bit for bit: tfjs's own recompute the bias correction when
 * they are restored, which bends a resumed curve. Updates follow Kingma & Ba 2015 (Adam), Loshchilov & Hutter 2019
 * (decoupled weight decay), Hinton's RMSProp and Polyak momentum as Keras writes them.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerOptions } from '../sdk/options';

export interface NamedState {
  readonly name: string;
  readonly tensor: tf.Tensor;
}

const adamWDecay = 0.01;

export class Optimizer {
  private steps = 0;
  /** Keyed by `<variable>/<slot>`. */
  private readonly slots = new Map<string, tf.Variable>();

  constructor(
    private readonly variables: readonly tf.Variable[],
    private readonly options: OptimizerOptions,
  ) {}

  /** Steps taken. */
  get iterations(): number {
    return this.steps;
  }

  /** One step along the gradients, in the order of the variables. Disposes nothing it was given. */
  apply(gradients: readonly (tf.Tensor | undefined)[], learningRate: number): void {
    this.steps += 1;
    this.variables.forEach((variable, i) => {
      const gradient = gradients[i];
      if (gradient === undefined) return;
      tf.tidy(() => {
        const step = this.step(variable, i, gradient, learningRate);
        const decay = this.options.weightDecay ?? (this.options.type === 'adamw' ? adamWDecay : 0);
        const kept = decay > 0 ? tf.mul(variable, 1 - learningRate * decay) : variable;
        variable.assign(tf.sub(kept, step));
      });
    });
  }

  private step(variable: tf.Variable, index: number, gradient: tf.Tensor, rate: number): tf.Tensor {
    const { type, momentum = 0, beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 } = this.options;
    switch (type) {
      case 'adam':
      case 'adamw': {
        const m = this.decayed(variable, index, 'm', gradient, beta1);
        const v = this.decayed(variable, index, 'v', tf.square(gradient), beta2);
        // The bias corrections fold into one factor and a scaled epsilon.
        const correction = Math.sqrt(1 - beta2 ** this.steps);
        const factor = (rate * correction) / (1 - beta1 ** this.steps);
        return tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon * correction)), factor);
      }
      case 'rmsprop': {
        const v = this.decayed(variable, index, 'v', tf.square(gradient), 0.9);
        return this.moved(
          variable,
          index,
          tf.mul(tf.div(gradient, tf.sqrt(tf.add(v, epsilon))), rate),
          momentum,
        );
      }
      case 'sgd':
        return this.moved(variable, index, tf.mul(gradient, rate), momentum);
    }
  }

  /** The running mean `slot = decay · slot + (1 − decay) · value`. */
  private decayed(
    variable: tf.Variable,
    index: number,
    name: string,
    value: tf.Tensor,
    decay: number,
  ): tf.Tensor {
    const slot = this.slot(variable, index, name);
    slot.assign(tf.add(tf.mul(slot, decay), tf.mul(value, 1 - decay)));
    return slot;
  }

  private moved(variable: tf.Variable, index: number, step: tf.Tensor, momentum: number): tf.Tensor {
    if (momentum === 0) return step;
    const slot = this.slot(variable, index, 'momentum');
    slot.assign(tf.add(tf.mul(slot, momentum), step));
    return slot;
  }

  private slot(variable: tf.Variable, index: number, name: string): tf.Variable {
    const key = `${index}/${name}`;
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const made = tf.variable(tf.zerosLike(variable), false);
    this.slots.set(key, made);
    return made;
  }

  /** The slots, for a checkpoint; they stay the optimizer's own. */
  state(): NamedState[] {
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
    for (const slot of this.slots.values()) slot.dispose();
    this.slots.clear();
  }
}

/** Scales gradients down so that their joint norm is at most `limit`; answers them and the norm before. */
export function clipByGlobalNorm(
  gradients: readonly (tf.Tensor | undefined)[],
  limit: number,
): (tf.Tensor | undefined)[] {
  const squares = gradients.flatMap((gradient) =>
    gradient === undefined ? [] : [tf.sum(tf.square(gradient))],
  );
  const norm = tf.sqrt(tf.addN(squares));
  const factor = tf.div(limit, tf.maximum(norm, limit));
  return gradients.map((gradient) => (gradient === undefined ? undefined : tf.mul(gradient, factor)));
}
