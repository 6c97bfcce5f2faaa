import * as z from 'zod';
import { MlError } from '../../errors';
import { parseConfig } from '../shared/config';

const size = z.number().int().positive().max(10_000_000);

const schema = z.looseObject({
  vocab_size: size,
  n_embd: size,
  n_layer: size.max(1000),
  n_head: size,
  n_positions: size.optional(),
  n_ctx: size.optional(),
  n_inner: size.nullish(),
  activation_function: z.string().default('gelu_new'),
  layer_norm_epsilon: z.number().positive().default(1e-5),
  scale_attn_weights: z.boolean().default(true),
  scale_attn_by_inverse_layer_idx: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
  eos_token_id: z.union([z.number().int(), z.array(z.number().int())]).nullish(),
});

export interface Gpt2Config {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Tokens that fit, the prompt among them. */
  readonly positions: number;
  /** Width of the feed-forward layers. */
  readonly inner: number;
  readonly activation: string;
  readonly epsilon: number;
  readonly scaleScores: boolean;
  readonly scaleByLayer: boolean;
  /** Whether the output layer is the embedding. */
  readonly tied: boolean;
  readonly ends: readonly number[];
}

/** Throws `model.corrupt`. */
export function gpt2Config(json: unknown): Gpt2Config {
  const config = parseConfig(schema, json);
  const { n_embd: width, n_head: heads, eos_token_id: ends } = config;
  if (width % heads !== 0) {
    throw new MlError('model.corrupt', `config.json divides a width of ${width} among ${heads} heads.`);
  }
  return {
    vocabulary: config.vocab_size,
    width,
    layers: config.n_layer,
    heads,
    positions: config.n_positions ?? config.n_ctx ?? 1024,
    inner: config.n_inner ?? 4 * width,
    activation: config.activation_function,
    epsilon: config.layer_norm_epsilon,
    scaleScores: config.scale_attn_weights,
    scaleByLayer: config.scale_attn_by_inverse_layer_idx,
    tied: config.tie_word_embeddings,
    ends: typeof ends === 'number' ? [ends] : (ends ?? []),
  };
}
