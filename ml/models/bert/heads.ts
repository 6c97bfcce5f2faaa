/** What stands on BERT's encoder: classes of a text, classes of its tokens, or the word behind a mask. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { withAliases } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { takeDense, takeNorm, type Dense, type Norm } from '../shared/dense';
import { activationOf, layerNorm, linear } from '../shared/ops';
import type { BertConfig } from './config';

/** Files of 2019 and 2020 still have TensorFlow's names. */
export function bertWeights(weights: Weights): Weights {
  return withAliases(weights, (name) => [
    name.replace(/LayerNorm\.weight$/, 'LayerNorm.gamma').replace(/LayerNorm\.bias$/, 'LayerNorm.beta'),
  ]);
}

/** Classes of the classifier's weights; 0 where there is none. */
export function classesOf(weights: Weights): number {
  return weights.has('classifier.weight') ? (weights.info('classifier.weight').shape[0] ?? 0) : 0;
}

export interface MaskHead {
  readonly transform: Dense;
  readonly norm: Norm;
  /** `[vocabulary, width]` */
  readonly words: tf.Tensor2D;
  readonly bias: tf.Tensor1D;
}

/** Undefined where the file has none. @param tensors of the names outside the encoder */
export async function takeMaskHead(
  tensors: ModelTensors,
  embedding: tf.Tensor2D,
  { width, vocabulary, tied }: BertConfig,
): Promise<MaskHead | undefined> {
  const at = 'cls.predictions';
  if (!tensors.weights.has(`${at}.transform.dense.weight`)) return undefined;
  const [output, bias] = [`${at}.decoder.weight`, `${at}.bias`];
  return {
    transform: await takeDense(tensors, [{ name: `${at}.transform.dense` }], [width, width]),
    norm: await takeNorm(tensors, `${at}.transform.LayerNorm`, width),
    words:
      tied || !tensors.weights.has(output)
        ? embedding
        : ((await tensors.take(output, [vocabulary, width])) as tf.Tensor2D),
    bias: (await tensors.take(tensors.weights.has(bias) ? bias : `${at}.decoder.bias`, [
      vocabulary,
    ])) as tf.Tensor1D,
  };
}

/** `[rows, width]` → unnormalised scores `[rows, vocabulary]`. Call inside `tf.tidy`. */
export function runMaskHead(head: MaskHead, hidden: tf.Tensor2D, config: BertConfig): tf.Tensor2D {
  const { transform, norm, words, bias } = head;
  const moved = activationOf(config.activation)(linear(hidden, transform.kernel, transform.bias));
  const unit = layerNorm(moved as tf.Tensor2D, norm.gamma, norm.beta, config.epsilon);
  return tf.add(tf.matMul(unit, words, false, true), bias);
}
