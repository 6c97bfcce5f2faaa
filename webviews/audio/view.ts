/** What part of the recording is looked at, and what is selected in it. Times in seconds. Pure. */

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface View {
  readonly duration: number;
  readonly shown: Range;
  readonly selection: Range | undefined;
  readonly loop: boolean;
}

/** Closer than this there is nothing more to see. */
const leastShown = 0.001;

export function wholeView(duration: number): View {
  return { duration, shown: { from: 0, to: duration }, selection: undefined, loop: false };
}

/** Zooms by `factor` (above 1: closer), keeping the time `around` where it is on the screen. */
export function zoom(view: View, factor: number, around: number): View {
  const { from, to } = view.shown;
  const width = Math.min(view.duration, Math.max(Math.min(leastShown, view.duration), (to - from) / factor));
  const share = (Math.min(to, Math.max(from, around)) - from) / (to - from || 1);
  return show(view, Math.min(to, Math.max(from, around)) - share * width, width);
}

export function scroll(view: View, seconds: number): View {
  const { from, to } = view.shown;
  return show(view, from + seconds, to - from);
}

export function fit(view: View): View {
  return show(view, 0, view.duration);
}

/** Moves the window so that `time` is in it: a page on while playing, to its middle after a jump. */
export function follow(view: View, time: number): View {
  const { from, to } = view.shown;
  if (time >= from && time <= to) return view;
  const width = to - from;
  const next = time > to && time < to + width / 2 ? to : time - width / 2;
  return show(view, next, width);
}

/** A drag from one time to another; too short a one is a click and selects nothing. */
export function select(view: View, a: number, b: number): View {
  const from = Math.max(0, Math.min(a, b));
  const to = Math.min(view.duration, Math.max(a, b));
  return { ...view, selection: to - from < 0.005 ? undefined : { from, to } };
}

export function clearSelection(view: View): View {
  return { ...view, selection: undefined };
}

export function toggleLoop(view: View): View {
  return { ...view, loop: !view.loop };
}

/** Where playing starts again, or undefined where it ends. */
export function loopRange(view: View): Range | undefined {
  if (!view.loop) return undefined;
  return view.selection ?? { from: 0, to: view.duration };
}

function show(view: View, from: number, width: number): View {
  const start = Math.max(0, Math.min(view.duration - width, from));
  return { ...view, shown: { from: start, to: start + width } };
}

/** Round time marks for a ruler: 1, 2 or 5 times a power of ten, or of a minute. */
export function ticks(shown: Range, most: number): number[] {
  const width = shown.to - shown.from;
  if (width <= 0) return [];
  const steps = [
    1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60,
  ];
  steps.push(120, 300, 600, 900, 1800, 3600, 7200, 18_000, 36_000);
  const step = steps.find((each) => width / each <= most) ?? 86_400;
  const first = Math.max(0, Math.ceil(shown.from / step - 1e-9));
  const out: number[] = [];
  for (let i = first; i * step <= shown.to + 1e-9; i++) out.push(i * step);
  return out;
}
