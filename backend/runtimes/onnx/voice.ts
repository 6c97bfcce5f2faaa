/** A voice in sherpa-onnx: a text becomes samples. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { MlError } from '../../../ml/errors';
import { normalize } from '../../../ml/text/normalize';
import { verbalize } from '../../../ml/text/speech/verbalize';
import type { PublishedVoice } from '../../../ml/published/voice';
import { checkedParameters, type Work } from '../../../ml/published/work';
import type { RuntimeContext } from '../../sdk/modelRuntime';
import { collect, loadSherpa, phonemeData, type Handle, type SherpaOnnx } from './engine';
import { checkedFile } from './files';
import type { MatchaLayout, PiperLayout } from './layout';
import { withMetadata } from './check';
import { nameOf } from './paths';
import { piperConfig, piperMetadata, tokensOf, type PiperConfig } from './piperConfig';
import { checkVoiceTokens, readTokens } from './tokens';

export const voiceParameters = z.object({
  /** Above 1 is faster. */
  speakingRate: z.number().positive().max(20).optional(),
  noiseScale: z.number().min(0).max(10).optional(),
  noiseScaleDuration: z.number().min(0).max(10).optional(),
  /** By number or by name. */
  speaker: z.union([z.number().int().nonnegative(), z.string()]).optional(),
  /** Which one of a folder with several. */
  voice: z.string().optional(),
  /** Numbers, dates and the like of a Persian text in words first; true by default. */
  verbalize: z.boolean().optional(),
});
export type VoiceParameters = z.infer<typeof voiceParameters>;

export async function openPiper(
  folder: string,
  { model }: PiperLayout,
  parameters: VoiceParameters,
  context: RuntimeContext,
): Promise<PublishedVoice> {
  const file = await checkedFile(folder, model);
  const config = piperConfig.parse(JSON.parse(await readFile(`${file.path}.json`, 'utf8')));
  const {
    noise_scale: noise = 0.667,
    noise_w: durationNoise = 0.8,
    length_scale: length = 1,
  } = config.inference;
  const scales = {
    noiseScale: notZero(parameters.noiseScale ?? noise),
    noiseScaleW: notZero(parameters.noiseScaleDuration ?? durationNoise),
    lengthScale: 1,
  };
  const parts = {
    'model.onnx': withMetadata(file.bytes, piperMetadata(config)),
    'tokens.txt': [tokensOf(config)],
  };
  return withCopies(parts, (at) =>
    created(context, {
      config: {
        vits: {
          model: at('model.onnx'),
          tokens: at('tokens.txt'),
          dataDir: phonemeData(context.engine),
          ...scales,
        },
      },
      speakers: config,
      length,
      persian: config.espeak?.voice.startsWith('fa') === true,
    }),
  );
}

export async function openMatcha(
  folder: string,
  { model, tokens, vocoder, metadata }: MatchaLayout,
  parameters: VoiceParameters,
  context: RuntimeContext,
): Promise<PublishedVoice> {
  const file = await checkedFile(folder, model);
  const voder = vocoder === '' ? undefined : await checkedFile(folder, vocoder);
  const text = await readFile(path.join(folder, tokens), 'utf8');
  checkVoiceTokens(readTokens(text, nameOf(tokens)), nameOf(tokens));
  const whole = Object.keys(metadata).length === 0;
  const parts: Parts = whole ? {} : { 'model.onnx': withMetadata(file.bytes, metadata) };
  return withCopies(parts, (at) =>
    created(context, {
      config: {
        matcha: {
          acousticModel: whole ? file.path : at('model.onnx'),
          vocoder: voder?.path ?? '',
          tokens: path.join(folder, tokens),
          dataDir: phonemeData(context.engine),
          noiseScale: notZero(parameters.noiseScale ?? 0.667),
          lengthScale: 1,
        },
      },
      speakers: { num_speakers: 1, speaker_id_map: {} },
      length: 1,
      persian: true,
    }),
  );
}

