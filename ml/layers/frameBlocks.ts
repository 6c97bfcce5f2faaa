/** Layers for sequences of feature vectors, such as the frames of a spectrogram. Frames of zeros only are padding. */
import * as tf from '@tensorflow/tfjs-core';
import { layers } from '@tensorflow/tfjs-layers';

type Shape = (number | null)[];

const firstShape = (shape: Shape | Shape[]): Shape => (Array.isArray(shape[0]) ? shape[0] : (shape as Shape));

function single(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
  const x = Array.isArray(inputs) ? inputs[0] : inputs;
  if (x === undefined) throw new Error('the layer takes one input');
  return x;
}

/** `[batch, length, channels]` → `[batch, ⌊length / factor⌋, factor · channels]`: neighbours become one. */
export class Fold extends layers.Layer {
  static readonly className = 'GoyaFold';
  private readonly factor: number;

  constructor(args: { readonly name?: string; readonly factor: number }) {
    super(args);
    this.factor = args.factor;
  }

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    const [batch = null, length = null, channels = null] = firstShape(shape);
    return [batch, length === null ? null : Math.floor(length / this.factor), (channels ?? 0) * this.factor];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.tidy(() => {
      const x = single(inputs) as tf.Tensor3D;
      const [batch, length, channels] = x.shape;
      const folded = Math.floor(length / this.factor);
      const whole =
        folded * this.factor === length ? x : tf.slice(x, [0, 0, 0], [batch, folded * this.factor, channels]);
      return tf.reshape(whole, [batch, folded, channels * this.factor]);
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), factor: this.factor };
  }
}

/** Frames `[batch, length, channels]` → presence `[batch, length, 1]`: 0 where a frame is nothing but zeros. No gradient. */
export class FramePresence extends layers.Layer {
  static readonly className = 'GoyaFramePresence';

  override computeOutputShape(shape: Shape | Shape[]): Shape {
    return [...firstShape(shape).slice(0, 2), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const presence = tf.customGrad((...given) => {
      const x = given[0] as tf.Tensor;
      return {
        value: tf.cast(tf.greater(tf.max(tf.abs(x), -1, true), 0), 'float32'),
        gradFunc: () => tf.zerosLike(x),
      };
    });
    return tf.tidy(() => presence(single(inputs)));
  }
}

/** Makes `tf.loadLayersModel` know these layers. */
export function registerFrameBlocks(): void {
  for (const layer of [Fold, FramePresence]) tf.serialization.registerClass(layer);
}
