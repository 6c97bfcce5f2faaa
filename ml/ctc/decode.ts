/** From frame scores to labels: the best path, or a search over label sequences. */
import { logAdd, logSoftmax } from './ctcLoss';

/** The best class of each frame, repeats merged, blanks left out. `scores` is `[frames, classes]`. */
export function greedyDecode(
  scores: ArrayLike<number>,
  frames: number,
  classes: number,
  blank = 0,
): number[] {
  const labels: number[] = [];
  let before = blank;
  for (let t = 0; t < frames; t++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if ((scores[t * classes + c] ?? 0) > (scores[t * classes + best] ?? 0)) best = c;
    }
    if (best !== blank && best !== before) labels.push(best);
    before = best;
  }
  return labels;
}

export interface Hypothesis {
  readonly labels: readonly number[];
  /** Nats, over all alignments that the search kept. */
  readonly logProbability: number;
}

interface Beam {
  readonly labels: readonly number[];
  /** Paths that end in a blank, and those that end in the last label. */
  blank: number;
  label: number;
}

/**
 * Prefix beam search (Hannun et al. 2014, without a language model): sums the alignments of each label sequence, which
 * the best single path does not. Best first.
 * @param scores unnormalised, `[frames, classes]`
 */
export function beamDecode(
  scores: ArrayLike<number>,
  frames: number,
  classes: number,
  options: { readonly blank?: number; readonly width?: number } = {},
): Hypothesis[] {
  const { blank = 0, width = 8 } = options;
  const logs = logSoftmax(scores, frames, classes);
  let beams: Beam[] = [{ labels: [], blank: 0, label: -Infinity }];
  for (let t = 0; t < frames; t++) {
    beams = extend(beams, logs.subarray(t * classes, (t + 1) * classes), blank)
      .sort((a, b) => total(b) - total(a))
      .slice(0, width);
  }
  return beams.map((beam) => ({ labels: beam.labels, logProbability: total(beam) }));
}

const total = (beam: Beam): number => logAdd(beam.blank, beam.label);

function extend(beams: readonly Beam[], logs: Float64Array, blank: number): Beam[] {
  const next = new Map<string, Beam>();
  const at = (labels: readonly number[]): Beam => {
    const key = labels.join(' ');
    const known = next.get(key);
    if (known !== undefined) return known;
    const made: Beam = { labels, blank: -Infinity, label: -Infinity };
    next.set(key, made);
    return made;
  };
  for (const beam of beams) {
    const last = beam.labels.at(-1);
    const same = at(beam.labels);
    same.blank = logAdd(same.blank, total(beam) + (logs[blank] ?? 0));
    if (last !== undefined) same.label = logAdd(same.label, beam.label + (logs[last] ?? 0));
    logs.forEach((log, label) => {
      if (label === blank) return;
      const longer = at([...beam.labels, label]);
      longer.label = logAdd(longer.label, (label === last ? beam.blank : total(beam)) + log);
    });
  }
  return [...next.values()];
}
