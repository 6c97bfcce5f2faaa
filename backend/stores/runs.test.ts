import { expect, it } from 'vitest';
import { run as runSchema } from '../../protocol/model/run';
import { describeDatabase } from '../../tests/fixtures/databases';
import { CheckpointsStore } from './checkpoints';
import { MetricsStore } from './metrics';
import { RunsStore, type RunInput } from './runs';

const input: RunInput = {
  name: 'واژه‌های فارسی',
  task: 'audio-classification',
  epochs: 30,
  config: { task: 'audio-classification', training: { seed: 7, learningRate: 1e-7 } },
  configPath: '/w/keywords.train.json',
  outputPath: '/w/models/keywords',
};

describeDatabase('RunsStore', (test) => {
  const store = (): RunsStore => new RunsStore(test().db);

  it('creates a queued run with everything it was given', async () => {
    const run = await store().create(input);
    expect(runSchema.parse(run)).toEqual(run);
    expect(run).toMatchObject({ ...input, state: 'queued', progress: 0, epoch: 0, step: 0, metrics: {} });
    expect(run.startedAt).toBeUndefined();
    expect(await store().get(run.id)).toEqual(run);
    expect(await store().list({ state: 'queued' })).toEqual([run]);
    expect(await store().list({ state: 'running' })).toEqual([]);
  });

  it('takes an id that was chosen beforehand', async () => {
    const id = '7b2c9a4e-1111-4222-8333-444455556666';
    expect((await store().create({ ...input, id })).id).toBe(id);
  });

  it('lays new metrics over the older ones and leaves out what is not finite', async () => {
    const { id } = await store().create(input);
    await store().patch(id, { metrics: { loss: 2, accuracy: 0.1 } });
    const run = await store().patch(id, { metrics: { loss: 1.5, val_loss: NaN } });
    expect(run.metrics).toEqual({ loss: 1.5, accuracy: 0.1 });
  });

  it('patches what is given and clears what is null', async () => {
    const { id } = await store().create(input);
    const startedAt = '2026-11-22T10:00:00.123Z';
    const running = await store().patch(id, {
      state: 'running',
      progress: 1 / 3,
      epoch: 10,
      step: 5_000_000_000,
      engine: 'tensorflow',
      engineReason: 'the fastest here',
      pid: 4711,
      startedAt,
      details: { seed: 7 },
    });
    expect(running).toMatchObject({ state: 'running', progress: 1 / 3, step: 5_000_000_000, startedAt });
    const error = { kind: 'training.diverged', message: 'loss is NaN', retryable: false } as const;
    const failed = await store().patch(id, { state: 'failed', pid: null, error, details: { versions: {} } });
    expect(failed.error).toEqual(error);
    expect(await store().details(id)).toEqual({
      run: failed,
      pid: undefined,
      modelId: undefined,
      details: { seed: 7, versions: {} },
    });
    expect(failed.seq).toBeGreaterThan(running.seq);
  });

  it('refuses a change from a state it is not in', async () => {
    const { id } = await store().create(input);
    await expect(store().patch(id, { state: 'stopping' }, ['running'])).rejects.toMatchObject({
      kind: 'training.invalidState',
      details: { state: 'queued' },
    });
  });

  it('marks what a crash left running as interrupted, and nothing else', async () => {
    const states = ['running', 'stopping', 'queued', 'completed'] as const;
    for (const state of states) {
      const { id } = await store().create({ ...input, name: state });
      await store().patch(id, { state, pid: 1 });
    }
    const interrupted = await store().interruptUnfinished();
    expect(interrupted.map(({ name, state }) => [name, state])).toEqual([
      ['running', 'interrupted'],
      ['stopping', 'interrupted'],
    ]);
    expect(interrupted.every((run) => run.endedAt !== undefined)).toBe(true);
    expect((await store().list()).map((run) => run.state)).toEqual([
      'interrupted',
      'interrupted',
      'queued',
      'completed',
    ]);
  });

  it('takes up what a dead backend left, and not what a live one or another machine has', async () => {
    const { db } = test();
    const claims = [
      ['dead', 1, 'current_machine()'],
      ['elsewhere', 1, `'elsewhere'`],
      ['nobody', null, 'NULL'],
    ] as const;
    for (const [name, backend, machine] of claims) {
      for (const state of ['running', 'queued'] as const) {
        const { id } = await store().create({ ...input, name });
        await store().patch(id, { state });
        await db.query(`UPDATE training_jobs SET claimed_by = $2, claimed_on = ${machine} WHERE id = $1`, [
          id,
          backend,
        ]);
      }
    }
    expect((await store().interruptUnfinished()).map(({ name }) => name)).toEqual(['dead', 'nobody']);
    expect((await store().claimQueued()).map(({ name }) => name)).toEqual(['dead', 'nobody']);
    expect(await store().list({ state: 'running' })).toMatchObject([{ name: 'elsewhere' }]);
    const own = await db.query('SELECT name FROM training_jobs WHERE claimed_by = current_backend()');
    expect(own.map((row) => row['name']).sort()).toEqual(['dead', 'nobody']);
  });

  it('takes its metrics and checkpoints with it', async () => {
    const { id } = await store().create(input);
    await new MetricsStore(test().db).insertMany(id, [
      { step: 1, epoch: 0, name: 'loss', value: 1, at: new Date().toISOString() },
    ]);
    await new CheckpointsStore(test().db).add({
      runId: id,
      epoch: 1,
      step: 1,
      loss: 1,
      path: '/c',
      best: true,
    });
    expect((await store().remove(id)).id).toBe(id);
    const [left] = await test().db.query(
      'SELECT (SELECT count(*) FROM metrics) + (SELECT count(*) FROM checkpoints) AS rows',
    );
    expect(left?.['rows']).toBe(0);
    await expect(store().remove(id)).rejects.toMatchObject({ kind: 'training.notFound' });
    await expect(store().patch(id, { step: 1 })).rejects.toMatchObject({ kind: 'training.notFound' });
  });
});
