/** A long sound heard in windows that overlap, and the best classes of their frames joined to those of the whole. */

export interface WindowOptions {
  /** Frames of a window. */
  readonly frames: number;
  /** Frames at either side whose surroundings a window does not know enough of: neighbours share twice as many. */
  readonly stride: number;
  /** Samples between two frames. */
  readonly hop: number;
  /** Samples that one frame is made of. */
  readonly field: number;
}

export interface SoundWindow {
  /** The first frame, counted over the whole sound. */
  readonly frame: number;
  /** Samples, `[start, end)`. */
  readonly start: number;
  readonly end: number;
}

/** The windows of a sound of so many samples; one for a sound that fits into it. Each begins at a frame of the whole. */
export function windowsOf(samples: number, { frames, stride, hop, field }: WindowOptions): SoundWindow[] {
  const length = (frames - 1) * hop + field;
  const windows: SoundWindow[] = [];
  for (let frame = 0; ; frame += frames - 2 * stride) {
    const start = frame * hop;
    windows.push({ frame, start, end: Math.min(samples, start + length) });
    if (start + length >= samples) return windows;
  }
}

export interface HeardWindow {
  /** The first frame, counted over the whole sound. */
  readonly frame: number;
  /** The best class of each frame. */
  readonly ids: readonly number[];
}

/** Frames around a cut that are looked at. */
const lookAround = 8;

/**
 * The best class of each frame of the whole. Two windows may hear a letter a frame apart: a cut between them there would
 * lose it or double it. So each is left where both say the same for longest, as near to the middle of what they share as
 * can be.
 */
export function joinWindows(windows: readonly HeardWindow[]): number[] {
  const joined: number[] = [];
  for (const { frame, ids } of windows) {
    const shared = Math.min(joined.length - frame, ids.length);
    const cut = shared <= 0 ? 0 : cutOf(joined.slice(frame, frame + shared), ids.slice(0, shared));
    joined.length = Math.min(joined.length, frame + cut);
    joined.push(...ids.slice(cut));
  }
  return joined;
}

/** How many frames are the earlier window's. */
function cutOf(earlier: readonly number[], later: readonly number[]): number {
  const agree = (at: number): boolean => earlier[at] === later[at];
  const middle = earlier.length / 2;
  let [best, most] = [Math.round(middle), 0];
  for (let cut = 1; cut < earlier.length; cut++) {
    let around = 0;
    while (around < lookAround && agree(cut - 1 - around) && agree(cut + around)) {
      around++;
      // Beyond what they share there is nothing to compare.
      if (cut - 1 - around < 0 || cut + around >= earlier.length) break;
    }
    const nearer = Math.abs(cut - middle) < Math.abs(best - middle);
    if (around > most || (around === most && nearer)) [best, most] = [cut, around];
  }
  return best;
}

export interface ScoredWindow {
  /** The first frame, counted over the whole sound. */
  readonly frame: number;
  readonly frames: number;
  /** `[frames, classes]` */
  readonly scores: Float32Array;
}

/** The scores of the whole sound, `[frames, classes]`, its windows cut as in `joinWindows`. */
export function joinScores(
  windows: readonly ScoredWindow[],
  classes: number,
): { readonly scores: Float32Array; readonly frames: number } {
  const ids = windows.map((window) => bestClasses(window, classes));
  const frames = windows.reduce((most, window) => Math.max(most, window.frame + window.frames), 0);
  const scores = new Float32Array(frames * classes);
  let heard = 0;
  windows.forEach((window, i) => {
    const own = ids[i] ?? [];
    const shared = Math.min(heard - window.frame, own.length);
    const before = i === 0 ? undefined : windows[i - 1];
    const earlier =
      before === undefined ? [] : (ids[i - 1] ?? []).slice(window.frame - before.frame).slice(0, shared);
    const cut = shared <= 0 ? 0 : cutOf(earlier, own.slice(0, shared));
    scores.set(window.scores.subarray(cut * classes), (window.frame + cut) * classes);
    heard = window.frame + window.frames;
  });
  return { scores, frames };
}

function bestClasses({ frames, scores }: ScoredWindow, classes: number): number[] {
  return Array.from({ length: frames }, (_, t) => {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if ((scores[t * classes + c] ?? 0) > (scores[t * classes + best] ?? 0)) best = c;
    }
    return best;
  });
}
