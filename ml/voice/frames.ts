/** From what is known of each sound to what is known of each frame. */

/** Numbers that tell where in its sound a frame lies. */
export const placeWidth = 3;

/**
 * Frames of each token from the logarithms of how long it lasts. The ends are rounded, not the lengths, so that the whole
 * lasts as long as was foretold; each token keeps a frame.
 * @param pace what all lengths are multiplied by
 */
export function durationsOf(logDurations: ArrayLike<number>, pace: number): Int32Array {
  const durations = new Int32Array(logDurations.length);
  let [wanted, given] = [0, 0];
  for (let n = 0; n < logDurations.length; n++) {
    // Nothing that is spoken lasts longer than some seconds.
    wanted += Math.min(longest, Math.exp(logDurations[n] ?? 0) * pace);
    const own = Math.max(1, Math.round(wanted) - given);
    durations[n] = own;
    given += own;
  }
  return durations;
}
const longest = 1000;

/** Writes for each frame a 1 at its token: rows `[frames, tokens]` of `stride` numbers from `offset` on. */
export function writePath(
  durations: ArrayLike<number>,
  target: Float32Array,
  { stride, offset }: { readonly stride: number; readonly offset: number },
): void {
  let t = 0;
  for (let n = 0; n < durations.length; n++) {
    for (let i = 0; i < (durations[n] ?? 0); i++, t++) target[offset + t * stride + n] = 1;
  }
}

/** Writes `[frames, placeWidth]`: the share of the token that has passed, how much is behind, how much is to come. */
export function writePlaces(durations: ArrayLike<number>, target: Float32Array, offset: number): void {
  let at = offset;
  for (let n = 0; n < durations.length; n++) {
    const length = durations[n] ?? 0;
    for (let i = 0; i < length; i++) {
      target[at++] = (i + 0.5) / length;
      target[at++] = Math.log1p(i) / 3;
      target[at++] = Math.log1p(length - 1 - i) / 3;
    }
  }
}
