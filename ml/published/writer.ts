/** A published GPT-2: a text is gone on with, piece by piece. */
import * as z from 'zod';
import { MlError } from '../errors';
import { seededRandom } from '../generation/random';
import { TextStream } from '../generation/textStream';
import { gpt2Config } from '../models/gpt2/config';
import { generate, type GenerateOptions } from '../models/gpt2/generate';
import { Gpt2 } from '../models/gpt2/model';
import { gpt2TokenizerJson } from '../tokenizers/gpt2Files';
import { Tokenizer } from '../tokenizers/tokenizer';
import type { SourceFolder } from '../weights/byteSource';
import { openWeights } from '../weights/open';
import { jsonOf, textOf } from './files';
import { checkedParameters, type Work } from './work';

export interface WrittenPiece {
  readonly piece: string;
  /** Tokens so far. */
  readonly tokens: number;
}

export interface Written {
  /** What follows the text that was given. */
  readonly text: string;
  readonly tokens: readonly number[];
  /** `end`: the model's own; `stop`: a text that was asked for. */
  readonly finished: 'length' | 'end' | 'stop';
}

export interface WriteWork extends Work {
  readonly onPiece?: (piece: WrittenPiece) => void;
}

export interface PublishedWriter {
  readonly does: 'write';
  readonly task: 'text-generation';
  /** Throws `input.invalid`. */
  write(text: string, parameters?: unknown, work?: WriteWork): Promise<Written>;
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
type Parameters = z.output<typeof parametersOf>;

export async function loadGpt2(folder: SourceFolder, config: unknown): Promise<PublishedWriter> {
  const json = (await jsonOf(folder, 'tokenizer.json')) ?? (await fromParts(folder));
  if (json === undefined) {
    throw new MlError('model.unsupported', 'GPT-2 needs its tokenizer.json, or vocab.json and merges.txt.');
  }
  const tokenizer = Tokenizer.fromJson(json, (await jsonOf(folder, 'tokenizer_config.json')) ?? {});
  const model = await Gpt2.load(await openWeights(folder), gpt2Config(config));
  return {
    does: 'write',
    task: 'text-generation',
    write: (text, parameters, work) => write(model, tokenizer, text, parameters, work),
    dispose: () => {
      model.dispose();
    },
  };
}

async function fromParts(folder: SourceFolder): Promise<unknown> {
  const [vocabulary, merges] = [await jsonOf(folder, 'vocab.json'), await textOf(folder, 'merges.txt')];
  if (vocabulary === undefined || merges === undefined) return undefined;
  return gpt2TokenizerJson(vocabulary, merges, (await jsonOf(folder, 'special_tokens_map.json')) ?? {});
}

async function write(
  model: Gpt2,
  tokenizer: Tokenizer,
  text: string,
  given: unknown,
  { signal, turn, onPiece }: WriteWork = {},
): Promise<Written> {
  const parameters: Parameters = checkedParameters(parametersOf, given);
  const { stop = [] } = parameters;
  const decode = (ids: readonly number[]): string => tokenizer.decode(ids, { special: false });
  const stream = new TextStream({ decode, stops: typeof stop === 'string' ? [stop] : stop });
  const prompt = tokenizer.encode(text, { special: true }).ids;
  const tokens: number[] = [];
  let finished: Written['finished'] = 'length';
  const options = { ...optionsOf(parameters), ...(signal === undefined ? {} : { signal }) };
  for await (const { id } of generate(model, prompt, options)) {
    tokens.push(id);
    onPiece?.({ piece: stream.push(id), tokens: tokens.length });
    if (model.config.ends.includes(id)) finished = 'end';
    if (stream.stopped) break;
    await turn?.();
  }
  const rest = stream.end();
  if (stream.stopped) finished = 'stop';
  if (rest !== '') onPiece?.({ piece: rest, tokens: tokens.length });
  return { text: stream.text, tokens, finished };
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
