/** Choosing the next token as transformers does: its logits processors, in its order. Scores are changed in place. */

export interface SamplingOptions {
  /** Divides the scores; 1 changes nothing. */
  readonly temperature?: number;
  /** Only the best so many; 0 or undefined: all. */
  readonly topK?: number;
  /** The likeliest tokens until their probabilities exceed this; 1 or undefined: all. */
  readonly topP?: number;
  /** Above 1, tokens that were there already become less likely. */
  readonly repetitionPenalty?: number;
  /** No run of so many tokens comes twice; 0 and undefined allow every one. */
  readonly noRepeatNgram?: number;
}

/** Tokens that are ruled out get −∞. @param history the tokens so far, the prompt among them */
export function processScores(
  scores: Float32Array,
  history: readonly number[],
  options: SamplingOptions,
): Float32Array {
  const { temperature = 1, topK = 0, topP = 1, repetitionPenalty = 1, noRepeatNgram = 0 } = options;
  if (repetitionPenalty !== 1) penalizeRepetition(scores, history, repetitionPenalty);
  if (noRepeatNgram > 0) banNgrams(scores, history, noRepeatNgram);
  if (temperature !== 1) scores.forEach((score, i) => (scores[i] = score / temperature));
  if (topK > 0) keepBest(scores, topK);
  if (topP < 1) keepLikeliest(scores, topP);
  return scores;
}

function penalizeRepetition(scores: Float32Array, history: readonly number[], penalty: number): void {
  for (const id of new Set(history)) {
    const score = scores[id];
    if (score !== undefined) scores[id] = score < 0 ? score * penalty : score / penalty;
  }
}

/** Rules out every token that would complete a run of `size` tokens that is there already. */
function banNgrams(scores: Float32Array, history: readonly number[], size: number): void {
  if (history.length + 1 < size) return;
  const last = history.length - size + 1;
  for (let start = 0; start < last; start++) {
    let same = true;
    for (let i = 0; i < size - 1 && same; i++) same = history[start + i] === history[last + i];
    const next = history[start + size - 1];
    if (same && next !== undefined && next < scores.length) scores[next] = -Infinity;
  }
}

/** Ties with the last of them stay. */
function keepBest(scores: Float32Array, count: number): void {
  if (count >= scores.length) return;
  const least = scores.slice().sort()[scores.length - count] ?? -Infinity;
  scores.forEach((score, i) => {
    if (score < least) scores[i] = -Infinity;
  });
}

/** From the least likely on, removes tokens while their sum is at most 1 − topP; at least one stays. */
function keepLikeliest(scores: Float32Array, topP: number): void {
  const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => (scores[a] ?? 0) - (scores[b] ?? 0));
  const probabilities = softmax(scores);
  let sum = 0;
  for (const id of order.subarray(0, -1)) {
    sum += probabilities[id] ?? 0;
    if (sum > 1 - topP) return;
    scores[id] = -Infinity;
  }
}

export function softmax(scores: ArrayLike<number>): Float64Array {
  let most = -Infinity;
  for (let i = 0; i < scores.length; i++) most = Math.max(most, scores[i] ?? 0);
  const weights = Float64Array.from(scores, (score) => Math.exp(score - most));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

/** The first of the highest. */
export function argmax(scores: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < scores.length; i++) if ((scores[i] ?? 0) > (scores[best] ?? 0)) best = i;
  return best;
}

/** Draws one token by its probability. @param random gives numbers in 0..1 */
export function draw(scores: Float32Array, random: () => number): number {
  const probabilities = softmax(scores);
  let rest = random();
  for (const [id, probability] of probabilities.entries()) {
    rest -= probability;
    if (rest < 0 && probability > 0) return id;
  }
  return argmax(scores);
}

/** ln p of one token. */
export function logProbability(scores: ArrayLike<number>, id: number): number {
  let most = -Infinity;
  for (let i = 0; i < scores.length; i++) most = Math.max(most, scores[i] ?? 0);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += Math.exp((scores[i] ?? 0) - most);
  return (scores[id] ?? -Infinity) - most - Math.log(sum);
}
