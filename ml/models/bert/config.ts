import * as z from 'zod';
import { MlError } from '../../errors';
import { parseConfig } from '../shared/config';

const size = z.number().int().positive().max(10_000_000);

const schema = z.looseObject({
  vocab_size: size,
  hidden_size: size,
  num_hidden_layers: size.max(1000),
  num_attention_heads: size,
  intermediate_size: size,
  max_position_embeddings: size,
  type_vocab_size: size.default(2),
  hidden_act: z.string().default('gelu'),
  layer_norm_eps: z.number().positive().default(1e-12),
  position_embedding_type: z.string().default('absolute'),
  pad_token_id: z.number().int().nonnegative().nullish(),
  id2label: z.record(z.string(), z.string()).nullish(),
  num_labels: size.nullish(),
  problem_type: z.string().nullish(),
  is_decoder: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(true),
});

export interface BertConfig {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  /** Width of the feed-forward layers. */
  readonly inner: number;
  /** Tokens that fit. */
  readonly positions: number;
  /** Kinds of segments: the first and the second text of a pair. */
  readonly types: number;
  readonly activation: string;
  readonly epsilon: number;
  readonly pad: number;
  /** By class; empty where the config names none. */
  readonly labels: readonly string[];
  /** Whether several labels can hold at once: each has a probability of its own. */
  readonly multiLabel: boolean;
  /** Whether the output layer of the fill-mask head is the embedding. */
  readonly tied: boolean;
}

/** Throws `model.corrupt`, or `model.unsupported` for relatives that compute otherwise. */
export function bertConfig(json: unknown): BertConfig {
  const config = parseConfig(schema, json);
  const { hidden_size: width, num_attention_heads: heads } = config;
  if (width % heads !== 0) {
    throw new MlError('model.corrupt', `config.json divides a width of ${width} among ${heads} heads.`);
  }
  if (config.position_embedding_type !== 'absolute' || config.is_decoder) {
    const what = config.is_decoder ? 'as a decoder' : `with ${config.position_embedding_type} positions`;
    throw new MlError('model.unsupported', `BERT ${what} is not run here.`);
  }
  return {
    vocabulary: config.vocab_size,
    width,
    layers: config.num_hidden_layers,
    heads,
    inner: config.intermediate_size,
    positions: config.max_position_embeddings,
    types: config.type_vocab_size,
    activation: config.hidden_act,
    epsilon: config.layer_norm_eps,
    pad: config.pad_token_id ?? 0,
    labels: labelsOf(config.id2label ?? {}),
    multiLabel: config.problem_type === 'multi_label_classification',
    tied: config.tie_word_embeddings,
  };
}

/** `{"0": "O", "1": "B-PER"}` in the order of the classes. */
function labelsOf(names: Readonly<Record<string, string>>): string[] {
  const count = Object.keys(names).length;
  return Array.from({ length: count }, (_, i) => names[String(i)] ?? `LABEL_${i}`);
}
