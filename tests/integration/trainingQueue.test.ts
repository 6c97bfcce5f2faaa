/** The queue of runs: its order, its room, and several backends on one server. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { settingsUpdate } from '../../protocol/api/settings';
import {
  trainingGet,
  trainingPrioritize,
  trainingRemove,
  trainingResume,
  trainingStart,
  trainingStop,
} from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { closeSharedServer, sharedServer } from '../fixtures/databases';
import { eventually } from '../fixtures/eventually';
import { skipPostgres } from '../fixtures/postgres';
import { startBackend, type Backend } from './backend';
import { isAlive, trainerOf, TrainingWorkspace, until, untilStep } from './trainingWorkspace';

let workspace: TrainingWorkspace;
const backends: Backend[] = [];
beforeAll(async () => {
  workspace = await TrainingWorkspace.create();
});
afterEach(async () => {
  for (const backend of backends.splice(0)) await backend.dispose();
});
afterAll(async () => {
  await workspace.remove();
  await closeSharedServer();
});

async function open(options: Parameters<typeof startBackend>[0] = {}): Promise<Backend> {
  const backend = await startBackend({ workspacePath: workspace.folder, ...options });
  backends.push(backend);
  return backend;
}

const byStart = (a: Run, b: Run): number => (a.startedAt ?? '').localeCompare(b.startedAt ?? '');

describe('the queue', () => {
  it(
    'starts what matters more first, also after a restart, and drops what is stopped',
    { timeout: 300_000 },
    async () => {
      const first = await open();
      const blocker = await first.call(trainingStart, workspace.long('blocker'));
      await until(first, blocker.id, 'running');
      const start = async (name: string, priority?: number): Promise<string> =>
        (
          await first.call(trainingStart, {
            ...workspace.short(name),
            ...(priority === undefined ? {} : { priority }),
          })
        ).id;
      const last = await start('last');
      const second = await start('second', 5);
      const raised = await start('raised');
      const inConfig = (await first.call(trainingStart, workspace.short('third', { priority: 3 }))).id;
      const dropped = await start('dropped', 9);
      expect(await first.call(trainingPrioritize, { id: raised, priority: 7 })).toMatchObject({
        state: 'queued',
        priority: 7,
      });
      expect((await first.call(trainingStop, { id: dropped })).state).toBe('stopped');
      await expect(first.call(trainingPrioritize, { id: dropped, priority: 1 })).rejects.toMatchObject({
        kind: 'training.invalidState',
      });
      await first.kill();

      const { storagePath, modelsPath } = first;
      const next = await open({ storagePath, modelsPath });
      const ids = [raised, second, inConfig, last];
      const runs = await Promise.all(ids.map((id) => until(next, id, 'completed', 'failed')));
      expect(runs.map((run) => run.state)).toEqual(ids.map(() => 'completed'));
      expect(runs.toSorted(byStart).map((run) => run.name)).toEqual(['raised', 'second', 'third', 'last']);
      expect((await next.call(trainingGet, { id: blocker.id })).state).toBe('interrupted');
      expect((await next.call(trainingGet, { id: dropped })).state).toBe('stopped');
      // What was taken out of the queue comes back to it.
      await next.call(trainingResume, { id: dropped });
      await until(next, dropped, 'completed');
      await next.call(trainingRemove, { id: dropped });
    },
  );

  it('gives room as soon as the settings do', { timeout: 300_000 }, async () => {
    const backend = await open();
    const one = await backend.call(trainingStart, workspace.long('one'));
    const two = await backend.call(trainingStart, workspace.long('two'));
    await untilStep(backend, one.id, 0);
    expect((await backend.call(trainingGet, { id: two.id })).state).toBe('queued');
    await backend.call(settingsUpdate, { settings: { training: { maxParallelRuns: 2 } } });
    await untilStep(backend, two.id, 0);
    expect((await backend.call(trainingGet, { id: one.id })).state).toBe('running');
    for (const { id } of [one, two]) await backend.call(trainingStop, { id });
    for (const { id } of [one, two]) await until(backend, id, 'stopped');
  });
});

describe.skipIf(skipPostgres() || process.platform !== 'linux')('two backends on one server', () => {
  it('run each run once, and take over what a killed one leaves', { timeout: 300_000 }, async () => {
    const url = await (await sharedServer()).createDatabase();
    const options = { initialize: { settings: { database: { url } } } };
    const [one, two] = [await open(options), await open(options)];
    const seen = [await one.subscribe('runs'), await two.subscribe('runs')];
    const started: string[] = [];
    for (const [backend, name] of [
      [one, 'a'],
      [two, 'b'],
      [one, 'c'],
      [two, 'd'],
    ] as const)
      started.push((await backend.call(trainingStart, workspace.short(name))).id);
    for (const id of started) await until(one, id, 'completed');
    for (const id of started) {
      const ran = seen.filter(({ values }) =>
        values.some((each) => each['id'] === id && each['state'] === 'running'),
      );
      expect(ran, id).toHaveLength(1);
    }

    const cut = await one.call(trainingStart, workspace.long('cut'));
    const left = await one.call(trainingStart, workspace.short('left'));
    await untilStep(one, cut.id, 0);
    expect((await two.call(trainingGet, { id: left.id })).state).toBe('queued');
    const trainer = await trainerOf(one.child.pid ?? 0);
    await one.kill();
    await until(two, cut.id, 'interrupted');
    await until(two, left.id, 'completed');
    await eventually(() => !isAlive(trainer), { timeoutMs: 20_000 });
    expect((await two.call(trainingGet, { id: cut.id })).state).toBe('interrupted');
  });
});
