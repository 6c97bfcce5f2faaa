/** `<voice>.onnx.json`, which Piper writes beside its voices (rhasspy/piper, piper_train/preprocess.py). */
import { z } from 'zod';
import { say } from './words';

const id = z.number().int().nonnegative().max(1_000_000);

export const piperConfig = z.object({
  audio: z.object({ sample_rate: z.number().int().min(4000).max(192_000) }),
  espeak: z.object({ voice: z.string().regex(/^[\w+-]{1,40}$/) }).optional(),
  inference: z
    .object({
      noise_scale: z.number().min(0).max(10).optional(),
      length_scale: z.number().positive().max(20).optional(),
      noise_w: z.number().min(0).max(10).optional(),
    })
    .default({}),
  phoneme_type: z.string().default('espeak'),
  phoneme_id_map: z.record(z.string(), z.union([z.array(id).min(1), id])),
  num_symbols: z.number().int().positive().optional(),
  num_speakers: z.number().int().positive().max(100_000).default(1),
  speaker_id_map: z.record(z.string(), id).default({}),
  language: z.object({ name_english: z.string().optional(), code: z.string().optional() }).optional(),
});
export type PiperConfig = z.infer<typeof piperConfig>;

/** Why sherpa-onnx could not speak with it; undefined where it can. */
export function piperProblem(config: PiperConfig): string | undefined {
  const { phoneme_type: phonemes, espeak, phoneme_id_map: ids, num_symbols: symbols } = config;
  if (phonemes !== 'espeak')
    return say`its phonemes are of the kind “${phonemes}”, and only those of espeak-ng are known here`;
  if (espeak === undefined) return say`its description names no voice of espeak-ng`;
  const missing = ['_', '^', '$'].filter((sign) => ids[sign] === undefined);
  if (missing.length > 0) return say`its phonemes lack ${missing.join(' ')}`;
  const beyond = Object.entries(ids).find(([, one]) => symbols !== undefined && firstId(one) >= symbols);
  return beyond === undefined
    ? undefined
    : say`its phoneme ${beyond[0]} has a number beyond its ${symbols ?? 0} symbols`;
}

export const firstId = (ids: number | readonly number[]): number =>
  typeof ids === 'number' ? ids : (ids[0] ?? 0);

/** Piper's map as sherpa-onnx reads it: a phoneme of one code point and its number a line. */
export function tokensOf({ phoneme_id_map: ids }: PiperConfig): string {
  return Object.entries(ids)
    .filter(([phoneme]) => phoneme !== '\n' && Array.from(phoneme).length === 1)
    .map(([phoneme, one]) => `${phoneme} ${firstId(one)}\n`)
    .join('');
}

/** What k2-fsa/sherpa-onnx writes into a Piper model's metadata (scripts/piper/add_meta_data.py). */
export function piperMetadata(config: PiperConfig): Record<string, string> {
  const { sample_rate: rate } = config.audio;
  return {
    model_type: 'vits',
    comment: 'piper',
    language: config.language?.name_english ?? config.language?.code ?? 'unknown',
    voice: config.espeak?.voice ?? '',
    has_espeak: '1',
    version: '1',
    n_speakers: String(config.num_speakers),
    // A slip of some published voices, as sherpa-onnx mends it.
    sample_rate: String(rate === 22_500 ? 22_050 : rate),
  };
}
