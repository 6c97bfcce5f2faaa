import { describe, expect, it } from 'vitest';
import type { MetricPoint, Run } from '../../protocol/model/run';
import { fullRange, plotData, prepare, valueAt } from './chartData';
import { padded } from './chartOptions';
import { align, downsample } from './downsample';
import { epochRows } from './epochTable';
import { chartNames, linesOf, xOfStep } from './lines';
import { MetricSeries } from './metricSeries';
import { smooth } from './smooth';

const start = Date.parse('2026-01-01T00:00:00Z');
const point = (name: string, step: number, value: number, epoch = 0, second = step): MetricPoint => ({
  name,
  step,
  value,
  epoch,
  at: new Date(start + second * 1000).toISOString(),
});

describe('the points of a run', () => {
  it('stay in step order; the newest value of a step counts', () => {
    const series = new MetricSeries();
    expect(series.add([point('loss', 2, 0.5), point('loss', 1, 1)])).toBe(true);
    expect(series.add([point('loss', 2, 0.5)])).toBe(false);
    // Done again after a resume.
    expect(series.add([point('loss', 2, 0.4, 0, 60)])).toBe(true);
    expect(series.add([point('loss', 2, 0.9, 0, 3)])).toBe(false);
    expect(series.byName.get('loss')).toMatchObject({ steps: [1, 2], values: [1, 0.4] });
  });

  it('are asked for again from a little before the newest', () => {
    const series = new MetricSeries();
    expect(series.since()).toBeUndefined();
    series.add([point('loss', 10, 1), point('loss', 5, 2)]);
    expect(series.since(2000)).toBe('2026-01-01T00:00:08.000Z');
  });
});

describe('smoothing', () => {
  it('starts at the first value and passes over what is no number', () => {
    expect(smooth([4, 4, NaN, 4], 0.9)).toEqual([4, expect.closeTo(4), NaN, expect.closeTo(4)]);
    expect(smooth([0, 1], 0.5)).toEqual([0, expect.closeTo(2 / 3)]);
    expect(smooth([1, 5], 0)).toEqual([1, 5]);
  });
});

describe('the value axis', () => {
  it('has room around a line, also around one that is flat but for rounding', () => {
    expect(padded(undefined, null, null)).toEqual([0, 1]);
    expect(padded(undefined, 10, 30)).toEqual([9, 31]);
    expect(padded(undefined, 20, 20.000000000000004)).toEqual([19, expect.closeTo(21)]);
    expect(padded(undefined, 0, 0)).toEqual([0, 0.05]);
  });
});

describe('downsampling', () => {
  const x = Array.from({ length: 50_000 }, (_, i) => i);
  const y = x.map((i) => Math.sin(i / 300));

  it('keeps every peak with at most four points a column', () => {
    const spiky = [...y];
    spiky[31_234] = 99;
    spiky[777] = -99;
    const points = downsample(x, spiky, [0, 49_999], 500);
    expect(points.x.length).toBeLessThanOrEqual(500 * 4 + 8);
    expect(Math.max(...points.y)).toBe(99);
    expect(Math.min(...points.y)).toBe(-99);
    expect(points.x[points.y.indexOf(99)]).toBe(31_234);
    expect([...points.x].sort((a, b) => a - b)).toEqual(points.x);
  });

  it('reaches the edges of a zoomed range, and leaves few points as they are', () => {
    const points = downsample(x, y, [100.5, 110.5], 500);
    expect(points.x).toEqual(
      [100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110, 111, 112].slice(0, points.x.length),
    );
    expect(points.x[0]).toBe(100);
    expect(points.x.at(-1)).toBeGreaterThanOrEqual(111);
  });

  it('leaves NaN out, alone in a column or beside numbers', () => {
    expect(downsample([0, 1, 2], [1, NaN, 3], [0, 2], 10)).toEqual({ x: [0, 2], y: [1, 3] });
    const holes = y.map((value, i) => (i % 2 === 0 ? NaN : value));
    expect(downsample(x, holes, [0, 49_999], 100).y.some(Number.isNaN)).toBe(false);
  });

  it('is quick enough for every frame', () => {
    const before = performance.now();
    for (let i = 0; i < 10; i++) downsample(x, y, [0, 49_999], 1000);
    expect((performance.now() - before) / 10).toBeLessThan(60);
  });

  it('joins lists on one axis', () => {
    expect(
      align([
        { x: [1, 3], y: [10, 30] },
        { x: [2, 3], y: [5, 6] },
      ]),
    ).toEqual([
      [1, 2, 3],
      [10, undefined, 30],
      [undefined, 5, 6],
    ]);
  });
});

