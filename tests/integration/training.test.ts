import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferenceRun } from '../../protocol/api/inference';
import { modelsList } from '../../protocol/api/models';
import { pluginsList } from '../../protocol/api/plugins';
import {
  trainingCheckpoints,
  trainingGet,
  trainingMetrics,
  trainingRemove,
  trainingResume,
  trainingStart,
  trainingStop,
  trainingTasks,
} from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { eventually } from '../fixtures/eventually';
import { repository, startBackend, type Backend } from './backend';
import { isAlive, trainerOf } from './trainingWorkspace';

let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-training-'));
  const samples = path.join(repository, 'samples', 'workspace');
  for (const name of ['iris.train.json', 'digits.train.json', 'data/iris.csv', 'data/digits.csv']) {
    await cp(path.join(samples, name), path.join(workspace, name));
  }
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const until = (id: string, ...states: Run['state'][]): Promise<Run> =>
  eventually(
    async () => {
      const run = await backend.call(trainingGet, { id });
      return states.includes(run.state) && run;
    },
    { timeoutMs: 100_000, everyMs: 50 },
  );

const endless = (output: string) => ({
  basePath: workspace,
  config: {
    task: 'tabular-classification',
    data: { path: 'data/digits.csv', label: 'digit' },
    training: { epochs: 100_000 },
    output,
  },
});
const untilStep = (id: string, step: number): Promise<Run> =>
  eventually(
    async () => {
      const run = await backend.call(trainingGet, { id });
      return run.step > step && run;
    },
    { timeoutMs: 60_000, everyMs: 50 },
  );

describe('the shipped tables', () => {
  it.each([
    ['iris.train.json', 0.96],
    ['digits.train.json', 0.97],
  ])('%s reaches %d on examples it has not seen', async (name, least) => {
    const { items, values } = await backend.subscribe('runs');
    const started = await backend.call(trainingStart, { configPath: path.join(workspace, name) });
    const run = await until(started.id, 'completed', 'failed');
    expect(run).toMatchObject({ state: 'completed', progress: 1 });
    process.stdout.write(`${name}: ${run.engine ?? ''}, ${JSON.stringify(run.metrics)}, ${run.step} steps\n`);
    expect(run.metrics['val_accuracy']).toBeGreaterThanOrEqual(least);
    expect(items).toEqual(expect.any(Array));
    await eventually(() => values.some((value) => value['id'] === run.id && value['state'] === 'completed'));
    const { points } = await backend.call(trainingMetrics, { id: run.id });
    expect(points.filter((point) => point.name === 'val_accuracy')).toHaveLength(run.epochs);
    const { checkpoints } = await backend.call(trainingCheckpoints, { id: run.id });
    expect(checkpoints.filter((one) => one.best)).toHaveLength(1);
    const { models } = await backend.call(modelsList, {});
    expect(models.find((model) => model.path === run.outputPath)).toMatchObject({
      type: 'other',
      metadata: { runId: run.id },
    });
  });

  it('leave a model that gives the same numbers here and in plain tf.js', async () => {
    const modelPath = path.join(workspace, 'models', 'trained', 'iris');
    const row = { sepal_length: 6.3, sepal_width: 2.5, petal_length: 4.9, petal_width: 1.5 };
    const header =
      (await readFile(path.join(workspace, 'data', 'iris.csv'), 'utf8')).split('\n')[0]?.trim().split(',') ??
      [];
    const values = Object.fromEntries(header.slice(0, 4).map((name, i) => [name, Object.values(row)[i]]));
    const { output, task } = await backend.call(inferenceRun, { modelPath, input: { values } });
    expect(task).toBe('tabular-classification');

    const json = JSON.parse(await readFile(path.join(modelPath, 'model.json'), 'utf8')) as {
      modelTopology: object;
      weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
    };
    const weights = await readFile(path.join(modelPath, 'weights.bin'));
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest.flatMap((group) => group.weights),
        weightData: new Uint8Array(weights).buffer,
      }),
    );
    const { labels, preprocessing } = JSON.parse(
      await readFile(path.join(modelPath, 'goya.json'), 'utf8'),
    ) as {
      labels: string[];
      preprocessing: { columns: { mean: number; std: number }[] };
    };
    const scaled = preprocessing.columns.map(
      ({ mean, std }, i) => ((Object.values(row)[i] ?? NaN) - mean) / std,
    );
    const expected = await (model.predict(tf.tensor2d([scaled])) as tf.Tensor).data();
    for (const { label, score } of output.labels ?? [])
      expect(score).toBeCloseTo(expected[labels.indexOf(label)] ?? NaN, 5);
    expect(output.labels).toHaveLength(3);
  });

  it('have a schema for the editor', async () => {
    const { tasks } = await backend.call(trainingTasks, {});
    expect(tasks.map((task) => task.id)).toEqual(
      expect.arrayContaining(['audio-classification', 'tabular-classification', 'text-classification']),
    );
    for (const { schema } of tasks)
      expect(schema).toMatchObject({
        type: 'object',
        required: expect.arrayContaining(['task']) as string[],
      });
    const { plugins } = await backend.call(pluginsList, {});
    expect(plugins.every((plugin) => plugin.loaded)).toBe(true);
  });
});

