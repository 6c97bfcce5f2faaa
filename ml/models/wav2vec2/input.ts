import * as z from 'zod';
import { parseConfig } from '../shared/config';

const schema = z.looseObject({
  do_normalize: z.boolean().default(true),
  sampling_rate: z.number().int().positive().default(16_000),
  return_attention_mask: z.boolean().default(false),
  padding_value: z.number().default(0),
});

export interface AudioInput {
  /** Hz. */
  readonly sampleRate: number;
  /** Whether an utterance is brought to mean 0 and variance 1. */
  readonly normalize: boolean;
  /** Whether the model was trained to tell sound from what fills a row up. */
  readonly masked: boolean;
  /** What fills a row up. */
  readonly filler: number;
}

/** Of preprocessor_config.json, if there is one. Throws `model.corrupt`. */
export function audioInput(json: unknown = {}): AudioInput {
  const config = parseConfig(schema, json, 'preprocessor_config.json');
  return {
    sampleRate: config.sampling_rate,
    normalize: config.do_normalize,
    masked: config.return_attention_mask,
    filler: config.padding_value,
  };
}

/** (x − mean) / √(variance + 1e-7) over the utterance, with the population variance. */
export function normalizeUtterance(samples: Float32Array): Float32Array {
  let sum = 0;
  for (const sample of samples) sum += sample;
  const mean = sum / Math.max(1, samples.length);
  let squares = 0;
  for (const sample of samples) squares += (sample - mean) ** 2;
  const scale = 1 / Math.sqrt(squares / Math.max(1, samples.length) + 1e-7);
  return samples.map((sample) => (sample - mean) * scale);
}

export interface PaddedRows {
  readonly rows: readonly Float32Array[];
  /** Samples in use, where the model is to know. */
  readonly lengths?: readonly number[];
}

/** Utterances as the model takes them: each normalised over its own length, all filled up to the longest. */
export function preparedRows(utterances: readonly Float32Array[], input: AudioInput): PaddedRows {
  const longest = Math.max(0, ...utterances.map((samples) => samples.length));
  const rows = utterances.map((samples) => {
    const own = input.normalize ? normalizeUtterance(samples) : samples;
    if (own.length === longest) return own;
    const row = new Float32Array(longest).fill(input.filler);
    row.set(own);
    return row;
  });
  return input.masked ? { rows, lengths: utterances.map((samples) => samples.length) } : { rows };
}
