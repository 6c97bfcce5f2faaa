/** A transformer encoder's layer as BERT, Wav2Vec2 and Whisper have it: normalised after each half, or before. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { attend, splitHeads } from './attention';
import { takeDense, takeNorm, type Dense, type Norm } from './dense';
import { foldedActivation, layerNorm, linear, toUnitVariance } from './ops';

export interface EncoderShape {
  readonly width: number;
  readonly inner: number;
  readonly heads: number;
  readonly epsilon: number;
  readonly activation: string;
  /** Normalised before each half (pre-LN), which keeps deep stacks stable. */
  readonly normFirst: boolean;
}

/** What a family calls its parts. */
export interface EncoderNames {
  readonly query: string;
  readonly key: string;
  readonly value: string;
  readonly attentionOut: string;
  readonly attentionNorm: string;
  readonly widen: string;
  readonly narrow: string;
  readonly finalNorm: string;
  /** Whisper's keys have none. */
  readonly keyBias?: boolean;
}

export interface EncoderLayer {
  readonly qkv: Dense;
  readonly attentionOut: Dense;
  readonly attentionNorm: Norm;
  readonly widen: Dense;
  readonly narrow: Dense;
  readonly finalNorm: Norm;
}

export async function takeEncoderLayer(
  tensors: ModelTensors,
  names: EncoderNames,
  shape: EncoderShape,
): Promise<EncoderLayer> {
  const { width, inner, heads, normFirst } = shape;
  const { before, after } = foldedActivation(shape.activation);
  const attentionNorm = await takeNorm(tensors, names.attentionNorm, width);
  const finalNorm = await takeNorm(tensors, names.finalNorm, width);
  const attention = [
    { name: names.query, scale: Math.sqrt(heads / width) },
    { name: names.key, bias: names.keyBias ?? true },
    { name: names.value },
  ];
  return {
    qkv: await takeDense(tensors, attention, [width, width], {
      after: normFirst ? attentionNorm : undefined,
    }),
    attentionOut: await takeDense(tensors, [{ name: names.attentionOut }], [width, width], {
      centred: normFirst,
    }),
    attentionNorm,
    widen: await takeDense(tensors, [{ name: names.widen, scale: before }], [width, inner], {
      after: normFirst ? finalNorm : undefined,
    }),
    narrow: await takeDense(tensors, [{ name: names.narrow, inputScale: after }], [inner, width], {
      centred: normFirst,
    }),
    finalNorm,
  };
}

/**
 * Frees what it made but the result, which is the caller's.
 * @param x `[batch · tokens, width]`; where it is normalised first, without its mean, as is then the result
 * @param mask of keys, `[batch, 1, 1, tokens]`, added to the scores
 */
export function runEncoderLayer(
  layer: EncoderLayer,
  x: tf.Tensor2D,
  batch: number,
  mask: tf.Tensor4D | undefined,
  shape: EncoderShape,
): tf.Tensor2D {
  const { epsilon, normFirst } = shape;
  const attended = tf.tidy(() => {
    const mixed = selfAttention(layer, normFirst ? toUnitVariance(x, epsilon) : x, batch, mask, shape.heads);
    const sum: tf.Tensor2D = tf.add(x, linear(mixed, layer.attentionOut.kernel, layer.attentionOut.bias));
    return normFirst ? sum : layerNorm(sum, layer.attentionNorm.gamma, layer.attentionNorm.beta, epsilon);
  });
  const output = tf.tidy(() => {
    const wide = widened(layer, normFirst ? toUnitVariance(attended, epsilon) : attended, shape.activation);
    const sum: tf.Tensor2D = tf.add(attended, linear(wide, layer.narrow.kernel, layer.narrow.bias));
    return normFirst ? sum : layerNorm(sum, layer.finalNorm.gamma, layer.finalNorm.beta, epsilon);
  });
  attended.dispose();
  return output;
}

function selfAttention(
  layer: EncoderLayer,
  x: tf.Tensor2D,
  batch: number,
  mask: tf.Tensor4D | undefined,
  heads: number,
): tf.Tensor2D {
  return tf.tidy(() => {
    const [query, key, value] = splitHeads(linear(x, layer.qkv.kernel, layer.qkv.bias), 3, batch, heads);
    return attend(query as tf.Tensor4D, key as tf.Tensor4D, value as tf.Tensor4D, mask);
  });
}

function widened(layer: EncoderLayer, x: tf.Tensor2D, activation: string): tf.Tensor2D {
  return tf.tidy(() => {
    const { apply } = foldedActivation(activation);
    return apply(linear(x, layer.widen.kernel, layer.widen.bias)) as tf.Tensor2D;
  });
}
