/** From a window's tokens to segments with times, and to where the next window begins. */
import { positionStep, type WhisperTokens } from './config';
import { firstTimestamp } from './rules';

export interface TokenSegment {
  /** Seconds from the beginning of the window. */
  readonly start: number;
  readonly end: number;
  /** Its times among them. */
  readonly ids: readonly number[];
}

export interface WindowSegments {
  readonly segments: readonly TokenSegment[];
  /** Seconds of the window that are done with. */
  readonly done: number;
}

/**
 * @param ids what was said after the prompt
 * @param length seconds of sound in the window
 */
export function segmentsOf(ids: readonly number[], tokens: WhisperTokens, length: number): WindowSegments {
  const spoken = ids.at(-1) === tokens.end ? ids.slice(0, -1) : ids;
  const first = firstTimestamp(tokens) ?? Infinity;
  const isTime = spoken.map((id) => id >= first);
  const seconds = (id: number | undefined): number => ((id ?? first) - first) * positionStep;
  const cuts = spoken.flatMap((_, i) => (i > 0 && isTime[i] === true && isTime[i - 1] === true ? [i] : []));
  if (cuts.length === 0) {
    const last = spoken.findLast((id) => id >= first);
    const end = last !== undefined && last > first ? Math.min(length, seconds(last)) : length;
    const opening = isTime[0] === true ? seconds(spoken[0]) : 0;
    const segments = spoken.length === 0 ? [] : [{ start: Math.min(opening, end), end, ids: spoken }];
    return { segments, done: length };
  }
  // A single time at the end closes the last segment; a pair opens one that the window cuts off.
  const closed = isTime.at(-1) === true && isTime.at(-2) !== true;
  const ends = closed ? [...cuts, spoken.length] : cuts;
  const segments = ends.map((to, i) => {
    const own = spoken.slice(ends[i - 1] ?? 0, to);
    return { start: seconds(own[0]), end: seconds(own.at(-1)), ids: own };
  });
  return { segments, done: closed ? length : seconds(spoken[(cuts.at(-1) ?? 1) - 1]) };
}
