/** The points that a chart draws of its lines: smoothed, cut to the range in view, thinned to the pixels there are. */
import type uPlot from 'uplot';
import { align, downsample } from './downsample';
import type { Line } from './lines';
import { lowerBound } from './metricSeries';
import { smooth } from './smooth';

/** A line with the values its legend reads: `shown` is what is drawn strongest. */
export interface PreparedLine extends Line {
  /** As measured, with NaN where the scale has no place for a value. */
  readonly measured: readonly number[];
  readonly shown: readonly number[];
}

export function prepare(lines: readonly Line[], smoothing: number, logScale: boolean): PreparedLine[] {
  return lines.map((line) => {
    // A logarithm has no place for zero and below.
    const measured = logScale ? line.y.map((value) => (value > 0 ? value : NaN)) : line.y;
    return { ...line, measured, shown: smoothing > 0 ? smooth(measured, smoothing) : measured };
  });
}

export function fullRange(lines: readonly Line[]): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const { x } of lines) {
    low = Math.min(low, x[0] ?? Infinity);
    high = Math.max(high, x.at(-1) ?? -Infinity);
  }
  if (low > high) return [0, 1];
  return low === high ? [low - 0.5, high + 0.5] : [low, high];
}

/** In uPlot's form: the x axis, then for each line its faint measured values (when smoothed) and its shown ones. */
export function plotData(
  lines: readonly PreparedLine[],
  range: readonly [number, number],
  columns: number,
  smoothed: boolean,
): uPlot.AlignedData {
  const lists = lines.flatMap((line) => {
    const shown = downsample(line.x, line.shown, range, columns);
    return smoothed ? [downsample(line.x, line.measured, range, columns), shown] : [shown];
  });
  return align(lists);
}

/** The shown value of a line at the point nearest to `x`; its last one without an `x`. */
export function valueAt(line: PreparedLine, x?: number): { x: number; y: number } | undefined {
  const last = line.x.length - 1;
  let index = last;
  if (x !== undefined) {
    const after = Math.min(last, lowerBound(line.x, x));
    const before = Math.max(0, after - 1);
    index = Math.abs((line.x[before] ?? NaN) - x) <= Math.abs((line.x[after] ?? NaN) - x) ? before : after;
  }
  const at = line.x[index];
  const shown = line.shown[index];
  const y = Number.isNaN(shown) ? line.y[index] : shown;
  return at === undefined || y === undefined ? undefined : { x: at, y };
}
