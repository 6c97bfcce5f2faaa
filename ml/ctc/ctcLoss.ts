/**
 * Connectionist temporal classification (Graves et al. 2006): the loss of a label sequence given one score vector a
 * frame, over all alignments, and its exact gradient. Forward and backward sums run in log space and double precision.
 */

export interface CtcShape {
  readonly batch: number;
  readonly frames: number;
  /** Classes of each frame, the blank among them. */
  readonly classes: number;
}

export interface CtcOptions {
  /** Class that stands for "no label here"; 0 by default. */
  readonly blank?: number;
  /** Frames in use of each example; all by default. */
  readonly frameLengths?: ArrayLike<number>;
}

export interface CtcResult {
  /** Nats, one for each example: −log p(labels); +∞ where the frames are too few for the labels. */
  readonly losses: Float64Array;
  /** Of the sum of the losses, by the unnormalised scores: `[batch, frames, classes]`; zero for an impossible example. */
  readonly gradient: Float32Array;
}

/** Frames that a label sequence takes at least: one a label, and a blank between two equal ones. */
export function framesNeeded(labels: ArrayLike<unknown>): number {
  let needed = labels.length;
  for (let i = 1; i < labels.length; i++) if (labels[i] === labels[i - 1]) needed++;
  return needed;
}

/**
 * @param scores unnormalised, `[batch, frames, classes]` row-major
 * @param labels one sequence of classes for each example, without blanks; may be empty
 */
export function ctcLoss(
  scores: Float32Array,
  shape: CtcShape,
  labels: readonly ArrayLike<number>[],
  options: CtcOptions = {},
): CtcResult {
  const { blank = 0, frameLengths } = options;
  const losses = new Float64Array(shape.batch);
  const gradient = new Float32Array(scores.length);
  const size = shape.frames * shape.classes;
  for (let i = 0; i < shape.batch; i++) {
    const frames = Math.min(shape.frames, frameLengths?.[i] ?? shape.frames);
    const own = scores.subarray(i * size, i * size + frames * shape.classes);
    const target = gradient.subarray(i * size, i * size + frames * shape.classes);
    losses[i] = oneLoss(own, frames, shape.classes, withBlanks(labels[i] ?? [], blank), target);
  }
  return { losses, gradient };
}

/** Labels with a blank before, between and after. */
function withBlanks(labels: ArrayLike<number>, blank: number): Int32Array {
  const states = new Int32Array(2 * labels.length + 1).fill(blank);
  for (let i = 0; i < labels.length; i++) states[2 * i + 1] = labels[i] ?? blank;
  return states;
}

/** One example; writes its gradient into `gradient`, which is zero at first. */
function oneLoss(
  scores: Float32Array,
  frames: number,
  classes: number,
  states: Int32Array,
  gradient: Float32Array,
): number {
  if (frames === 0) return states.length === 1 ? 0 : Infinity;
  const logs = logSoftmax(scores, frames, classes);
  const emit = emissions(logs, frames, classes, states);
  const skips = skippable(states);
  const alpha = forward(emit, frames, states.length, skips);
  const last = alpha.length - 1;
  const total = logAdd(
    alpha[last] ?? -Infinity,
    states.length > 1 ? (alpha[last - 1] ?? -Infinity) : -Infinity,
  );
  if (total === -Infinity) return Infinity;
  const beta = backward(emit, frames, states.length, skips);
  for (let i = 0; i < gradient.length; i++) gradient[i] = Math.exp(logs[i] ?? 0);
  for (let t = 0; t < frames; t++) {
    for (let s = 0; s < states.length; s++) {
      const at = t * states.length + s;
      // Both passes count the frame's own emission: once is taken off.
      const path = (alpha[at] ?? 0) + (beta[at] ?? 0) - (emit[at] ?? 0) - total;
      if (path > -100) {
        const to = t * classes + (states[s] ?? 0);
        gradient[to] = (gradient[to] ?? 0) - Math.exp(path);
      }
    }
  }
  return -total;
}

/** Row-wise, in double precision. */
export function logSoftmax(scores: ArrayLike<number>, rows: number, classes: number): Float64Array {
  const logs = new Float64Array(rows * classes);
  for (let row = 0; row < rows; row++) {
    const from = row * classes;
    let most = -Infinity;
    for (let i = from; i < from + classes; i++) most = Math.max(most, scores[i] ?? 0);
    let sum = 0;
    for (let i = from; i < from + classes; i++) sum += Math.exp((scores[i] ?? 0) - most);
    const shift = most + Math.log(sum);
    for (let i = from; i < from + classes; i++) logs[i] = (scores[i] ?? 0) - shift;
  }
  return logs;
}

/** Log-probability of each state's class in each frame: `[frames, states]`. */
function emissions(logs: Float64Array, frames: number, classes: number, states: Int32Array): Float64Array {
  const emit = new Float64Array(frames * states.length);
  for (let t = 0; t < frames; t++) {
    for (let s = 0; s < states.length; s++) {
      emit[t * states.length + s] = logs[t * classes + (states[s] ?? 0)] ?? 0;
    }
  }
  return emit;
}

/** 1 where a path may come from two states before: a label that differs from the label before it. */
function skippable(states: Int32Array): Uint8Array {
  return Uint8Array.from(states, (state, s) => (s % 2 === 1 && s > 1 && state !== states[s - 2] ? 1 : 0));
}

function forward(emit: Float64Array, frames: number, states: number, skips: Uint8Array): Float64Array {
  const alpha = new Float64Array(frames * states).fill(-Infinity);
  alpha[0] = emit[0] ?? 0;
  if (states > 1) alpha[1] = emit[1] ?? 0;
  for (let t = 1; t < frames; t++) {
    const [row, before] = [t * states, (t - 1) * states];
    for (let s = 0; s < states; s++) {
      let sum = alpha[before + s] ?? 0;
      if (s > 0) sum = logAdd(sum, alpha[before + s - 1] ?? 0);
      if (skips[s] === 1) sum = logAdd(sum, alpha[before + s - 2] ?? 0);
      alpha[row + s] = sum + (emit[row + s] ?? 0);
    }
  }
  return alpha;
}

function backward(emit: Float64Array, frames: number, states: number, skips: Uint8Array): Float64Array {
  const beta = new Float64Array(frames * states).fill(-Infinity);
  const end = frames * states - 1;
  beta[end] = emit[end] ?? 0;
  if (states > 1) beta[end - 1] = emit[end - 1] ?? 0;
  for (let t = frames - 2; t >= 0; t--) {
    const [row, after] = [t * states, (t + 1) * states];
    for (let s = 0; s < states; s++) {
      let sum = beta[after + s] ?? 0;
      if (s + 1 < states) sum = logAdd(sum, beta[after + s + 1] ?? 0);
      if (s + 2 < states && skips[s + 2] === 1) sum = logAdd(sum, beta[after + s + 2] ?? 0);
      beta[row + s] = sum + (emit[row + s] ?? 0);
    }
  }
  return beta;
}

/** log(eᵃ + eᵇ) */
export function logAdd(a: number, b: number): number {
  if (a === -Infinity) return b;
  if (b === -Infinity) return a;
  return a > b ? a + Math.log1p(Math.exp(b - a)) : b + Math.log1p(Math.exp(a - b));
}
