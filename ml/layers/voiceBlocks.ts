/** Layers of voices. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

type Shape = (number | null)[];

/** Passes numbers on and lets no gradient back: what comes after learns from what comes before, and does not change it. */
export class Detach extends layers.Layer {
  static readonly className = 'GoyaDetach';

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return Array.isArray(shape[0]) ? shape[0] : (shape as Shape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = Array.isArray(inputs) ? inputs[0] : inputs;
    if (x === undefined) throw new Error('the layer takes one input');
    const pass = tf.customGrad((...given) => ({
      value: tf.clone(given[0] as tf.Tensor),
      gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy),
    }));
    return pass(x);
  }
}

/** Makes `tf.loadLayersModel` know these layers. */
export function registerVoiceBlocks(): void {
  tf.serialization.registerClass(Detach);
}
