/** How a chart is drawn: everything that uPlot is told, apart from the points. */
import type uPlot from 'uplot';
import type { Checkpoint } from '../../protocol/model/run';
import type { ThemeColors } from '../common/colors';
import type { Format } from '../common/format';
import type { Line } from './lines';
import type { XAxis } from './runs';

/** A checkpoint on the time axis. */
export interface Mark {
  readonly x: number;
  readonly best: boolean;
  readonly checkpoint: Checkpoint;
}

export interface ChartLook {
  readonly colors: ThemeColors;
  readonly format: Format;
  /** A value in the metric's unit. */
  readonly value: (value: number) => string;
  readonly xAxis: XAxis;
  readonly logScale: boolean;
  /** Smoothed: the measured line stays, faint, behind the smooth one. */
  readonly smoothed: boolean;
}

export const chartHeight = 220;
// Its value cannot be imported: uPlot declares the enum for types alone.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const logarithmic: uPlot.Scale.Distr = 3;
const font = (colors: ThemeColors): string => `11px ${colors.font}`;

export function chartOptions(
  lines: readonly Line[],
  look: ChartLook,
  width: number,
  hooks: uPlot.Hooks.Arrays,
): uPlot.Options {
  const { colors, logScale } = look;
  return {
    width,
    height: chartHeight,
    legend: { show: false },
    padding: [8, 12, 0, 0],
    scales: { x: { time: false }, y: logScale ? { distr: logarithmic, log: 10 } : { range: padded } },
    series: [{}, ...lines.flatMap((line) => seriesOf(line, look))],
    axes: axesOf(look),
    cursor: {
      sync: { key: 'runs', setSeries: false },
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      y: false,
    },
    hooks,
  };

  function axesOf({ format, xAxis, value }: ChartLook): uPlot.Axis[] {
    const shared: uPlot.Axis = {
      stroke: colors.muted,
      font: font(colors),
      grid: { stroke: colors.grid, width: 0.5 },
      ticks: { stroke: colors.grid, width: 0.5, size: 4 },
    };
    return [
      {
        ...shared,
        size: 32,
        space: 64,
        values: (_, splits) =>
          splits.map((x) => (xAxis === 'time' ? format.duration(x) : format.number(x, 6))),
      },
      {
        ...shared,
        // uPlot asks once before there are any values.
        size: (_, values: string[] | null) =>
          Math.max(40, 12 + 7 * Math.max(0, ...(values ?? []).map((v) => v.length))),
        space: 32,
        // On a log scale uPlot blanks most splits with null.
        values: (_, splits) => splits.map((y) => ((y as number | null) === null ? '' : value(y))),
      },
    ];
  }
}

/**
 * A twentieth of air above and below; a flat line gets a band around it. Flat is also what differs by rounding alone: uPlot
 * finds no end of ticks between two such numbers.
 */
export function padded(_: unknown, low: number | null, high: number | null): [number, number] {
  if (low === null || high === null) return [0, 1];
  const size = Math.max(Math.abs(low), Math.abs(high));
  const span = high - low > size * 1e-9 ? high - low : size || 1;
  return [low >= 0 && low < span / 4 ? 0 : low - span / 20, high + span / 20];
}

export function lineStroke(line: Line, colors: ThemeColors): string {
  return colors.series[line.color % colors.series.length] ?? colors.accent;
}

function seriesOf(line: Line, { colors, smoothed }: ChartLook): uPlot.Series[] {
  const stroke = lineStroke(line, colors);
  const live = line.split === 'batch';
  const main: uPlot.Series = {
    stroke,
    width: live ? 1 : 1.5,
    ...(live && !smoothed ? { alpha: 0.4 } : {}),
    spanGaps: true,
    ...(line.split === 'validation' ? { dash: [6, 3] } : {}),
    // Lone points draw no line, and few are worth seeing one by one.
    points: { show: line.x.length <= 60 && !live, size: 4, fill: stroke },
  };
  const faint: uPlot.Series = { stroke, width: 1, alpha: 0.3, spanGaps: true, points: { show: false } };
  return smoothed ? [faint, main] : [main];
}

/** Triangles on the axis, the best one filled with a line through the chart. */
export function drawMarks(chart: uPlot, marks: readonly Mark[], colors: ThemeColors): void {
  const { ctx, bbox } = chart;
  const size = 5 * devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left - size, bbox.top, bbox.width + 2 * size, bbox.height);
  ctx.clip();
  for (const mark of marks) {
    const x = chart.valToPos(mark.x, 'x', true);
    if (x < bbox.left - 1 || x > bbox.left + bbox.width + 1) continue;
    const bottom = bbox.top + bbox.height;
    ctx.strokeStyle = mark.best ? colors.foreground : colors.muted;
    ctx.fillStyle = ctx.strokeStyle;
    ctx.lineWidth = devicePixelRatio;
    ctx.beginPath();
    ctx.moveTo(x - size, bottom);
    ctx.lineTo(x + size, bottom);
    ctx.lineTo(x, bottom - size * 1.6);
    ctx.closePath();
    if (mark.best) {
      ctx.fill();
      ctx.setLineDash([2 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.moveTo(x, bottom - size * 1.6);
      ctx.lineTo(x, bbox.top);
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.restore();
}
