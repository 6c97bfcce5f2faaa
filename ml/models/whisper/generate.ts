import { argmax, draw, logProbability } from '../../generation/sampling';
import type { WhisperTokens } from './config';
import type { Whisper, WhisperCache } from './model';
import { applyRules } from './rules';

export interface WhisperGenerateOptions {
  /** The start token, the language, the task, and what says that no timestamps follow. */
  readonly prompt: readonly number[];
  readonly mostNewTokens: number;
  readonly timestamps: boolean;
  /** Draws by probability at this temperature instead of taking the best. */
  readonly temperature?: number;
  readonly random?: () => number;
  /** Called with the unprocessed scores of each step. */
  readonly tap?: (step: number, scores: Float32Array) => void;
  /** Awaited with each token as it is said. */
  readonly onToken?: (id: number) => void | Promise<void>;
  readonly signal?: AbortSignal;
}

export interface Said {
  /** After the prompt; the end token is the last where it was reached. */
  readonly ids: readonly number[];
  /** Nats, the mean over the tokens, of what was left to choose from. */
  readonly meanLogProbability: number;
}

/** A token at a time until the end token or the length asked for. The cache holds the sound, and is restarted first. */
export async function generate(
  model: Whisper,
  tokens: WhisperTokens,
  cache: WhisperCache,
  options: WhisperGenerateOptions,
): Promise<Said> {
  const { prompt, timestamps, temperature = 0, random, signal } = options;
  const said: number[] = [];
  const most = Math.min(options.mostNewTokens, model.config.targetPositions - prompt.length);
  let sum = 0;
  cache.restart();
  let step: readonly number[] = prompt;
  while (said.length < most) {
    signal?.throwIfAborted();
    const scores = await lastScores(model, cache, step);
    options.tap?.(said.length, scores);
    applyRules(scores, { said, timestamps }, tokens);
    if (temperature > 0) scores.forEach((score, i) => (scores[i] = score / temperature));
    const id = temperature > 0 && random !== undefined ? draw(scores, random) : argmax(scores);
    sum += logProbability(scores, id);
    said.push(id);
    await options.onToken?.(id);
    if (id === tokens.end) break;
    step = [id];
  }
  return { ids: said, meanLogProbability: sum / Math.max(1, said.length) };
}

/** Scores after the last of the tokens given. The caller's own copy. */
export async function lastScores(
  model: Whisper,
  cache: WhisperCache,
  ids: readonly number[],
): Promise<Float32Array> {
  const { hidden, logits } = model.forward(ids, cache, { lastOnly: true });
  try {
    return (await logits.data<'float32'>()).slice();
  } finally {
    hidden.dispose();
    logits.dispose();
  }
}
