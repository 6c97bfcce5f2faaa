/** The text side: tokens see those before them and the whole sound. Keys and values are computed once. */
import * as tf from '@tensorflow/tfjs-core';
import type { ModelTensors } from '../../weights/modelTensors';
import { attend, never, splitHeads } from '../shared/attention';
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

/** `[batch, heads, tokens, head width]` */
export interface KeyValue {
  readonly keys: tf.Tensor4D;
  readonly values: tf.Tensor4D;
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

/**
 * @param ids `[batch · tokens]`, new ones
 * @param past keys and values of the tokens before, none at first
 */
export function runDecoder(
  decoder: WhisperDecoder,
  ids: readonly number[],
  batch: number,
  past: { readonly tokens: number; readonly own: readonly KeyValue[] },
  cross: readonly KeyValue[],
  config: WhisperConfig,
): DecoderStep {
  const tokens = ids.length / batch;
  const own: KeyValue[] = [];
  const hidden = tf.tidy(() => {
    let x = embed(decoder, ids, batch, past.tokens);
    const mask = tokens > 1 ? causalMask(tokens, past.tokens) : undefined;
    decoder.layers.forEach((layer, i) => {
      const [next, keys, values] = tf.tidy(() => {
        const self = selfAttention(layer, x, batch, past.own[i], mask, config.decoder.heads);
        const met = crossAttention(layer, self.x, cross[i] as KeyValue, config.decoder.heads);
        return [feedForward(layer, met, config.activation), self.keys, self.values] as [
          tf.Tensor2D,
          tf.Tensor4D,
          tf.Tensor4D,
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

function embed(decoder: WhisperDecoder, ids: readonly number[], batch: number, past: number): tf.Tensor2D {
  return tf.tidy(() => {
    const tokens = ids.length / batch;
    const [width] = decoder.words.shape;
    const columns = tf.gather(decoder.words, tf.tensor1d([...ids], 'int32'), 1);
    const words = tf.reshape(tf.transpose(columns), [batch, tokens, width]);
    const places = tf.slice(decoder.positions, [past, 0], [tokens, -1]);
    return centre(tf.reshape<tf.Rank.R2>(tf.add(words, places), [batch * tokens, width]));
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
  const parts = splitHeads(linear(toUnitVariance(x, epsilon), qkv.kernel, qkv.bias), 3, batch, heads);
  const [query, key, value] = parts as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
  const keys = past === undefined ? key : tf.concat([past.keys, key], 2);
  const values = past === undefined ? value : tf.concat([past.values, value], 2);
  const mixed = attend(query, keys, values, mask);
  return { x: tf.add(x, linear(mixed, selfOut.kernel, selfOut.bias)), keys, values };
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
  const mixed = attend(query as tf.Tensor4D, keys, values);
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
