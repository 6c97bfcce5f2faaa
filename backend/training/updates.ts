/**
 * The update rules: what each optimizer subtracts from a weight. Kingma & Ba 2015 (Adam), Loshchilov & Hutter 2019
 * (decoupled weight decay), Polyak momentum and Hinton's RMSProp as Keras writes them, Duchi et al. 2011 (Adagrad),
 * Zeiler 2012 (Adadelta).
 */
import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerOptions } from '../sdk/options';

/** The state of one weight by name; made when first asked for. */
export type SlotOf = (name: string, initial?: number) => tf.Variable;

export type Rule = Omit<OptimizerOptions, 'groups' | 'learningRate'>;

export const defaultEpsilon = 1e-7;
/** Adagrad's sums start here, as in Keras: the first steps would be huge otherwise. */
const adagradStart = 0.1;

/** @param iteration of this step, from 1 */
export function updateOf(
  rule: Rule,
  gradient: tf.Tensor,
  rate: number,
  iteration: number,
  slot: SlotOf,
): tf.Tensor {
  const { type, beta1 = 0.9, beta2 = 0.999, epsilon = defaultEpsilon } = rule;
  switch (type) {
    case 'adam':
    case 'adamw': {
      const m = decayed(slot('m'), gradient, beta1);
      const v = decayed(slot('v'), tf.square(gradient), beta2);
      // The bias corrections fold into one factor and a scaled epsilon.
      const correction = Math.sqrt(1 - beta2 ** iteration);
      const factor = (rate * correction) / (1 - beta1 ** iteration);
      return tf.mul(tf.div(m, tf.add(tf.sqrt(v), epsilon * correction)), factor);
    }
    case 'rmsprop': {
      const v = decayed(slot('v'), tf.square(gradient), rule.rho ?? 0.9);
      return moved(tf.mul(tf.div(gradient, tf.sqrt(tf.add(v, epsilon))), rate), rule.momentum ?? 0, slot);
    }
    case 'sgd':
      return moved(tf.mul(gradient, rate), rule.momentum ?? 0, slot);
    case 'momentum':
      return moved(tf.mul(gradient, rate), rule.momentum ?? 0.9, slot);
    case 'adagrad': {
      const sum = slot('sum', adagradStart);
      sum.assign(tf.add(sum, tf.square(gradient)));
      return tf.mul(tf.div(gradient, tf.sqrt(tf.add(sum, epsilon))), rate);
    }
    case 'adadelta':
      return adadelta(gradient, rate, rule.rho ?? 0.95, epsilon, slot);
  }
}

function adadelta(gradient: tf.Tensor, rate: number, rho: number, epsilon: number, slot: SlotOf): tf.Tensor {
  const v = decayed(slot('v'), tf.square(gradient), rho);
  const steps = slot('steps');
  const step = tf.mul(tf.sqrt(tf.div(tf.add(steps, epsilon), tf.add(v, epsilon))), gradient);
  decayed(steps, tf.square(step), rho);
  return tf.mul(step, rate);
}

/** The running mean `slot = decay · slot + (1 − decay) · value`. */
function decayed(slot: tf.Variable, value: tf.Tensor, decay: number): tf.Tensor {
  slot.assign(tf.add(tf.mul(slot, decay), tf.mul(value, 1 - decay)));
  return slot;
}

function moved(step: tf.Tensor, momentum: number, slot: SlotOf): tf.Tensor {
  if (momentum === 0) return step;
  const velocity = slot('momentum');
  velocity.assign(tf.add(tf.mul(velocity, momentum), step));
  return velocity;
}
