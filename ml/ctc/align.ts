/** Where labels that are known stand in a sound: the likeliest alignment (Viterbi) of a sequence with the scores of the frames. */
import { framesNeeded, logSoftmax } from './ctcLoss';

export interface LabelSpan {
  /** Frames, `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/**
 * One span for each label, in their order; undefined where the frames are too few for the labels.
 * @param scores unnormalised, `[frames, classes]`
 */
export function alignLabels(
  scores: ArrayLike<number>,
  frames: number,
  classes: number,
  labels: readonly number[],
  blank = 0,
): LabelSpan[] | undefined {
  if (labels.length === 0) return [];
  if (framesNeeded(labels) > frames) return undefined;
  const logs = logSoftmax(scores, frames, classes);
  const states = Array.from({ length: 2 * labels.length + 1 }, (_, i) =>
    i % 2 === 0 ? blank : (labels[(i - 1) / 2] ?? blank),
  );
  return spansOf(bestPath(logs, frames, classes, states), labels.length);
}

/** The state of each frame. */
function bestPath(
  logs: Float64Array,
  frames: number,
  classes: number,
  states: readonly number[],
): Int32Array {
  const count = states.length;
  const from = new Uint8Array(frames * count);
  let before = new Float64Array(count).fill(-Infinity);
  before[0] = logs[states[0] ?? 0] ?? -Infinity;
  before[1] = logs[states[1] ?? 0] ?? -Infinity;
  for (let t = 1; t < frames; t++) {
    const now = new Float64Array(count).fill(-Infinity);
    for (let s = 0; s < count; s++) {
      const skips = s > 1 && s % 2 === 1 && states[s] !== states[s - 2];
      let [best, step] = [before[s] ?? -Infinity, 0];
      if (s > 0 && (before[s - 1] ?? -Infinity) > best) [best, step] = [before[s - 1] ?? -Infinity, 1];
      if (skips && (before[s - 2] ?? -Infinity) > best) [best, step] = [before[s - 2] ?? -Infinity, 2];
      now[s] = best + (logs[t * classes + (states[s] ?? 0)] ?? -Infinity);
      from[t * count + s] = step;
    }
    before = now;
  }
  const path = new Int32Array(frames);
  let state = (before[count - 1] ?? -Infinity) > (before[count - 2] ?? -Infinity) ? count - 1 : count - 2;
  for (let t = frames - 1; t >= 0; t--) {
    path[t] = state;
    state -= from[t * count + state] ?? 0;
  }
  return path;
}

function spansOf(path: Int32Array, labels: number): LabelSpan[] {
  const spans = Array.from({ length: labels }, () => ({ start: -1, end: -1 }));
  path.forEach((state, t) => {
    const span = state % 2 === 1 ? spans[(state - 1) / 2] : undefined;
    if (span === undefined) return;
    if (span.start < 0) span.start = t;
    span.end = t + 1;
  });
  return spans;
}