describe('a run that ends before its time', () => {
  it('stops within a second of being asked, and resumes from its checkpoint', async () => {
    const { id } = await backend.call(trainingStart, endless('stopped'));
    await untilStep(id, 10);
    const asked = performance.now();
    await backend.call(trainingStop, { id });
    const run = await until(id, 'stopped');
    const took = performance.now() - asked;
    process.stdout.write(`stopped after ${took.toFixed(0)} ms\n`);
    expect(took).toBeLessThan(1000);
    expect((await backend.call(trainingCheckpoints, { id })).checkpoints.at(-1)?.step).toBe(run.step);
    await backend.call(trainingResume, { id });
    await untilStep(id, run.step);
    await backend.call(trainingStop, { id });
    await until(id, 'stopped');
    expect(await backend.call(trainingRemove, { id })).toMatchObject({ id, state: 'stopped' });
    await expect(backend.call(trainingGet, { id })).rejects.toMatchObject({ kind: 'training.notFound' });
  });

  it.skipIf(process.platform !== 'linux')(
    'survives a killed backend: no orphan, interrupted, resumed on one curve',
    async () => {
      const { id } = await backend.call(trainingStart, endless('killed'));
      await eventually(async () => (await backend.call(trainingCheckpoints, { id })).checkpoints.length > 0, {
        timeoutMs: 60_000,
      });
      const trainer = await trainerOf(backend.child.pid ?? 0);
      const { storagePath, modelsPath } = backend;
      await backend.kill();
      await eventually(() => !isAlive(trainer), { timeoutMs: 8000 });
      backend = await startBackend({ workspacePath: workspace, storagePath, modelsPath });
      const run = await until(id, 'interrupted');
      const { points } = await backend.call(trainingMetrics, { id });
      expect(points.length).toBeGreaterThan(0);
      await backend.call(trainingResume, { id });
      await untilStep(id, run.step + 5);
      const after = (await backend.call(trainingMetrics, { id })).points.filter(
        (point) => point.name === 'batch_loss',
      );
      expect(new Set(after.map((point) => point.step)).size).toBe(after.length);
      await backend.call(trainingStop, { id });
      await until(id, 'stopped');
    },
  );

  it('fails with the reason where its output cannot go, and leaves nothing there', async () => {
    const config = { ...endless('blocker/out').config, training: { epochs: 1 } };
    const { id } = await backend.call(trainingStart, { basePath: workspace, config });
    await writeFile(path.join(workspace, 'blocker'), 'a file in the way');
    const run = await until(id, 'failed', 'completed');
    expect(run.error).toMatchObject({
      kind: 'training.outputFailed',
      message: expect.stringContaining('blocker') as string,
    });
    expect(await readdir(workspace)).toContain('blocker');
  });
});
