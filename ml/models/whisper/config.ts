import * as z from 'zod';
import { MlError } from '../../errors';
import { parseConfig } from '../shared/config';

const size = z.number().int().positive().max(10_000_000);
const id = z.number().int().nonnegative();
const ids = z.array(id).nullish();

const schema = z.looseObject({
  vocab_size: size,
  d_model: size,
  encoder_layers: size.max(1000),
  encoder_attention_heads: size,
  encoder_ffn_dim: size,
  decoder_layers: size.max(1000),
  decoder_attention_heads: size,
  decoder_ffn_dim: size,
  activation_function: z.string().default('gelu'),
  num_mel_bins: size.default(80),
  max_source_positions: size.default(1500),
  max_target_positions: size.default(448),
  tie_word_embeddings: z.boolean().default(true),
  decoder_start_token_id: id.nullish(),
  eos_token_id: z.union([id, z.array(id)]).nullish(),
  suppress_tokens: ids,
  begin_suppress_tokens: ids,
});

const generationSchema = z.looseObject({
  decoder_start_token_id: id.nullish(),
  eos_token_id: z.union([id, z.array(id)]).nullish(),
  suppress_tokens: ids,
  begin_suppress_tokens: ids,
  no_timestamps_token_id: id.nullish(),
  max_initial_timestamp_index: id.nullish(),
  lang_to_id: z.record(z.string(), id).nullish(),
  task_to_id: z.record(z.string(), id).nullish(),
});

export interface StackShape {
  readonly layers: number;
  readonly heads: number;
  readonly inner: number;
}

/** Seconds that a position of the sound stands for, and a step of the timestamps. */
export const positionStep = 0.02;

export interface WhisperConfig {
  readonly vocabulary: number;
  readonly width: number;
  readonly encoder: StackShape;
  readonly decoder: StackShape;
  readonly activation: string;
  readonly mels: number;
  /** Of a window, after the convolutions; twice as many mel frames go in. */
  readonly sourcePositions: number;
  /** Tokens that fit, the prompt among them. */
  readonly targetPositions: number;
  /** Whether the output layer is the embedding. */
  readonly tied: boolean;
}

/** Tokens with a meaning of their own, and what may not be said. */
export interface WhisperTokens {
  readonly start: number;
  readonly end: number;
  /** Says that no timestamps follow; the timestamps begin after it. Undefined where the model knows none. */
  readonly noTimestamps: number | undefined;
  /** The latest first timestamp, in steps of 20 ms. */
  readonly latestStart: number | undefined;
  readonly suppressed: readonly number[];
  /** Not as the first token. */
  readonly suppressedFirst: readonly number[];
  /** `fa` → id; empty for models of one language. */
  readonly languages: ReadonlyMap<string, number>;
  readonly tasks: ReadonlyMap<string, number>;
}

/** Throws `model.corrupt`. */
export function whisperConfig(json: unknown): WhisperConfig {
  const config = parseConfig(schema, json);
  const { d_model: width } = config;
  for (const heads of [config.encoder_attention_heads, config.decoder_attention_heads]) {
    if (width % heads === 0) continue;
    throw new MlError('model.corrupt', `config.json divides a width of ${width} among ${heads} heads.`);
  }
  return {
    vocabulary: config.vocab_size,
    width,
    encoder: {
      layers: config.encoder_layers,
      heads: config.encoder_attention_heads,
      inner: config.encoder_ffn_dim,
    },
    decoder: {
      layers: config.decoder_layers,
      heads: config.decoder_attention_heads,
      inner: config.decoder_ffn_dim,
    },
    activation: config.activation_function,
    mels: config.num_mel_bins,
    sourcePositions: config.max_source_positions,
    targetPositions: config.max_target_positions,
    tied: config.tie_word_embeddings,
  };
}

/**
 * @param json config.json @param generation generation_config.json, which goes before it
 * @param idOf of a token, for files that do not list languages. Throws `model.corrupt`.
 */
export function whisperTokens(
  json: unknown,
  generation: unknown = {},
  idOf: (token: string) => number | undefined = () => undefined,
): WhisperTokens {
  const config = parseConfig(schema, json);
  const given = parseConfig(generationSchema, generation, 'generation_config.json');
  const ends = given.eos_token_id ?? config.eos_token_id;
  const end = (Array.isArray(ends) ? ends[0] : ends) ?? idOf('<|endoftext|>');
  const start =
    given.decoder_start_token_id ?? config.decoder_start_token_id ?? idOf('<|startoftranscript|>');
  if (start === undefined || end === undefined) {
    throw new MlError('model.corrupt', 'The files do not say which tokens begin and end a transcript.');
  }
  const inside = (list: readonly number[] | null | undefined): number[] =>
    (list ?? []).filter((one) => one < config.vocab_size);
  return {
    start,
    end,
    noTimestamps: given.no_timestamps_token_id ?? idOf('<|notimestamps|>'),
    latestStart: given.max_initial_timestamp_index ?? undefined,
    suppressed: inside(given.suppress_tokens ?? config.suppress_tokens),
    suppressedFirst: inside(given.begin_suppress_tokens ?? config.begin_suppress_tokens),
    languages: named(given.lang_to_id, ['fa', 'en', 'ar', 'tr', 'ur', 'ku', 'tg', 'ps', 'az'], idOf),
    tasks: named(given.task_to_id, ['transcribe', 'translate'], idOf),
  };
}

/** `<|fa|>` or `fa` → id. */
function named(
  listed: Readonly<Record<string, number>> | null | undefined,
  usual: readonly string[],
  idOf: (token: string) => number | undefined,
): Map<string, number> {
  const entries = listed ?? Object.fromEntries(usual.map((name) => [name, idOf(`<|${name}|>`)]));
  return new Map(
    Object.entries(entries).flatMap(([name, token]): [string, number][] =>
      token === undefined ? [] : [[name.replace(/^<\|(.*)\|>$/, '$1'), token]],
    ),
  );
}
