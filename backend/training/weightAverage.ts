/**
 * A running mean of the weights (Polyak & Juditsky 1992; decay as in Tarvainen & Valpola 2017), which is measured and
 * kept in place of the weights themselves: it is steadier than where the last step happened to end.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { NamedState } from './optimizer';

const suffix = '/raw';

export class WeightAverage {
  /** The mean while training goes on; the raw weights while the mean is in their place. */
  private readonly aside: tf.Variable[];

  constructor(
    private readonly variables: readonly tf.Variable[],
    private readonly decay: number,
  ) {
    this.aside = variables.map((variable) => tf.variable(tf.clone(variable), false));
  }

  /** After a step (from 1). The first steps count for less, so that the mean soon forgets where it began. */
  update(step: number): void {
    const decay = Math.min(this.decay, (1 + step) / (10 + step));
    this.variables.forEach((variable, i) =>
      tf.tidy(() => {
        const mean = this.aside[i];
        mean?.assign(tf.add(mean, tf.mul(tf.sub(variable, mean), 1 - decay)));
      }),
    );
  }

  /** Runs `work` with the mean in place of the weights. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.exchange();
    try {
      return await work();
    } finally {
      this.exchange();
    }
  }

  /** The raw weights, for a checkpoint whose model holds the mean; call inside `during`. */
  state(): NamedState[] {
    return this.aside.map((tensor, i) => ({ name: `${i}${suffix}`, tensor }));
  }

  /** Takes up a checkpoint whose mean has been read into the variables; answers the state that is not its own. */
  restore(state: readonly NamedState[]): NamedState[] {
    const own = state.filter(({ name }) => name.endsWith(suffix));
    if (own.length !== this.variables.length) {
      throw new Error(
        'the checkpoint has no averaged weights: training.weightAverage was off when it was made',
      );
    }
    for (const { name, tensor } of own) {
      const i = Number(name.slice(0, -suffix.length));
      const variable = this.variables[i];
      if (variable === undefined) throw new Error(`the averaged weight ${name} does not fit the model`);
      this.aside[i]?.assign(variable);
      variable.assign(tensor);
    }
    return state.filter((one) => !own.includes(one));
  }

  dispose(): void {
    tf.dispose(this.aside);
  }

  private exchange(): void {
    this.variables.forEach((variable, i) =>
      tf.tidy(() => {
        const aside = this.aside[i];
        if (aside === undefined) return;
        const held = tf.clone(variable);
        variable.assign(tf.clone(aside));
        aside.assign(held);
      }),
    );
  }
}
