/** BERT (Devlin et al. 2018) as transformers lays it out. */
import * as tf from '@tensorflow/tfjs-core';
import { ModelTensors } from '../../weights/modelTensors';
import { rooted } from '../../weights/views';
import type { Weights } from '../../weights/weights';
import { paddingMask } from '../shared/attention';
import { takeDense, takeNorm, type Dense, type Norm } from '../shared/dense';
import { takeEncoderLayer, type EncoderLayer } from '../shared/encoderLayer';
import { EncoderStack } from '../shared/encoderStack';
import { activationOf, layerNorm, linear } from '../shared/ops';
import type { BertConfig } from './config';
import { bertWeights, classesOf, runMaskHead, takeMaskHead, type MaskHead } from './heads';
import { checkedBatch, type BertInput } from './input';

interface Parts {
  readonly words: tf.Tensor2D;
  readonly positions: tf.Tensor2D;
  readonly types: tf.Tensor2D;
  readonly norm: Norm;
  readonly layers: readonly EncoderLayer[];
  readonly pooler: Dense | undefined;
  readonly classifier: Dense | undefined;
  readonly mask: MaskHead | undefined;
}

export interface BertHidden {
  /** Summed and normalised, `[batch, tokens, width]`. */
  readonly embeddings: tf.Tensor3D;
  /** After the last layer, `[batch, tokens, width]`. */
  readonly hidden: tf.Tensor3D;
}

export class Bert {
  private readonly stack: EncoderStack;

  private constructor(
    readonly config: BertConfig,
    private readonly tensors: readonly ModelTensors[],
    private readonly parts: Parts,
    /** Classes of its classifier; 0 where it has none. */
    readonly classes: number,
  ) {
    this.stack = new EncoderStack(parts.layers, { ...config, normFirst: false });
  }

  get hasPooler(): boolean {
    return this.parts.pooler !== undefined;
  }

  get fillsMasks(): boolean {
    return this.parts.mask !== undefined;
  }

  /** Rejects with `model.corrupt` when the weights are not those of the config. Frees what it has read then. */
  static async load(stored: Weights, config: BertConfig): Promise<Bert> {
    const weights = bertWeights(stored);
    const inner = new ModelTensors(rooted(weights, ['bert.', ''], 'embeddings.word_embeddings.weight'));
    const outer = new ModelTensors(weights);
    try {
      activationOf(config.activation);
      const classes = classesOf(weights);
      const encoder = await takeEncoder(inner, config);
      const classifier =
        classes > 0 ? await takeDense(outer, [{ name: 'classifier' }], [config.width, classes]) : undefined;
      const mask = await takeMaskHead(outer, encoder.words, config);
      return new Bert(config, [inner, outer], { ...encoder, classifier, mask }, classes);
    } catch (error) {
      inner.dispose();
      outer.dispose();
      throw error;
    }
  }

  /** Runs a batch. The caller disposes both tensors. Throws `input.invalid` for rows that do not fit. */
  forward(rows: readonly BertInput[]): BertHidden {
    const { ids, types, used, tokens } = checkedBatch(rows, this.config);
    const [embeddings, hidden] = tf.tidy(() => {
      const batch = rows.length;
      const mask = used.includes(0) ? paddingMask(used, batch) : undefined;
      const embeddings = this.embed(ids, types, batch, tokens);
      const x = this.stack.run(embeddings, batch, mask);
      const full: [number, number, number] = [batch, tokens, this.config.width];
      return [tf.reshape(embeddings, full), tf.reshape(x, full)] as [tf.Tensor3D, tf.Tensor3D];
    });
    return { embeddings, hidden };
  }

  private embed(ids: Int32Array, types: Int32Array, batch: number, tokens: number): tf.Tensor2D {
    const { words, positions, types: kinds, norm } = this.parts;
    return tf.tidy(() => {
      const both = tf.add(tf.gather(words, tf.tensor1d(ids)), tf.gather(kinds, tf.tensor1d(types)));
      const rows = tf.reshape(both, [batch, tokens, this.config.width]);
      const placed = tf.add(rows, tf.slice(positions, [0, 0], [tokens, -1]));
      const flat = tf.reshape<tf.Rank.R2>(placed, [batch * tokens, this.config.width]);
      return layerNorm(flat, norm.gamma, norm.beta, this.config.epsilon);
    });
  }

  /** The first token's state through the pooler, `[batch, width]`; undefined where there is none. */
  pool(hidden: tf.Tensor3D): tf.Tensor2D | undefined {
    const { pooler } = this.parts;
    if (pooler === undefined) return undefined;
    return tf.tidy(() => {
      const [batch, , width] = hidden.shape;
      const first = tf.reshape<tf.Rank.R2>(tf.slice(hidden, [0, 0, 0], [-1, 1, -1]), [batch, width]);
      return tf.tanh(linear(first, pooler.kernel, pooler.bias));
    });
  }

  /**
   * Unnormalised scores of the classes. @param x `[rows, width]`: pooled for a class of the text, hidden states for
   * classes of tokens
   */
  classify(x: tf.Tensor2D): tf.Tensor2D | undefined {
    const { classifier } = this.parts;
    return classifier === undefined ? undefined : linear(x, classifier.kernel, classifier.bias);
  }

  /** Unnormalised scores of the words, `[rows, vocabulary]`, for hidden states `[rows, width]`. */
  fillMask(x: tf.Tensor2D): tf.Tensor2D | undefined {
    const { mask } = this.parts;
    return mask === undefined ? undefined : tf.tidy(() => runMaskHead(mask, x, this.config));
  }

  dispose(): void {
    this.stack.dispose();
    for (const tensors of this.tensors) tensors.dispose();
  }
}

async function takeEncoder(
  tensors: ModelTensors,
  config: BertConfig,
): Promise<Omit<Parts, 'classifier' | 'mask'>> {
  const { vocabulary, positions, types, width } = config;
  const table = async (name: string, rows: number): Promise<tf.Tensor2D> =>
    (await tensors.take(`embeddings.${name}_embeddings.weight`, [rows, width])) as tf.Tensor2D;
  const tables = {
    words: await table('word', vocabulary),
    positions: await table('position', positions),
    types: await table('token_type', types),
    norm: await takeNorm(tensors, 'embeddings.LayerNorm', width),
  };
  const layers: EncoderLayer[] = [];
  for (let i = 0; i < config.layers; i++) {
    layers.push(
      await takeEncoderLayer(tensors, layerNames(`encoder.layer.${i}`), { ...config, normFirst: false }),
    );
  }
  const pooler = tensors.weights.has('pooler.dense.weight')
    ? await takeDense(tensors, [{ name: 'pooler.dense' }], [width, width])
    : undefined;
  return { ...tables, layers, pooler };
}

const layerNames = (at: string): Parameters<typeof takeEncoderLayer>[1] => ({
  query: `${at}.attention.self.query`,
  key: `${at}.attention.self.key`,
  value: `${at}.attention.self.value`,
  attentionOut: `${at}.attention.output.dense`,
  attentionNorm: `${at}.attention.output.LayerNorm`,
  widen: `${at}.intermediate.dense`,
  narrow: `${at}.output.dense`,
  finalNorm: `${at}.output.LayerNorm`,
});
