/** The text side: tokens see those before them and the whole sound. Keys and values are computed once. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { attend, attendOnce, never, splitHeads } from '../shared/attention';
import { takeDense, takeNorm, type Dense, type Norm, type StoredDense } from '../shared/dense';
import { centre, foldedActivation, layerNorm, linear, toUnitVariance } from '../shared/ops';
import type { WhisperConfig } from './config';
import { epsilon } from './encoder';

/** The normalisations before them are folded in. */
interface DecoderLayer {
  readonly qkv: Dense;
  readonly selfOut: Dense;
  readonly crossQuery: Dense;
  readonly crossKeyValue: Dense;
  readonly crossOut: Dense;
  readonly widen: Dense;
  readonly narrow: Dense;
}

export interface WhisperDecoder {
  /** `[width, vocabulary]`: scores of all words are a product with it, as it lies, for every token. */
  readonly words: tf.Tensor2D;
  readonly positions: tf.Tensor2D;
  readonly layers: readonly DecoderLayer[];
  readonly norm: Norm;
}

/** Of the tokens so far `[batch, tokens, width]`; of the sound as `attend` takes them. */
export interface KeyValue<T extends tf.Tensor = tf.Tensor> {
  readonly keys: T;
  readonly values: T;
}

export async function takeDecoder(tensors: ModelTensors, config: WhisperConfig): Promise<WhisperDecoder> {
  const { width, targetPositions } = config;
  const words = await takeTable(tensors, 'decoder.embed_tokens.weight', config);
  const positions = await tensors.take('decoder.embed_positions.weight', [targetPositions, width]);
  const layers: DecoderLayer[] = [];
  for (let i = 0; i < config.decoder.layers; i++) {
    layers.push(await takeLayer(tensors, `decoder.layers.${i}`, config));
  }
  const norm = await takeNorm(tensors, 'decoder.layer_norm', width);
  return { words, positions: positions as tf.Tensor2D, layers, norm };
}

/** `[vocabulary, width]` turned. */
export async function takeTable(
  tensors: ModelTensors,
  name: string,
  { vocabulary, width }: WhisperConfig,
): Promise<tf.Tensor2D> {
  const stored = await tensors.take(name, [vocabulary, width]);
  const turned = tensors.keep(tf.transpose(stored as tf.Tensor2D));
  tensors.release(stored);
  return turned;
}

async function takeLayer(tensors: ModelTensors, at: string, config: WhisperConfig): Promise<DecoderLayer> {
  const { width, decoder, activation } = config;
  const scale = Math.sqrt(decoder.heads / width);
  const square = [width, width] as const;
  const { before, after } = foldedActivation(activation);
  const normOf = (name: string): Promise<Norm> => takeNorm(tensors, `${at}.${name}_layer_norm`, width);
  const parts = (block: string): Record<'query' | 'key' | 'value', StoredDense> => ({
    query: { name: `${at}.${block}.q_proj`, scale },
    key: { name: `${at}.${block}.k_proj`, bias: false },
    value: { name: `${at}.${block}.v_proj` },
  });
  const [own, cross] = [parts('self_attn'), parts('encoder_attn')];
  return {
    qkv: await takeDense(tensors, [own.query, own.key, own.value], square, {
      after: await normOf('self_attn'),
    }),
    selfOut: await takeDense(tensors, [{ name: `${at}.self_attn.out_proj` }], square, { centred: true }),
    crossQuery: await takeDense(tensors, [cross.query], square, { after: await normOf('encoder_attn') }),
    crossKeyValue: await takeDense(tensors, [cross.key, cross.value], square),
    crossOut: await takeDense(tensors, [{ name: `${at}.encoder_attn.out_proj` }], square, { centred: true }),
    widen: await takeDense(tensors, [{ name: `${at}.fc1`, scale: before }], [width, decoder.inner], {
      after: await normOf('final'),
    }),
    narrow: await takeDense(tensors, [{ name: `${at}.fc2`, inputScale: after }], [decoder.inner, width], {
      centred: true,
    }),
  };
}

/** Keys and values of the sound for each layer: once a window. The caller's. @param encoded `[positions, width]` */
export function crossKeyValues({ layers }: WhisperDecoder, encoded: tf.Tensor2D, heads: number): KeyValue[] {
  return layers.map(({ crossKeyValue: { kernel, bias } }) => {
    const [keys, values] = tf.tidy(() => {
      const [k, v] = splitHeads(linear(encoded, kernel, bias), 2, 1, heads);
      return [k, v] as [tf.Tensor4D, tf.Tensor4D];
    });
    return { keys, values };
  });
}

export interface DecoderStep {
  /** After the last normalisation, `[batch · tokens, width]`. */
  readonly hidden: tf.Tensor2D;
  readonly own: readonly KeyValue[];
}

