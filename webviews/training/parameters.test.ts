import { describe, expect, it } from 'vitest';
import { groupOf, valueFormat } from './chartGroups';
import { createFormat } from '../common/format';
import { translator } from '../common/i18n/translate';
import { parameterRows } from './hyperParameters';
import { MetricSeries } from './metricSeries';
import { throughputOf } from './throughput';

const start = Date.parse('2026-01-01T00:00:00Z');
const batch = (step: number, ms: number) => ({
  name: 'batch_loss',
  step,
  epoch: 0,
  value: 1,
  at: new Date(start + ms).toISOString(),
});

describe('hyper-parameters', () => {
  it('are the values of the config by their place, and tell where runs differ', () => {
    const first = { $schema: 'x', task: 't', training: { epochs: 3, optimizer: { learningRate: 0.1 } } };
    const second = { task: 't', training: { epochs: 3, seed: 7 }, model: { hidden: [8, 4] } };
    expect(parameterRows([{ config: first }, { config: second }])).toEqual([
      { name: 'task', values: ['t', 't'], differs: false },
      { name: 'training.epochs', values: ['3', '3'], differs: false },
      { name: 'training.optimizer.learningRate', values: ['0.1', undefined], differs: true },
      { name: 'training.seed', values: [undefined, '7'], differs: true },
      { name: 'model.hidden', values: [undefined, '[8,4]'], differs: true },
    ]);
  });
});

describe('throughput', () => {
  it('is the steps between points a second apart, also where points were left out', () => {
    const metrics = new MetricSeries();
    metrics.add(Array.from({ length: 301 }, (_, i) => batch(1 + i * 4, i * 100)));
    const series = throughputOf(metrics);
    expect(series?.values).toHaveLength(30);
    for (const value of series?.values ?? []) expect(value).toBeCloseTo(40);
    expect(throughputOf(metrics)).toBe(series);
    metrics.add([batch(1601, 32_000)]);
    expect(throughputOf(metrics)?.values).toHaveLength(31);
    expect(throughputOf(metrics)?.values.at(-1)).toBeCloseTo(200);
  });

  it('is not known of a single moment', () => {
    const metrics = new MetricSeries();
    expect(throughputOf(metrics)).toBeUndefined();
    metrics.add([batch(1, 0), batch(2, 0)]);
    expect(throughputOf(metrics)).toBeUndefined();
  });
});

describe('charts', () => {
  it('stand in groups and speak in units', () => {
    expect(['val_loss', 'learning_rate', 'steps_per_second', 'system/rss'].map(groupOf)).toEqual([
      'quality',
      'speed',
      'speed',
      'system',
    ]);
    const format = createFormat('en', translator('en'));
    expect(valueFormat('system/rss', format)(512_300_000)).toBe('512.3 MB');
    expect(valueFormat('system/cpu', format)(187.5)).toBe('187.5%');
    expect(valueFormat('loss', format)(0.25)).toBe('0.25');
  });
});
