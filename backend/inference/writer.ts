/** `inference/run` for a downloaded GPT-2: a text is gone on with, piece by piece. */
import { z } from 'zod';
import { MlError } from '../../ml/errors';
import { seededRandom } from '../../ml/generation/random';
import { TextStream } from '../../ml/generation/textStream';
import { gpt2Config } from '../../ml/models/gpt2/config';
import { generate, type GenerateOptions } from '../../ml/models/gpt2/generate';
import { Gpt2 } from '../../ml/models/gpt2/model';
import { gpt2TokenizerJson } from '../../ml/tokenizers/gpt2Files';
import { Tokenizer } from '../../ml/tokenizers/tokenizer';
import type { Weights } from '../../ml/weights/weights';
import type { InferenceParams, InferenceProgress, InferenceResult } from '../../protocol/model/inference';
import { jsonIn, textIn, type PublishedFolder } from './publishedFolder';

/** The hub's word for it. */
export const writerTask = 'text-generation';

export interface Work {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: InferenceProgress) => void;
}

export interface Writer {
  write(params: InferenceParams, work: Work): Promise<InferenceResult['output']>;
  dispose(): void;
}

const parametersOf = z.strictObject({
  maxTokens: z.number().int().min(1).max(100_000).default(100),
  /** 0 takes the likeliest token each time. */
  temperature: z.number().min(0).max(100).optional(),
  topK: z.number().int().min(0).optional(),
  topP: z.number().gt(0).max(1).optional(),
  repetitionPenalty: z.number().positive().max(100).optional(),
  noRepeatNgram: z.number().int().min(0).optional(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(100)]).optional(),
  seed: z.number().int().optional(),
});
type Parameters = z.infer<typeof parametersOf>;

export async function loadGpt2({ path: folder, config }: PublishedFolder, weights: Weights): Promise<Writer> {
  const json = (await jsonIn(folder, 'tokenizer.json')) ?? (await fromParts(folder));
  if (json === undefined) {
    throw new MlError('model.unsupported', 'GPT-2 needs its tokenizer.json, or vocab.json and merges.txt.');
  }
  const tokenizer = Tokenizer.fromJson(json, (await jsonIn(folder, 'tokenizer_config.json')) ?? {});
  const model = await Gpt2.load(weights, gpt2Config(config));
  return {
    write: (params, work) => write(model, tokenizer, params, work),
    dispose: () => {
      model.dispose();
    },
  };
}

async function fromParts(folder: string): Promise<unknown> {
  const [vocabulary, merges] = [await jsonIn(folder, 'vocab.json'), await textIn(folder, 'merges.txt')];
  if (vocabulary === undefined || merges === undefined) return undefined;
  return gpt2TokenizerJson(vocabulary, merges, (await jsonIn(folder, 'special_tokens_map.json')) ?? {});
}

async function write(
  model: Gpt2,
  tokenizer: Tokenizer,
  params: InferenceParams,
  { signal, onProgress }: Work,
): Promise<InferenceResult['output']> {
  const { text } = params.input;
  if (text === undefined) throw new MlError('input.invalid', 'The model writes on: it needs input.text.');
  const parameters = checked(params.parameters);
  const { stop = [] } = parameters;
  const decode = (ids: readonly number[]): string => tokenizer.decode(ids, { special: false });
  const stream = new TextStream({ decode, stops: typeof stop === 'string' ? [stop] : stop });
  const prompt = tokenizer.encode(text, { special: true }).ids;
  const tokens: number[] = [];
  let finished = 'length';
  for await (const { id } of generate(model, prompt, { ...optionsOf(parameters), signal })) {
    tokens.push(id);
    onProgress({ piece: stream.push(id), tokens: tokens.length });
    if (model.config.ends.includes(id)) finished = 'end';
    if (stream.stopped) break;
    // The native engine answers without a turn of the event loop: the word to stop would never be heard.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const rest = stream.end();
  if (stream.stopped) finished = 'stop';
  if (rest !== '') onProgress({ piece: rest, tokens: tokens.length });
  return { text: stream.text, values: { tokens, finished } };
}

function checked(given: unknown): Parameters {
  const parsed = parametersOf.safeParse(given ?? {});
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new MlError('input.invalid', `parameters.${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}.`);
}

/** Draws where anything was said of how to; else each token is the likeliest. */
function optionsOf(parameters: Parameters): GenerateOptions {
  const { maxTokens, temperature, topK, topP, repetitionPenalty, noRepeatNgram, seed } = parameters;
  const draws = temperature === undefined ? (topK ?? topP ?? seed) !== undefined : temperature > 0;
  return {
    mostNewTokens: maxTokens,
    ...(repetitionPenalty === undefined ? {} : { repetitionPenalty }),
    ...(noRepeatNgram === undefined ? {} : { noRepeatNgram }),
    ...(draws
      ? {
          temperature: temperature ?? 1,
          topK: topK ?? 0,
          topP: topP ?? 1,
          random: seed === undefined ? Math.random : seededRandom(seed),
        }
      : {}),
  };
}
