/** `inference/run` for downloaded recognisers: a sound becomes a text, with the times of its parts. */
import { z } from 'zod';
import { joinWindows, windowsOf, type HeardWindow } from '../../ml/ctc/windows';
import { MlError } from '../../ml/errors';
import { argmax } from '../../ml/generation/sampling';
import { fieldOf, wav2vec2Config } from '../../ml/models/wav2vec2/config';
import { audioInput, preparedRows, type AudioInput } from '../../ml/models/wav2vec2/input';
import { Wav2Vec2 } from '../../ml/models/wav2vec2/model';
import { whisperConfig, whisperTokens } from '../../ml/models/whisper/config';
import { Whisper } from '../../ml/models/whisper/model';
import { transcribe, whisperRate, type WhisperParts } from '../../ml/models/whisper/transcribe';
import { CtcTokens } from '../../ml/tokenizers/ctcTokens';
import { Tokenizer } from '../../ml/tokenizers/tokenizer';
import type { Weights } from '../../ml/weights/weights';
import type { InferenceParams } from '../../protocol/model/inference';
import { jsonIn, type PublishedFolder } from './publishedFolder';
import { readSound } from './sound';

/** The hub's word for it. */
export const listenerTask = 'automatic-speech-recognition';

export interface Heard {
  readonly text: string;
  /** Seconds. */
  readonly segments: readonly { readonly start: number; readonly end: number; readonly text: string }[];
  readonly audioSeconds: number;
}

export interface Listener {
  hear(params: InferenceParams): Promise<Heard>;
  dispose(): void;
}

const whisperParameters = z.object({
  language: z.string().optional(),
  task: z.enum(['transcribe', 'translate']).optional(),
  beams: z.number().int().min(1).max(10).optional(),
});

export async function loadWhisper(
  { path: folder, config }: PublishedFolder,
  weights: Weights,
): Promise<Listener> {
  const json = await jsonIn(folder, 'tokenizer.json');
  if (json === undefined) throw new MlError('model.unsupported', 'Whisper needs its tokenizer.json.');
  const tokenizer = Tokenizer.fromJson(json, (await jsonIn(folder, 'tokenizer_config.json')) ?? {});
  const generation = (await jsonIn(folder, 'generation_config.json')) ?? {};
  const tokens = whisperTokens(config, generation, (token) => tokenizer.idOf(token));
  const model = await Whisper.load(weights, whisperConfig(config));
  const parts: WhisperParts = { model, tokens, tokenizer };
  return {
    hear: (params) => hearWhisper(parts, params),
    dispose: () => {
      model.dispose();
    },
  };
}

async function hearWhisper(parts: WhisperParts, params: InferenceParams): Promise<Heard> {
  const parameters = whisperParameters.safeParse(params.parameters ?? {});
  if (!parameters.success) {
    const issue = parameters.error.issues[0];
    throw new MlError('input.invalid', `parameters.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
  }
  const { language, task, beams } = parameters.data;
  const samples = await readSound(params, whisperRate);
  const segments: Heard['segments'][number][] = [];
  const options = {
    ...(language === undefined ? {} : { language }),
    ...(task === undefined ? {} : { task }),
    ...(beams === undefined ? {} : { beams }),
  };
  for await (const { start, end, text } of transcribe(parts, samples, options))
    segments.push({ start, end, text });
  const text = segments.map((segment) => segment.text).join(' ');
  return { text, segments, audioSeconds: samples.length / whisperRate };
}

export async function loadWav2Vec2(
  { path: folder, config }: PublishedFolder,
  weights: Weights,
): Promise<Listener> {
  const vocabulary = await jsonIn(folder, 'vocab.json');
  if (vocabulary === undefined) throw new MlError('model.unsupported', 'Wav2Vec2 needs its vocab.json.');
  const special = (await jsonIn(folder, 'special_tokens_map.json')) ?? {};
  const tokens = CtcTokens.fromJson(
    vocabulary,
    (await jsonIn(folder, 'tokenizer_config.json')) ?? {},
    special,
  );
  const input = audioInput((await jsonIn(folder, 'preprocessor_config.json')) ?? {});
  const model = await Wav2Vec2.load(weights, wav2vec2Config(config));
  return {
    hear: async (params) => hearLetters(model, tokens, input, await readSound(params, input.sampleRate)),
    dispose: () => {
      model.dispose();
    },
  };
}

/** Seconds that are heard at once: attention costs the square of it. */
const longest = 30;
/** Seconds at either side of a part whose letters its neighbour knows better. */
const stride = 2;

async function hearLetters(
  model: Wav2Vec2,
  tokens: CtcTokens,
  input: AudioInput,
  samples: Float32Array,
): Promise<Heard> {
  const { sampleRate } = input;
  const { hop, length: field } = fieldOf(1, model.config.convs);
  const framesOf = (seconds: number): number => Math.max(1, Math.round((seconds * sampleRate) / hop));
  const options = { frames: framesOf(longest), stride: framesOf(stride), hop, field };
  const heard: HeardWindow[] = [];
  for (const { frame, start, end } of windowsOf(samples.length, options))
    heard.push({ frame, ids: await bestOfFrames(model, samples.subarray(start, end), input) });
  const { words } = tokens.decode(joinWindows(heard), { lettersOnly: true });
  const seconds = (frame: number): number => Math.min(frame * hop, samples.length) / sampleRate;
  const segments = words.map(({ text, start, end }) => ({ start: seconds(start), end: seconds(end), text }));
  const text = segments.map((segment) => segment.text).join(' ');
  return { text, segments, audioSeconds: samples.length / sampleRate };
}

async function bestOfFrames(model: Wav2Vec2, samples: Float32Array, input: AudioInput): Promise<number[]> {
  const { rows } = preparedRows([samples], input);
  const scores = model.forward(rows);
  try {
    const [, frames, classes] = scores.shape;
    const data = await scores.data<'float32'>();
    return Array.from({ length: frames }, (_, t) => argmax(data.subarray(t * classes, (t + 1) * classes)));
  } finally {
    scores.dispose();
  }
}
