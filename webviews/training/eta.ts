/** How long a run still takes, from how its progress moved lately: a resumed run must not count its pause. */

export interface ProgressSample {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** 0..1 */
  readonly progress: number;
}

const windowMs = 60_000;
const leastMs = 1000;

/** Adds a sample and forgets what is older than a minute, keeping one sample from before for the slope. */
export function addSample(samples: readonly ProgressSample[], next: ProgressSample): ProgressSample[] {
  const last = samples.at(-1);
  // A run that was resumed from an earlier checkpoint starts a new slope.
  if (last !== undefined && next.progress < last.progress) return [next];
  const kept = [...samples, next];
  const firstInside = kept.findIndex((sample) => next.at - sample.at <= windowMs);
  return kept.slice(Math.max(0, firstInside - 1));
}

/** Seconds left, or undefined while nothing can be said. */
export function secondsLeft(samples: readonly ProgressSample[], now: number): number | undefined {
  const first = samples[0];
  const last = samples.at(-1);
  if (first === undefined || last === undefined || last.at - first.at < leastMs) return undefined;
  const rate = (last.progress - first.progress) / (last.at - first.at);
  if (rate <= 0) return undefined;
  return Math.max(0, (1 - last.progress) / rate - (now - last.at)) / 1000;
}
