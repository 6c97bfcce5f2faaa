/** VITS's text encoder: a post-norm transformer with convolutions for its feed-forward layers. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { asMatrix, asSequence, conv1d, loadConv1d, type Conv1d } from '../shared/conv1d';
import { halves } from '../shared/halves';
import { activationOf } from '../shared/ops';
import { attend, loadAttention, type AttentionWeights } from './attention';
import type { VitsConfig } from './config';
import { loadNorm, normed, type Norm } from './norm';

interface Layer {
  readonly attention: AttentionWeights;
  readonly afterAttention: Norm;
  readonly widen: Conv1d;
  readonly narrow: Conv1d;
  readonly afterFeedForward: Norm;
}

export interface Prior {
  /** `[length, width]` */
  readonly hidden: tf.Tensor2D;
  /** `[length, flow channels]` */
  readonly means: tf.Tensor2D;
  readonly logVariances: tf.Tensor2D;
}

export class TextEncoder {
  private constructor(
    private readonly config: VitsConfig,
    private readonly embeddings: tf.Tensor2D,
    private readonly layers: readonly Layer[],
    private readonly project: Conv1d,
  ) {}

  static async load(tensors: ModelTensors, config: VitsConfig): Promise<TextEncoder> {
    const { vocabulary, encoder, flow } = config;
    const { width, inner, innerSize } = encoder;
    activationOf(encoder.activation);
    const embeddings = await tensors.take('text_encoder.embed_tokens.weight', [vocabulary, width]);
    const layers: Layer[] = [];
    for (let i = 0; i < encoder.layers; i++) {
      const at = `text_encoder.encoder.layers.${i}`;
      layers.push({
        attention: await loadAttention(tensors, `${at}.attention`, encoder),
        afterAttention: await loadNorm(tensors, `${at}.layer_norm`, width, encoder.epsilon),
        widen: await loadConv1d(tensors, `${at}.feed_forward.conv_1`, {
          from: width,
          to: inner,
          size: innerSize,
        }),
        narrow: await loadConv1d(tensors, `${at}.feed_forward.conv_2`, {
          from: inner,
          to: width,
          size: innerSize,
        }),
        afterFeedForward: await loadNorm(tensors, `${at}.final_layer_norm`, width, encoder.epsilon),
      });
    }
    const project = { from: width, to: 2 * flow.channels, size: 1 };
    return new TextEncoder(
      config,
      embeddings as tf.Tensor2D,
      layers,
      await loadConv1d(tensors, 'text_encoder.project', project),
    );
  }

  /** Call inside `tf.tidy`. */
  run(ids: readonly number[]): Prior {
    const { encoder } = this.config;
    const rows = tf.gather(this.embeddings, tf.tensor1d([...ids], 'int32'));
    let hidden: tf.Tensor2D = tf.mul(rows, Math.sqrt(encoder.width));
    for (const layer of this.layers) hidden = tf.tidy(() => this.runLayer(layer, hidden));
    const stats = asMatrix(conv1d(asSequence(hidden), this.project));
    const [means, logVariances] = halves(stats);
    return { hidden, means, logVariances };
  }

  private runLayer(layer: Layer, x: tf.Tensor2D): tf.Tensor2D {
    const { heads, activation } = this.config.encoder;
    const attended = normed(tf.add<tf.Tensor2D>(x, attend(x, layer.attention, heads)), layer.afterAttention);
    const wide = activationOf(activation)(conv1d(asSequence(attended), layer.widen)) as tf.Tensor4D;
    const fed = asMatrix(conv1d(wide, layer.narrow));
    return normed(tf.add<tf.Tensor2D>(attended, fed), layer.afterFeedForward);
  }
}
