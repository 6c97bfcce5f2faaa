import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import tabular from '../plugins/tabular-classification/index';
import type { TrainingTask } from '../sdk/trainingTask';
import { inspectConfig } from './inspectConfig';

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'goya-inspect-')));
  await writeFile(path.join(folder, 'a.csv'), 'x,label\n1,a\n2,b\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const inspect = (task: Partial<TrainingTask>, data: object, timeoutMs?: number) =>
  inspectConfig(
    { config: { task: 't', data }, basePath: folder },
    { tasks: new Map([['t', { ...tabular, ...task }]]), workspacePath: folder },
    timeoutMs,
  );

it('tells a wrong config from wrong data', async () => {
  expect(await inspect({}, { path: 3 })).toMatchObject({ kind: 'training.invalidConfig', config: undefined });
  expect(await inspect({}, { path: 'gone.csv' })).toMatchObject({
    kind: 'training.invalidData',
    config: undefined,
  });
  const few = await inspect({}, { path: 'a.csv' });
  expect(few).toMatchObject({ kind: 'training.invalidData', config: undefined });
  expect(few.problems[0]?.message).toMatch(/only 2 examples/);
});

it('blames a task that throws, not the backend', async () => {
  const { config, problems } = await inspect(
    { inspect: () => Promise.reject(new Error('boom')) },
    { path: 'a.csv' },
  );
  expect(config).toBeUndefined();
  expect(problems).toMatchObject([
    { path: '/task', message: expect.stringMatching(/t failed.*boom/) as string },
  ]);
});

it('does not wait for a task that hangs, and tells it to stop', async () => {
  let told: AbortSignal | undefined;
  const hang: TrainingTask['inspect'] = ({ signal }) => {
    told = signal;
    return new Promise(() => undefined);
  };
  const { problems } = await inspect({ inspect: hang }, { path: 'a.csv' }, 20);
  expect(problems[0]).toMatchObject({ path: '/data', severity: 'error' });
  expect(told?.aborted).toBe(true);
});
