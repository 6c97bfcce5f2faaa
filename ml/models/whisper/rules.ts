/** What Whisper may say next, as transformers' processors have it. Scores are changed in place; −∞ rules a token out. */
import { logProbability, softmax } from '../../generation/sampling';
import type { WhisperTokens } from './config';

export interface SaidSoFar {
  /** Tokens after the prompt. */
  readonly said: readonly number[];
  /** Whether the text is to carry timestamps. */
  readonly timestamps: boolean;
}

/** The first token that is a time; undefined where the model knows none. */
export function firstTimestamp({ noTimestamps }: WhisperTokens): number | undefined {
  return noTimestamps === undefined ? undefined : noTimestamps + 1;
}

export function applyRules(
  scores: Float32Array,
  { said, timestamps }: SaidSoFar,
  tokens: WhisperTokens,
): void {
  if (said.length === 0) for (const id of tokens.suppressedFirst) scores[id] = -Infinity;
  for (const id of tokens.suppressed) scores[id] = -Infinity;
  const first = firstTimestamp(tokens);
  if (timestamps && first !== undefined) timestampRules(scores, said, tokens, first);
}

/** Times come in pairs, never go back, and are said when they are together likelier than any word. */
function timestampRules(
  scores: Float32Array,
  said: readonly number[],
  { noTimestamps, end, latestStart }: WhisperTokens,
  first: number,
): void {
  if (noTimestamps !== undefined) scores[noTimestamps] = -Infinity;
  const isTime = (id: number | undefined): boolean => id !== undefined && id >= first;
  const lastIsTime = isTime(said.at(-1));
  const beforeIsTime = said.length < 2 || isTime(said.at(-2));
  if (lastIsTime && beforeIsTime) scores.fill(-Infinity, first);
  else if (lastIsTime) scores.fill(-Infinity, 0, end);
  const latest = said.findLast(isTime);
  if (latest !== undefined) {
    // A closing time may be said again as the next opening one; any other has to move on.
    scores.fill(-Infinity, first, lastIsTime && !beforeIsTime ? latest : latest + 1);
  }
  if (said.length === 0) {
    scores.fill(-Infinity, 0, first);
    if (latestStart !== undefined) scores.fill(-Infinity, first + latestStart + 1);
  }
  if (timesAreLikelier(scores, first)) scores.fill(-Infinity, 0, first);
}

function timesAreLikelier(scores: Float32Array, first: number): boolean {
  const probabilities = softmax(scores);
  let times = 0;
  let word = 0;
  probabilities.forEach((probability, id) => {
    if (id >= first) times += probability;
    else word = Math.max(word, probability);
  });
  return times > word;
}

/** The language that a sound is likeliest in. @param scores after the start token alone */
export function likeliestLanguage(
  scores: Float32Array,
  { languages }: WhisperTokens,
): { readonly language: string; readonly id: number; readonly probability: number } | undefined {
  let best: { language: string; id: number } | undefined;
  const listed: number[] = [];
  for (const [language, id] of languages) {
    listed.push(scores[id] ?? -Infinity);
    if (best === undefined || (scores[id] ?? -Infinity) > (scores[best.id] ?? -Infinity))
      best = { language, id };
  }
  if (best === undefined) return undefined;
  const order = [...languages.values()].indexOf(best.id);
  return { ...best, probability: Math.exp(logProbability(listed, order)) };
}
