/** Sound of any length to segments with times: windows of 30 s, each beginning where the last one's words ended. */
import { whisperLogMel } from '../../dsp/logMel';
import { MlError } from '../../errors';
import type { Tokenizer } from '../../tokenizers/tokenizer';
import { beamSearch } from './beams';
import { positionStep, type WhisperTokens } from './config';
import { generate, lastScores } from './generate';
import type { Whisper, WhisperCache } from './model';
import { likeliestLanguage } from './rules';
import { segmentsOf } from './segments';
import { textOf } from './text';

/** Hz: what the model hears. */
export const whisperRate = 16_000;
/** A window gives way to the next by at least this much, in seconds: times at its very beginning must not stop it. */
const leastStep = 1;

export interface TranscribeOptions {
  /** Such as `fa`; found out from the first window by default. */
  readonly language?: string;
  /** `transcribe` by default; `translate` gives English. */
  readonly task?: string;
  /** Transcripts that are followed at once; one by default, which takes the best token each time. */
  readonly beams?: number;
  /** Awaited after each token, with what the window has said so far; not for beams, which change their mind. */
  readonly onSaying?: (saying: Saying) => Promise<void>;
  readonly signal?: AbortSignal;
}

/** The words of a window that is still being heard. */
export interface Saying {
  /** Seconds: where the window begins. */
  readonly at: number;
  readonly text: string;
}

export interface Transcribed {
  /** Seconds. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly language: string | undefined;
}

export interface WhisperParts {
  readonly model: Whisper;
  readonly tokens: WhisperTokens;
  readonly tokenizer: Tokenizer;
}

/** @param samples mono at `whisperRate`, −1..1. Throws `input.invalid` for a language or task the model lacks. */
export async function* transcribe(
  { model, tokens, tokenizer }: WhisperParts,
  samples: Float32Array,
  options: TranscribeOptions = {},
): AsyncGenerator<Transcribed, void, void> {
  const total = samples.length / whisperRate;
  const windowLength = model.config.sourcePositions * positionStep;
  let language = options.language;
  for (let at = 0; at < total;) {
    options.signal?.throwIfAborted();
    const window = samples.subarray(
      Math.round(at * whisperRate),
      Math.round((at + windowLength) * whisperRate),
    );
    const cache = hear(model, window);
    try {
      language ??= await detectLanguage(model, tokens, cache);
      const prompt = promptOf(tokens, { ...options, ...(language === undefined ? {} : { language }) });
      const timestamps = tokens.noTimestamps !== undefined;
      const mostNewTokens = Math.floor(model.config.targetPositions / 2);
      const { signal, beams = 1, onSaying } = options;
      const asked = { prompt, mostNewTokens, timestamps, ...(signal === undefined ? {} : { signal }) };
      const soFar: number[] = [];
      const from = at;
      const onToken = async (id: number): Promise<void> => {
        soFar.push(id);
        await onSaying?.({ at: from, text: textOf(soFar, tokens, tokenizer).trim() });
      };
      const said = await (beams > 1
        ? beamSearch(model, tokens, cache, { ...asked, beams })
        : generate(model, tokens, cache, onSaying === undefined ? asked : { ...asked, onToken }));
      const length = Math.min(windowLength, total - at);
      const { segments, done } = segmentsOf(said.ids, tokens, length);
      for (const { start, end, ids } of segments) {
        const text = textOf(ids, tokens, tokenizer).trim();
        // Models name times past the end of a short sound.
        const place = { start: Math.min(total, at + start), end: Math.min(total, at + end) };
        if (text !== '') yield { ...place, text, language };
      }
      at += Math.max(done, Math.min(leastStep, length));
    } finally {
      cache.dispose();
    }
  }
}

function hear(model: Whisper, samples: Float32Array): WhisperCache {
  const encoded = model.encode(
    whisperLogMel(samples, model.config.mels, model.config.sourcePositions * positionStep),
  );
  try {
    return model.listen(encoded);
  } finally {
    encoded.dispose();
  }
}

/** Undefined for models of one language. */
async function detectLanguage(
  model: Whisper,
  tokens: WhisperTokens,
  cache: WhisperCache,
): Promise<string | undefined> {
  if (tokens.languages.size === 0) return undefined;
  cache.restart();
  return likeliestLanguage(await lastScores(model, cache, [tokens.start]), tokens)?.language;
}

/** Models of one language take neither language nor task. Throws `input.invalid`. */
export function promptOf(
  { start, languages, tasks }: WhisperTokens,
  { language, task = 'transcribe' }: Pick<TranscribeOptions, 'language' | 'task'>,
): number[] {
  if (languages.size === 0) return [start];
  const named = (table: ReadonlyMap<string, number>, name: string, what: string): number => {
    const id = table.get(name);
    if (id !== undefined) return id;
    throw new MlError('input.invalid', `The model has no ${what} "${name}".`);
  };
  const languageId = language === undefined ? [] : [named(languages, language, 'language')];
  return [start, ...languageId, ...(tasks.size === 0 ? [] : [named(tasks, task, 'task')])];
}