describe('the lines of a chart', () => {
  const metrics = new MetricSeries();
  for (let step = 1; step <= 20; step++)
    metrics.add([
      point('batch_loss', step, 1 / step, Math.floor((step - 1) / 10)),
      point('learning_rate', step, 0.1),
    ]);
  metrics.add([
    point('loss', 10, 0.3, 1),
    point('val_loss', 10, 0.4, 1),
    point('loss', 20, 0.1, 2),
    point('per', 20, 3, 2),
  ]);
  const run = { id: 'r', name: 'run' } as Run;
  const all = new Map([['r', metrics]]);

  it('are grouped by what they measure, the loss first', () => {
    expect(chartNames([metrics])).toEqual(['loss', 'per', 'learning_rate', 'steps_per_second']);
    expect(linesOf('loss', [run], all, 'step').map(({ split, color }) => [split, color])).toEqual([
      ['batch', 0],
      ['train', 0],
      ['validation', 1],
    ]);
    expect(linesOf('loss', [{ ...run, id: 'none' }, run], all, 'step').map(({ color }) => color)).toEqual([
      1, 1, 1,
    ]);
  });

  it('stand on steps, epochs or time', () => {
    const train = (axis: 'epoch' | 'time'): readonly number[] | undefined =>
      linesOf('loss', [run], all, axis).find(({ split }) => split === 'train')?.x;
    expect(train('epoch')).toEqual([1, 2]);
    expect(train('time')).toEqual([9, 19]);
    expect(xOfStep(20, metrics, 'epoch')).toBe(2);
    expect(xOfStep(20, metrics, 'time')).toBe(19);
    expect(xOfStep(21, metrics, 'time')).toBeUndefined();
  });

  it('become what uPlot draws, and what the legend says', () => {
    const lines = linesOf('loss', [run], all, 'step');
    const prepared = prepare(lines, 0.5, false);
    expect(fullRange(prepared)).toEqual([1, 20]);
    const data = plotData(prepared, [1, 20], 300, true);
    expect(data).toHaveLength(1 + 2 * lines.length);
    expect(data[0]).toHaveLength(20);
    const [batch] = prepare(lines, 0, true);
    expect(batch === undefined ? undefined : valueAt(batch, 3.4)).toEqual({ x: 3, y: 1 / 3 });
    expect(batch === undefined ? undefined : valueAt(batch)).toEqual({ x: 20, y: 1 / 20 });
  });

  it('show zero in the legend though a logarithm has no place for it', () => {
    const [line] = prepare([{ ...linesOf('loss', [run], all, 'step')[0]!, x: [1, 2], y: [1, 0] }], 0, true);
    expect(line?.shown[1]).toBeNaN();
    expect(line === undefined ? undefined : valueAt(line)).toEqual({ x: 2, y: 0 });
  });

  it('are also a table of finished epochs', () => {
    expect(epochRows(metrics)).toEqual([
      {
        epoch: 2,
        values: expect.objectContaining({ loss: 0.1, val_loss: 0.4, batch_loss: 1 / 20 }) as unknown,
      },
      {
        epoch: 1,
        values: expect.objectContaining({ loss: 0.3, val_loss: 0.4, batch_loss: 1 / 10 }) as unknown,
      },
    ]);
    expect(epochRows(metrics, 1)).toHaveLength(1);
  });
});