/** New tokens, of so many rows. */
export interface TokenRows {
  /** int32 `[batch · tokens]` */
  readonly words: tf.Tensor1D;
  /** int32 `[tokens]`, from 0 */
  readonly places: tf.Tensor1D;
  readonly batch: number;
  readonly tokens: number;
  /** Tokens before them. */
  readonly past: number;
}

/** @param past keys and values of the tokens before, none at first */
export function runDecoder(
  decoder: WhisperDecoder,
  rows: TokenRows,
  past: readonly KeyValue[],
  cross: readonly KeyValue[],
  config: WhisperConfig,
): DecoderStep {
  const { batch, tokens } = rows;
  const own: KeyValue[] = [];
  const hidden = tf.tidy(() => {
    let x = embed(decoder, rows);
    const mask = tokens > 1 ? causalMask(tokens, rows.past) : undefined;
    decoder.layers.forEach((layer, i) => {
      const [next, keys, values] = tf.tidy(() => {
        const self = selfAttention(layer, x, batch, past[i], mask, config.decoder.heads);
        const met = crossAttention(layer, self.x, cross[i] as KeyValue, config.decoder.heads);
        return [feedForward(layer, met, config.activation), self.keys, self.values] as [
          tf.Tensor2D,
          tf.Tensor,
          tf.Tensor,
        ];
      });
      x.dispose();
      x = next;
      own.push({ keys: tf.keep(keys), values: tf.keep(values) });
    });
    return layerNorm(x, decoder.norm.gamma, decoder.norm.beta, epsilon);
  });
  return { hidden, own };
}

function embed(decoder: WhisperDecoder, { words, places, batch, tokens }: TokenRows): tf.Tensor2D {
  return tf.tidy(() => {
    const [width] = decoder.words.shape;
    const columns = tf.gather(decoder.words, words, 1);
    const said = tf.reshape(tf.transpose(columns), [batch, tokens, width]);
    const placed = tf.add(said, tf.gather(decoder.positions, places));
    return centre(tf.reshape<tf.Rank.R2>(placed, [batch * tokens, width]));
  });
}

function selfAttention(
  { qkv, selfOut }: DecoderLayer,
  x: tf.Tensor2D,
  batch: number,
  past: KeyValue | undefined,
  mask: tf.Tensor4D | undefined,
  heads: number,
): KeyValue & { readonly x: tf.Tensor2D } {
  const width = x.shape[1];
  const made = linear(toUnitVariance(x, epsilon), qkv.kernel, qkv.bias);
  const [query, key, value] = tf.split(tf.reshape(made, [batch, x.shape[0] / batch, 3 * width]), 3, 2);
  const keys = past === undefined ? key : tf.concat([past.keys, key as tf.Tensor], 1);
  const values = past === undefined ? value : tf.concat([past.values, value as tf.Tensor], 1);
  const flat = (one: tf.Tensor | undefined): tf.Tensor2D => tf.reshape(one as tf.Tensor, [-1, width]);
  const byHead = (one: tf.Tensor | undefined): tf.Tensor4D =>
    splitHeads(flat(one), 1, batch, heads)[0] as tf.Tensor4D;
  const mixed =
    x.shape[0] === 1
      ? attendOnce(flat(query), flat(keys), flat(values), heads)
      : attend(byHead(query), byHead(keys), byHead(values), mask);
  return {
    x: tf.add(x, linear(mixed, selfOut.kernel, selfOut.bias)),
    keys: keys as tf.Tensor,
    values: values as tf.Tensor,
  };
}

/** All rows of a batch hear the same: they are so many queries of one. */
function crossAttention(
  { crossQuery, crossOut }: DecoderLayer,
  x: tf.Tensor2D,
  { keys, values }: KeyValue,
  heads: number,
): tf.Tensor2D {
  const projected = linear(toUnitVariance(x, epsilon), crossQuery.kernel, crossQuery.bias);
  const [query] = splitHeads(projected, 1, 1, heads);
  const mixed = attend(query as tf.Tensor4D, keys as tf.Tensor4D, values as tf.Tensor4D);
  return tf.add(x, linear(mixed, crossOut.kernel, crossOut.bias));
}

function feedForward({ widen, narrow }: DecoderLayer, x: tf.Tensor2D, activation: string): tf.Tensor2D {
  const { apply } = foldedActivation(activation);
  const wide = apply(linear(toUnitVariance(x, epsilon), widen.kernel, widen.bias)) as tf.Tensor2D;
  return tf.add(x, linear(wide, narrow.kernel, narrow.bias));
}

/** `[1, 1, tokens, past + tokens]` */
function causalMask(tokens: number, past: number): tf.Tensor4D {
  const width = past + tokens;
  const mask = new Float32Array(tokens * width);
  for (let row = 0; row < tokens; row++) mask.fill(never, row * width + past + row + 1, (row + 1) * width);
  return tf.tensor4d(mask, [1, 1, tokens, width]);
}
