import { expect, it } from 'vitest';
import type { MetricPoint } from '../../protocol/model/run';
import { describeDatabase } from '../../tests/fixtures/databases';
import { MetricsStore } from './metrics';
import { RunsStore } from './runs';

const at = '2026-11-22T10:00:00.000Z';
function point(step: number, value: number, more: Partial<MetricPoint> = {}): MetricPoint {
  return { step, epoch: 0, name: 'loss', value, at, ...more };
}

describeDatabase('MetricsStore', (test) => {
  const store = (): MetricsStore => new MetricsStore(test().db);
  const newRun = async (): Promise<string> =>
    (await new RunsStore(test().db).create({ name: 'r', task: 't', epochs: 1, config: {} })).id;

  it('keeps points exactly and lists them in the order of their steps', async () => {
    const run = await newRun();
    const points = [point(2, 1e-7), point(1, 0.1 + 0.2), point(1, -3.5e300, { name: 'val_loss', epoch: 1 })];
    expect(await store().insertMany(run, points)).toBe(3);
    expect(await store().list(run)).toEqual([points[1], points[2], points[0]]);
  });

  it('tells a batch from the epoch that ends with it', async () => {
    const run = await newRun();
    await store().insertMany(run, [point(10, 0.5), point(10, 0.7, { epoch: 1 })]);
    expect(await store().list(run)).toHaveLength(2);
  });

  it('replaces a point that is recorded again, also within one call', async () => {
    const run = await newRun();
    await store().insertMany(run, [point(1, 5), point(1, 4), point(2, 3)]);
    expect(await store().insertMany(run, [point(2, 2.5)])).toBe(1);
    expect((await store().list(run)).map(({ value }) => value)).toEqual([4, 2.5]);
  });

  it('fills gaps and leaves what is there', async () => {
    const run = await newRun();
    await store().insertMany(run, [point(1, 5)]);
    await store().insertMissing(run, [point(1, 9), point(2, 3)]);
    expect((await store().list(run)).map(({ step, value }) => [step, value])).toEqual([
      [1, 5],
      [2, 3],
    ]);
  });

  it('leaves out values that are not finite', async () => {
    const run = await newRun();
    expect(await store().insertMany(run, [point(1, NaN), point(2, Infinity), point(3, 1)])).toBe(1);
    expect(await store().insertMany(run, [point(4, NaN)])).toBe(0);
    expect(await store().list(run)).toHaveLength(1);
  });

  it('lists only what came after a time', async () => {
    const run = await newRun();
    const later = '2026-11-22T10:00:00.001Z';
    await store().insertMany(run, [point(1, 1), point(2, 2, { at: later })]);
    expect((await store().list(run, at)).map(({ step }) => step)).toEqual([2]);
    expect(await store().list(run, later)).toEqual([]);
  });

  it('drops what lies beyond a checkpoint', async () => {
    const [run, other] = [await newRun(), await newRun()];
    await store().insertMany(run, [point(1, 1), point(2, 2), point(3, 3)]);
    await store().insertMany(other, [point(3, 3)]);
    await store().removeAfter(run, 2);
    expect((await store().list(run)).map(({ step }) => step)).toEqual([1, 2]);
    expect(await store().list(other)).toHaveLength(1);
  });

  it('writes thousands of points in one statement', async () => {
    const run = await newRun();
    const many = Array.from({ length: 5000 }, (_, step) => point(step, Math.sin(step)));
    await store().insertMany(run, many);
    expect(await store().list(run)).toEqual(many);
  });

  it('leaves out of a long history what is neither end nor extreme of a stretch, and of a short one nothing', async () => {
    const run = await newRun();
    const spiky = Array.from({ length: 1000 }, (_, step) => {
      const second = String(step % 60).padStart(2, '0');
      const minute = String(Math.floor(step / 60)).padStart(2, '0');
      return point(step, step === 333 ? 50 : step === 777 ? -50 : Math.sin(step), {
        at: `2026-11-22T10:${minute}:${second}.000Z`,
      });
    });
    const flat = spiky.map(({ step, at: when }) => point(step, 0.1, { name: 'learning_rate', at: when }));
    const few = [point(10, 1, { name: 'val_loss', epoch: 1 }), point(20, 2, { name: 'val_loss', epoch: 2 })];
    await store().insertMany(run, [...spiky, ...flat, ...few]);

    const thin = await store().listExtremes(run, 100);
    const of = (name: string): MetricPoint[] => thin.filter((one) => one.name === name);
    expect(of('loss').length).toBeLessThanOrEqual(100);
    expect(of('loss')).toEqual(expect.arrayContaining([spiky[0], spiky[333], spiky[777], spiky[999]]));
    expect(of('learning_rate')).toHaveLength(50);
    expect(of('val_loss')).toEqual(few);
    expect(thin.every(({ step }, i) => step >= (thin[i - 1]?.step ?? 0))).toBe(true);

    expect(await store().listExtremes(run, 1000)).toEqual(await store().list(run));
    const since = spiky[950]!.at;
    expect(await store().listExtremes(run, 100, since)).toEqual(await store().list(run, since));
    expect((await store().listExtremes(run, 8, since)).length).toBeLessThanOrEqual(16);
  });
});
