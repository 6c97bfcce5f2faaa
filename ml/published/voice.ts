/** A published VITS voice: text in, sound out piece by piece. */
import * as z from 'zod';
import { MlError } from '../errors';
import { seededRandom } from '../generation/random';
import { vitsConfig } from '../models/vits/config';
import { Vits } from '../models/vits/model';
import { speak } from '../models/vits/speak';
import { VitsTokenizer } from '../models/vits/tokenizer';
import { verbalize } from '../text/speech/verbalize';
import type { SourceFolder } from '../weights/byteSource';
import { openWeights } from '../weights/open';
import { jsonOf } from './files';
import { checkedParameters, type Work } from './work';

const parametersOf = z.object({
  /** Above 1 is faster. */
  speakingRate: z.number().positive().max(20).optional(),
  noiseScale: z.number().min(0).max(10).optional(),
  noiseScaleDuration: z.number().min(0).max(10).optional(),
  speaker: z.number().int().nonnegative().optional(),
  /** The same text sounds the same for the same seed. */
  seed: z.number().int().optional(),
  /** False gives a Persian voice the text as it is; otherwise numbers, signs and Latin words are put into words first. */
  verbalize: z.boolean().optional(),
});

export interface PublishedVoice {
  readonly does: 'speak';
  readonly task: 'text-to-speech';
  readonly sampleRate: number;
  /** 1 for a voice of one person. */
  readonly speakers: number;
  /** Pieces of sound, −1..1. Throws `input.invalid`. */
  speak(text: string, parameters?: unknown, work?: Work): AsyncGenerator<Float32Array, void, void>;
  dispose(): void;
}

export async function loadVoice(folder: SourceFolder, config: unknown): Promise<PublishedVoice> {
  const tokenizer = VitsTokenizer.fromFiles({
    vocabulary: await jsonOf(folder, 'vocab.json'),
    config: await jsonOf(folder, 'tokenizer_config.json'),
    added: await jsonOf(folder, 'added_tokens.json'),
  });
  if (tokenizer.wantsPhonemes)
    throw new MlError(
      'model.unsupported',
      'The voice reads phonemes of a phonemizer that is not known here.',
    );
  const model = await Vits.load(await openWeights(folder), vitsConfig(config));
  return {
    does: 'speak',
    task: 'text-to-speech',
    sampleRate: model.config.sampleRate,
    speakers: Math.max(1, model.config.speakers),
    speak: (text, parameters, work) => pieces(model, tokenizer, text, parameters, work),
    dispose: () => {
      model.dispose();
    },
  };
}

async function* pieces(
  model: Vits,
  tokenizer: VitsTokenizer,
  text: string,
  parameters: unknown,
  { signal, turn }: Work = {},
): AsyncGenerator<Float32Array, void, void> {
  const {
    speakingRate,
    noiseScale,
    noiseScaleDuration,
    speaker,
    seed,
    verbalize: inWords = true,
  } = checkedParameters(parametersOf, parameters);
  const spoken = speak(model, tokenizer.encode(inWords ? spokenText(text, tokenizer.language) : text), {
    speakingRate,
    noise: noiseScale,
    durationNoise: noiseScaleDuration,
    speaker,
    signal,
    ...(seed === undefined ? {} : { random: seededRandom(seed) }),
  });
  for await (const piece of spoken) {
    yield piece;
    await turn?.();
  }
}

/** Persian, as tokenizers call it. */
const persian: ReadonlySet<string | undefined> = new Set(['fas', 'fa', 'per', 'pes', 'persian']);

/** A Persian voice's vocabulary has neither digits nor Latin letters: the tokenizer would leave them out. */
function spokenText(text: string, language: string | undefined): string {
  return persian.has(language) ? verbalize(text, { diacritics: 'keep' }) : text;
}
