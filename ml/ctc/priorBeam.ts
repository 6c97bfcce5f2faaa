/** Prefix beam search (Hannun et al. 2014) that weighs what was heard with what a text is likely to say. */
import { logAdd, logSoftmax } from './ctcLoss';
import { TextWalker, type PriorState, type TextPrior } from './textPrior';

export interface PriorBeamOptions {
  readonly prior: TextPrior;
  /** The character of each class; the blank's is empty. */
  readonly labels: readonly string[];
  readonly blank?: number;
  /** Texts followed at once. */
  readonly width?: number;
  /** Weight of the prior's logarithm. */
  readonly weight?: number;
  /** Nats for each character: a prior alone prefers short texts. */
  readonly perCharacter?: number;
}

/** Classes less likely than this in a frame (nats below the best) do not begin a longer text. */
const faint = 9;

/** A text that is followed: a node of the tree of all such texts. */
interface Node {
  readonly label: number;
  readonly parent: Node | undefined;
  readonly children: Map<number, Node>;
  /** What the prior goes on from. */
  readonly state: PriorState;
  /** What the prior and the length say of the whole text. */
  readonly bonus: number;
  /** Nats of the paths that end in a blank, and of those that end in the label, at the frame `at`. */
  blank: number;
  own: number;
  at: number;
  /** Those of the frame before. */
  blankBefore: number;
  ownBefore: number;
}

/** Classes of the likeliest text. `scores` are unnormalised, `[frames, classes]`. */
export function priorBeamDecode(
  scores: ArrayLike<number>,
  frames: number,
  classes: number,
  options: PriorBeamOptions,
): number[] {
  const search = new Search(options);
  const logs = logSoftmax(scores, frames, classes);
  for (let t = 0; t < frames; t++) search.step(t, logs.subarray(t * classes, (t + 1) * classes));
  return search.best();
}

class Search {
  private beams: Node[];
  private readonly blank: number;
  private readonly width: number;
  private readonly weight: number;
  private readonly perCharacter: number;
  private readonly walker: TextWalker;

  constructor(options: PriorBeamOptions) {
    this.blank = options.blank ?? 0;
    this.width = options.width ?? 12;
    this.weight = options.weight ?? 0.5;
    this.perCharacter = options.perCharacter ?? 0.5;
    this.walker = new TextWalker(options.prior, options.labels);
    const root = nodeOf(-1, undefined, this.walker.start(), 0);
    root.blank = 0;
    this.beams = [root];
  }

  step(t: number, logs: Float64Array): void {
    let best = -Infinity;
    for (const log of logs) if (log > best) best = log;
    const next: Node[] = [];
    for (const beam of this.beams) {
      beam.blankBefore = beam.blank;
      beam.ownBefore = beam.own;
      beam.blank = -Infinity;
      beam.own = -Infinity;
      beam.at = t;
      next.push(beam);
    }
    for (const beam of [...this.beams]) {
      const all = logAdd(beam.blankBefore, beam.ownBefore);
      beam.blank = logAdd(beam.blank, all + (logs[this.blank] ?? -Infinity));
      if (beam.label >= 0) beam.own = logAdd(beam.own, beam.ownBefore + (logs[beam.label] ?? -Infinity));
      for (let label = 0; label < logs.length; label++) {
        const log = logs[label] ?? -Infinity;
        if (label === this.blank || log < best - faint) continue;
        const from = label === beam.label ? beam.blankBefore : all;
        if (from === -Infinity) continue;
        const child = this.childOf(beam, label);
        if (child.at !== t) {
          // Not followed in the frame before.
          child.at = t;
          child.blank = child.own = child.blankBefore = child.ownBefore = -Infinity;
          next.push(child);
        }
        child.own = logAdd(child.own, from + log);
      }
    }
    next.sort((a, b) => worth(b) - worth(a));
    this.beams = next.slice(0, this.width);
  }

  private childOf(beam: Node, label: number): Node {
    const known = beam.children.get(label);
    if (known !== undefined) return known;
    const { state, gain } = this.walker.next(beam.state, label);
    const made = nodeOf(label, beam, state, beam.bonus + this.weight * gain + this.perCharacter);
    beam.children.set(label, made);
    return made;
  }

  best(): number[] {
    let best: Node | undefined;
    let most = -Infinity;
    for (const beam of this.beams) {
      const value = worth(beam) + this.weight * this.walker.end(beam.state);
      if (value > most || best === undefined) [best, most] = [beam, value];
    }
    const labels: number[] = [];
    for (let node = best; node !== undefined && node.label >= 0; node = node.parent) labels.push(node.label);
    return labels.reverse();
  }
}

function nodeOf(label: number, parent: Node | undefined, state: PriorState, bonus: number): Node {
  return {
    label,
    parent,
    children: new Map(),
    state,
    bonus,
    blank: -Infinity,
    own: -Infinity,
    at: -1,
    blankBefore: -Infinity,
    ownBefore: -Infinity,
  };
}

const worth = (node: Node): number => logAdd(node.blank, node.own) + node.bonus;
