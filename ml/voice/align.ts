/** Which frames a voice spends on which sound: the best way through both in order, found exactly. */
import { MlError } from '../errors';

export interface AlignmentShape {
  readonly tokens: number;
  readonly frames: number;
  /** Numbers from one token's scores to the next one's; `frames` by default. */
  readonly stride?: number;
  /** Of the first score. */
  readonly offset?: number;
}

/**
 * Monotonic alignment search (Kim et al. 2020): each token gets one frame or more, in order, so that the sum of the scores
 * is the highest there is. Among equals the token that comes first is left sooner.
 * @param scores log-likelihoods `[tokens, frames]`
 * @returns frames of each token; their sum is `frames`
 * Throws `input.invalid` where there are fewer frames than tokens.
 */
export function monotonicAlignment(
  scores: ArrayLike<number>,
  { tokens, frames, stride = frames, offset = 0 }: AlignmentShape,
): Int32Array {
  if (tokens < 1 || frames < tokens) {
    throw new MlError('input.invalid', `${frames} frames cannot hold ${tokens} sounds.`);
  }
  let before = new Float64Array(frames).fill(-Infinity);
  let row = new Float64Array(frames);
  // 1 where the best way comes from the token before.
  const entered = new Uint8Array(tokens * frames);
  for (let n = 0; n < tokens; n++) {
    const from = offset + n * stride;
    row.fill(-Infinity);
    // The frames that leave room for the tokens before and after.
    for (let t = n; t <= frames - tokens + n; t++) {
      const stay = t > n ? (row[t - 1] ?? -Infinity) : -Infinity;
      const enter = t > 0 ? (before[t - 1] ?? -Infinity) : n === 0 ? 0 : -Infinity;
      if (enter > stay) entered[n * frames + t] = 1;
      row[t] = Math.max(stay, enter) + (scores[from + t] ?? 0);
    }
    [before, row] = [row, before];
  }
  const durations = new Int32Array(tokens);
  let n = tokens - 1;
  for (let t = frames - 1; t >= 0; t--) {
    durations[n] = (durations[n] ?? 0) + 1;
    if (n > 0 && entered[n * frames + t] === 1) n--;
  }
  return durations;
}