/** The engine takes 0 for "not said". */
const notZero = (scale: number): number => (scale === 0 ? 1e-9 : scale);

type Parts = Readonly<Record<string, readonly (Uint8Array | string)[]>>;

/** Files that the engine reads once, and that are gone after: the model's folder stays as it was downloaded. */
async function withCopies<T>(parts: Parts, use: (at: (name: string) => string) => T): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-voice-'));
  try {
    for (const [name, pieces] of Object.entries(parts)) await writeFile(path.join(folder, name), pieces);
    return use((name) => path.join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Creation {
  readonly config: object;
  readonly speakers: Pick<PiperConfig, 'num_speakers' | 'speaker_id_map'>;
  /** What the voice takes for a length of 1. */
  readonly length: number;
  readonly persian: boolean;
}

function created(context: RuntimeContext, { config, speakers, length, persian }: Creation): PublishedVoice {
  const sherpa = loadSherpa(context.engine);
  context.entering('open');
  const model = { ...config, numThreads: context.threads, provider: 'cpu' };
  // Silences stay as long as the voice makes them.
  const voice = { handle: sherpa.createOfflineTts({ model, maxNumSentences: 1, silenceScale: 1 }) };
  return {
    does: 'speak',
    task: 'text-to-speech',
    sampleRate: sherpa.getOfflineTtsSampleRate(voice.handle),
    speakers: speakers.num_speakers,
    speak: (text, given, work) => {
      const {
        speakingRate = 1,
        speaker = 0,
        verbalize: inWords = true,
      } = checkedParameters(voiceParameters, given);
      const manner = { sid: speakerOf(speaker, speakers), speed: speakingRate / length };
      const written = sentencesOf(text).map((sentence) =>
        persian ? spokenText(sentence, inWords) : sentence,
      );
      return sentenceBySentence(sherpa, voice, written, manner, { ...work, ...context });
    },
    dispose: () => {
      Reflect.deleteProperty(voice, 'handle');
      collect();
    },
  };
}

/** espeak-ng reads digits itself, but knows no dates, amounts and abbreviations. */
function spokenText(sentence: string, inWords: boolean): string {
  if (inWords) return verbalize(sentence, { diacritics: 'keep' });
  return normalize(sentence, { digits: 'keep', diacritics: false });
}

/** What is between two ends of sentences, with something in it that can be said. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?؟…]["'»)]*)\s+|\n+/u).filter((sentence) => /[\p{L}\p{N}]/u.test(sentence));
}

interface Manner {
  readonly sid: number;
  readonly speed: number;
}

async function* sentenceBySentence(
  sherpa: SherpaOnnx,
  voice: { readonly handle: Handle<'voice'> },
  sentences: readonly string[],
  manner: Manner,
  { signal, turn, entering }: Work & RuntimeContext,
): AsyncGenerator<Float32Array, void, void> {
  let sounded = false;
  for (const text of sentences) {
    signal?.throwIfAborted();
    entering('run');
    const { samples } = sherpa.offlineTtsGenerate(voice.handle, {
      text,
      ...manner,
      enableExternalBuffer: false,
    });
    sounded ||= samples.length > 0;
    if (samples.length > 0) yield samples;
    await turn?.();
  }
  if (!sounded) throw new MlError('input.invalid', 'The text has nothing that this voice could say.');
}

function speakerOf(
  speaker: number | string,
  { num_speakers: count, speaker_id_map: names }: Creation['speakers'],
): number {
  const id = typeof speaker === 'number' ? speaker : names[speaker];
  if (id !== undefined && id < count) return id;
  const known = Object.keys(names).slice(0, 20).join(', ');
  const choice = count === 1 ? 'the voice has one speaker, 0' : `there are ${count} speakers, from 0`;
  throw new MlError('input.invalid', `parameters.speaker: ${choice}${known === '' ? '' : ` (${known})`}.`);
}
