import { expect, it } from 'vitest';
import { checkpoint } from '../../protocol/model/run';
import { describeDatabase } from '../../tests/fixtures/databases';
import { CheckpointsStore, type CheckpointInput } from './checkpoints';
import { RunsStore } from './runs';

describeDatabase('CheckpointsStore', (test) => {
  const store = (): CheckpointsStore => new CheckpointsStore(test().db);
  const newRun = async (): Promise<string> =>
    (await new RunsStore(test().db).create({ name: 'r', task: 't', epochs: 9, config: {} })).id;
  const input = (runId: string, epoch: number, more: Partial<CheckpointInput> = {}): CheckpointInput => ({
    runId,
    epoch,
    step: epoch * 10,
    loss: 1 / epoch,
    path: `/out/checkpoints/${epoch}`,
    best: false,
    ...more,
  });

  it('keeps every field and lists in the order reached', async () => {
    const run = await newRun();
    const second = await store().add(input(run, 2, { accuracy: 0.25 }));
    const first = await store().add(input(run, 1));
    expect(checkpoint.parse(second)).toEqual(second);
    expect(second).toMatchObject(input(run, 2, { accuracy: 0.25 }));
    expect(first.accuracy).toBeUndefined();
    expect(await store().list(run)).toEqual([first, second]);
    expect(await store().latest(run)).toEqual(second);
  });

  it('has one best checkpoint for each run', async () => {
    const [run, other] = [await newRun(), await newRun()];
    const first = await store().add(input(run, 1, { best: true }));
    const second = await store().add(input(run, 2, { best: true }));
    const foreign = await store().add(input(other, 1, { best: true }));
    expect((await store().list(run)).map(({ best }) => best)).toEqual([false, true]);
    expect((await store().best(run))?.id).toBe(second.id);
    expect(await store().setBest(run, first.id)).toMatchObject({ id: first.id, best: true });
    expect((await store().list(run)).map(({ best }) => best)).toEqual([true, false]);
    expect(await store().setBest(run, foreign.id)).toBeUndefined();
    expect((await store().best(run))?.id).toBe(first.id);
    expect((await store().best(other))?.id).toBe(foreign.id);
  });

  it('replaces the row of a folder that is written again', async () => {
    const run = await newRun();
    const last = await store().add(input(run, 1, { path: '/out/last' }));
    const again = await store().add(input(run, 2, { path: '/out/last', accuracy: 0.5 }));
    expect(again).toMatchObject({ id: last.id, epoch: 2, accuracy: 0.5 });
    expect(await store().list(run)).toHaveLength(1);
  });

  it('removes by folder', async () => {
    const run = await newRun();
    await store().add(input(run, 1));
    expect(await store().removeByPath('/out/checkpoints/1')).toBe(true);
    expect(await store().removeByPath('/out/checkpoints/1')).toBe(false);
    expect(await store().latest(run)).toBeUndefined();
  });
});
