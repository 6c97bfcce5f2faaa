import { describe, expect, it } from 'vitest';
import type { MetricPoint } from '../../../protocol/model/run';
import { thinPoints } from './thinPoints';

const at = '2026-11-22T10:00:00.000Z';
const curve = (name: string, count: number, value: (step: number) => number): MetricPoint[] =>
  Array.from({ length: count }, (_, step) => ({ step, epoch: 0, name, value: value(step), at }));

describe('thinning', () => {
  it('keeps every spike and both ends, and no more than was asked for', () => {
    const points = curve('loss', 100_000, (step) =>
      step === 31_234 ? 99 : step === 777 ? -99 : 1 / (step + 1),
    );
    const thin = thinPoints(points, 2000);
    expect(thin.length).toBeLessThanOrEqual(2000);
    expect(thin.length).toBeGreaterThan(900);
    expect(thin.find(({ value }) => value === 99)?.step).toBe(31_234);
    expect(thin.find(({ value }) => value === -99)?.step).toBe(777);
    expect([thin[0]?.step, thin.at(-1)?.step]).toEqual([0, 99_999]);
    expect(thin.every(({ step }, i) => i === 0 || step > (thin[i - 1]?.step ?? Infinity))).toBe(true);
  });

  it('counts each metric by itself and keeps the order of all', () => {
    const points = [...curve('loss', 1000, (step) => step), ...curve('val_loss', 10, (step) => step)].sort(
      (a, b) => a.step - b.step,
    );
    const thin = thinPoints(points, 100);
    expect(thin.filter(({ name }) => name === 'val_loss')).toHaveLength(10);
    expect(thin.filter(({ name }) => name === 'loss').length).toBeLessThanOrEqual(100);
    expect(thin.every(({ step }, i) => i === 0 || step >= (thin[i - 1]?.step ?? Infinity))).toBe(true);
  });

  it('leaves alone what is small enough', () => {
    const points = curve('loss', 100, (step) => step);
    expect(thinPoints(points, 100)).toEqual(points);
  });

  it('keeps few points of a flat curve', () => {
    expect(
      thinPoints(
        curve('learning_rate', 10_000, () => 0.001),
        400,
      ).length,
    ).toBeLessThanOrEqual(200);
  });
});
