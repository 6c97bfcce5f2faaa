/** A training task from another extension's folder, through the built backend: listed, checked, trained, run. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainedMetadata } from '../../ml/trained/metadata';
import { inferenceRun } from '../../protocol/api/inference';
import { pluginsContribute, pluginsList, pluginsProgress } from '../../protocol/api/plugins';
import {
  trainingGet,
  trainingSamples,
  trainingStart,
  trainingTasks,
  trainingValidate,
} from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { eventually } from '../fixtures/eventually';
import { repository, startBackend, type Backend } from './backend';

const sample = path.join(repository, 'samples', 'plugin-table-regression');
const plugin = { path: path.join(sample, 'plugin.mjs'), extensionId: 'example.goya-table-regression' };
const text = (id: string, more: string): string =>
  `export default { apiVersion: 1, id: '${id}', create: ({ z }) => ({ title: 'T', description: 'D', data: z.strictObject({}), model: z.strictObject({}), inspect: () => [], ${more} }) };`;

let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-plugin-'));
  for (const name of ['flats.csv', 'flats.train.json'])
    await cp(path.join(sample, 'example', name), path.join(workspace, name));
  const own = path.join(workspace, '.goya', 'plugins');
  await mkdir(own, { recursive: true });
  await writeFile(
    path.join(own, 'angry.mjs'),
    text('angry', `prepare: () => { throw new Error('no mood to train'); }`),
  );
  await writeFile(path.join(own, 'empty.mjs'), text('empty', `prepare: () => ({ model: {} })`));
  await writeFile(path.join(own, 'broken.mjs'), `throw new Error('boom at load');`);
  await writeFile(path.join(own, 'thief.mjs'), text('tabular-classification', `prepare: () => ({})`));
  backend = await startBackend({
    workspacePath: workspace,
    initialize: { trusted: true, plugins: [plugin, { path: path.join(workspace, 'gone.mjs') }] },
  });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const ended = (id: string): Promise<Run> =>
  eventually(
    async () => {
      const run = await backend.call(trainingGet, { id });
      return ['completed', 'failed'].includes(run.state) && run;
    },
    { timeoutMs: 100_000, everyMs: 100 },
  );

describe('the sample plugin', () => {
  it('is a task among the others, with its schema', async () => {
    await backend.call(pluginsList, {});
    const { tasks } = await backend.call(trainingTasks, {});
    const ids = tasks.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['tabular-classification', 'table-regression', 'angry']));
    const schema = tasks.find(({ id }) => id === 'table-regression')?.schema as {
      properties: {
        data: { properties: Record<string, object> };
        model: { properties: Record<string, object> };
      };
    };
    expect(schema.properties.data.properties['path']).toMatchObject({ format: 'path' });
    expect(schema.properties.model.properties['hidden']).toMatchObject({ default: [32, 16] });
  });

  it('has its configs checked by its own inspect', async () => {
    const wrong = { task: 'table-regression', data: { path: 'flats.csv', target: 'prize' } };
    const { ok, problems } = await backend.call(trainingValidate, { config: wrong, basePath: workspace });
    expect(ok).toBe(false);
    expect(problems).toMatchObject([
      { path: '/data/target', message: expect.stringContaining('size, rooms, age, price') as string },
    ]);
  });

  let run: Run;
  it('trains in a process of its own', async () => {
    const { id } = await backend.call(trainingStart, {
      configPath: path.join(workspace, 'flats.train.json'),
    });
    run = await ended(id);
    expect(run).toMatchObject({ state: 'completed', task: 'table-regression' });
    process.stdout.write(`flats: ${run.engine ?? ''}, ${JSON.stringify(run.metrics)}\n`);
    // The prices deviate by 60 on the mean; the noise in them by 3.
    expect(run.metrics['val_mae']).toBeLessThan(8);
  });

  it('shows a few predictions after each epoch', async () => {
    const { epochs } = await backend.call(trainingSamples, { id: run.id });
    expect(epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
    const [first, last] = [epochs[0]?.items ?? [], epochs.at(-1)?.items ?? []];
    expect(first).toHaveLength(8);
    expect(last.map(({ input, truth }) => [input, truth])).toEqual(
      first.map(({ input, truth }) => [input, truth]),
    );
    const error = (items: typeof first): number =>
      items.reduce((sum, { truth, predicted }) => sum + Math.abs(Number(truth) - Number(predicted)), 0);
    expect(error(last)).toBeLessThan(error(first));
  });

  it('leaves a model that says what it is and answers amounts', async () => {
    const modelPath = run.outputPath ?? '';
    const metadata = trainedMetadata.parse(
      JSON.parse(await readFile(path.join(modelPath, 'goya.json'), 'utf8')),
    );
    expect(metadata).toMatchObject({ task: 'table-regression', labels: ['price'], answers: 'values' });
    const price = async (values: object) =>
      (await backend.call(inferenceRun, { modelPath, input: { values } })).output.values;
    const small = (await price({ size: 50, rooms: 2, age: 40 })) as { price: number };
    const both = (await price([
      { size: 50, rooms: 2, age: 40 },
      { size: 180, rooms: 5, age: 2 },
    ])) as { price: number }[];
    expect(both[0]).toEqual(small);
    expect(
      Math.abs((both[1]?.price ?? 0) - (20 + 1.8 * 180 + 12 * 5 - 0.9 * 2 - 0.004 * 180 * 2)),
    ).toBeLessThan(40);
  });
});

describe('plugins that fail', () => {
  it('are listed with their reasons', async () => {
    const { plugins } = await backend.call(pluginsList, {});
    const errors = new Map(plugins.map(({ path: at, error }) => [path.basename(at), error]));
    expect(errors.get('broken.mjs')).toBe('boom at load');
    expect(errors.get('thief.mjs')).toBe('there is already a task tabular-classification');
    expect(errors.get('gone.mjs')).toMatch(/is not there/);
    expect(errors.get('plugin.mjs')).toBeUndefined();
    expect(plugins.find(({ id }) => id === 'table-regression')).toMatchObject({
      extensionId: 'example.goya-table-regression',
      loaded: true,
    });
  });

  it.each([
    ['angry', /The task angry failed: no mood to train/],
    ['empty', /The task empty failed: what prepare\(\) answered.*stepsPerEpoch.*loss/],
  ])('%s fails its own run and says why', async (task, message) => {
    const { id } = await backend.call(trainingStart, { config: { task, data: {} }, basePath: workspace });
    expect((await ended(id)).error).toMatchObject({
      kind: 'plugin.failed',
      message: expect.stringMatching(message) as string,
    });
  });
});

it('takes other plugins on while it runs, and lets them go', async () => {
  const late = path.join(workspace, 'late.mjs');
  await writeFile(late, text('late', 'prepare: () => ({})'));
  const { plugins } = await backend.call(pluginsContribute, { plugins: [{ path: late }] });
  expect(plugins.filter(({ loaded }) => loaded).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['late', 'angry', 'tabular-classification']),
  );
  const ids = (await backend.call(trainingTasks, {})).tasks.map(({ id }) => id);
  expect(ids).toContain('late');
  expect(ids).not.toContain('table-regression');
});

it('answers for the others while a plugin hangs, and tells when one has come', async () => {
  const gate = path.join(workspace, 'gate');
  const slow = path.join(workspace, 'slow.mjs');
  await writeFile(
    slow,
    `import { existsSync } from 'node:fs';
while (!existsSync(${JSON.stringify(gate)})) await new Promise((resolve) => setTimeout(resolve, 20));
${text('slow', 'prepare: () => ({})')}`,
  );
  // Long enough for any machine: here only the gate ends the waiting.
  const patient = await startBackend({
    workspacePath: workspace,
    env: { GOYA_PLUGIN_SECONDS: '3600' },
    initialize: { trusted: false, plugins: [{ path: slow }, plugin] },
  });
  try {
    const ids = async () => (await patient.call(trainingTasks, {})).tasks.map(({ id }) => id);
    expect(await ids()).toContain('tabular-classification');
    const configPath = path.join(workspace, 'flats.train.json');
    expect(await patient.call(trainingValidate, { configPath })).toMatchObject({ ok: true });

    const told = patient.watch('plugins');
    const loadedNow = () =>
      pluginsProgress
        .parse(told.at(-1) ?? { plugins: [] })
        .plugins.flatMap(({ id, loaded }) => (loaded ? [id] : []));
    const all = patient.call(pluginsList, { token: 'plugins' });
    await eventually(() => Promise.resolve(loadedNow().includes('table-regression')), { timeoutMs: 60_000 });
    expect(await ids()).toContain('table-regression');
    expect(await ids()).not.toContain('slow');
    const own = patient.call(trainingValidate, { config: { task: 'slow', data: {} }, basePath: workspace });

    await writeFile(gate, '');
    expect((await own).problems).toEqual([]);
    expect((await all).plugins).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'slow', loaded: true })]),
    );
    expect(loadedNow()).toContain('slow');
    expect(await ids()).toContain('slow');
  } finally {
    await patient.dispose();
  }
});

it('runs no code of a workspace that is not trusted', async () => {
  const careful = await startBackend({ workspacePath: workspace, initialize: { trusted: false } });
  try {
    const { plugins } = await careful.call(pluginsList, {});
    expect(plugins.some(({ path: at }) => at.startsWith(workspace))).toBe(false);
  } finally {
    await careful.dispose();
  }
});
