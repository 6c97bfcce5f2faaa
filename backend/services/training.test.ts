import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Model } from '../../protocol/model/model';
import type { Run } from '../../protocol/model/run';
import { openEmbeddedTest, silent, type TestDatabase } from '../../tests/fixtures/databases';
import { eventually } from '../../tests/fixtures/eventually';
import { bundleTrainer, type TrainerBundle } from '../../tests/fixtures/trainerBundle';
import { CheckpointsStore } from '../stores/checkpoints';
import { JobsStore } from '../stores/jobs';
import { MetricsStore } from '../stores/metrics';
import { ModelsStore } from '../stores/models';
import { RunsStore } from '../stores/runs';
import { TrainingService } from './training';

const broken = `throw new Error('boom at load');`;

let database: TestDatabase;
let bundle: TrainerBundle;
let workspace: string;
let service: TrainingService;
let changes: Run[];
let models: Model[];
let parallel = 1;

beforeAll(async () => {
  [database, bundle] = await Promise.all([
    openEmbeddedTest(),
    bundleTrainer(['tabular-classification'], { 'throws-on-load': broken }),
  ]);
}, 60_000);
afterAll(async () => {
  await database.close();
  await bundle.remove();
});
beforeEach(async () => {
  await database.reset();
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-service-'));
  await writeFile(path.join(workspace, 'points.csv'), points(300));
  parallel = 1;
  service = make();
  await service.recover();
});
afterEach(async () => {
  await service.close();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

function make(): TrainingService {
  changes = [];
  models = [];
  const made = new TrainingService({
    runs: new RunsStore(database.db),
    jobs: new JobsStore(database.db, silent),
    checkpoints: new CheckpointsStore(database.db),
    metrics: new MetricsStore(database.db),
    models: new ModelsStore(database.db),
    log: silent,
    storagePath: path.join(workspace, '.goya'),
    workspacePath: workspace,
    settings: () => ({ training: { engine: 'cpu', maxParallelRuns: parallel } }),
    onModel: (model) => models.push(model),
    trainerEntry: bundle.trainerEntry,
    pluginFolders: [bundle.pluginFolder],
  });
  made.on('changed', (run) => changes.push(run));
  return made;
}

function points(count: number): string {
  const rows = Array.from({ length: count }, (_, i) => {
    const x = ((i * 37) % 100) / 50 - 1;
    const y = ((i * 61) % 100) / 50 - 1;
    return `${x},${y},${x * y > 0 ? 'same' : 'different'}`;
  });
  return `x,y,label\n${rows.join('\n')}\n`;
}

const source = (training: object = {}, more: object = {}) => ({
  basePath: workspace,
  config: {
    task: 'tabular-classification',
    name: 'quadrants',
    data: { path: 'points.csv' },
    training: { epochs: 3, seed: 2, ...training },
    ...more,
  },
});
/** Far more than a test waits for. */
const endless = { epochs: 100_000 };

const until = (id: string, ...states: Run['state'][]) =>
  eventually(
    async () => {
      const run = await service.get(id);
      return states.includes(run.state) && run;
    },
    { timeoutMs: 20_000 },
  );
const untilStepping = (id: string) =>
  eventually(async () => (await service.get(id)).step > 0, { timeoutMs: 20_000 });

describe('a run', () => {
  it('goes from queued to completed, with metrics, checkpoints and a model in the library', async () => {
    const started = await service.start(source());
    expect(started).toMatchObject({
      state: 'queued',
      task: 'tabular-classification',
      epochs: 3,
      progress: 0,
    });
    const run = await until(started.id, 'completed', 'failed');
    expect(run).toMatchObject({ state: 'completed', progress: 1, epoch: 3, engine: 'cpu' });
    expect(run.engineReason).toBeTruthy();
    expect(run.environment).toMatchObject({ node: process.versions.node, threads: 1 });
    expect(run.metrics['val_accuracy']).toBeGreaterThan(0.4);
    expect(changes.map((one) => one.state).filter((state, i, all) => state !== all[i - 1])).toEqual([
      'queued',
      'running',
      'completed',
    ]);
    const seqs = changes.map((one) => one.seq);
    expect(seqs).toEqual([...seqs].sort((a, b) => a - b));

    const metricPoints = await service.metrics(run.id);
    expect(metricPoints.filter((point) => point.name === 'val_loss').map((point) => point.epoch)).toEqual([
      1, 2, 3,
    ]);
    expect(metricPoints.filter((point) => point.name === 'batch_loss')).toHaveLength(run.step);
    const since =
      metricPoints
        .map((point) => point.at)
        .sort()
        .at(-1) ?? '';
    expect(await service.metrics(run.id, { since })).toEqual([]);

    const checkpoints = await service.checkpoints(run.id);
    expect(checkpoints.filter((one) => one.best)).toHaveLength(1);
    expect(checkpoints.at(-1)).toMatchObject({ epoch: 3, step: run.step });
    expect(await readdir(checkpoints[0]!.path)).toContain('model.json');

    const [model] = await new ModelsStore(database.db).list();
    expect(model).toMatchObject({
      name: 'quadrants',
      type: 'other',
      path: run.outputPath,
      metadata: { runId: run.id, task: run.task },
    });
    expect(models.map((one) => one.id)).toEqual([model!.id]);
    expect(model!.sizeBytes).toBeGreaterThan(1000);
  });

  it('stops within a second of being asked, at a checkpoint, and resumes from there', async () => {
    const { id } = await service.start(source(endless));
    await untilStepping(id);
    const asked = performance.now();
    expect((await service.stop(id)).state).toBe('stopping');
    const stopped = await until(id, 'stopped');
    expect(performance.now() - asked).toBeLessThan(1000);
    const [last] = (await service.checkpoints(id)).slice(-1);
    expect(last).toMatchObject({ step: stopped.step });
    await expect(service.stop(id)).rejects.toMatchObject({ kind: 'training.invalidState' });

    expect((await service.resume(id)).state).toBe('queued');
    await eventually(async () => (await service.get(id)).step > stopped.step, { timeoutMs: 20_000 });
    await service.stop(id);
    await until(id, 'stopped');
    const steps = (await service.metrics(id))
      .filter((point) => point.name === 'batch_loss')
      .map((point) => point.step);
    expect(new Set(steps).size).toBe(steps.length);
  });

  it('that is killed is interrupted and says so, and resumes', async () => {
    const { id } = await service.start(source({ ...endless, batchSize: 8 }));
    await eventually(async () => (await service.checkpoints(id)).length > 0, { timeoutMs: 20_000 });
    process.kill((await new RunsStore(database.db).details(id)).pid!, 'SIGKILL');
    const run = await until(id, 'interrupted');
    expect(run.error).toMatchObject({ retryable: true, message: expect.stringMatching(/SIGKILL/) as string });
    await service.resume(id);
    const again = await until(id, 'running');
    expect(again.error).toBeUndefined();
    await untilStepping(id);
  });

  it('is removed with its checkpoints, but not while it runs', async () => {
    const { id } = await service.start(source(endless));
    await untilStepping(id);
    await expect(service.remove(id)).rejects.toMatchObject({ kind: 'training.invalidState' });
    await service.stop(id);
    await until(id, 'stopped');
    const removed: string[] = [];
    service.on('removed', (gone) => removed.push(gone));
    expect((await service.remove(id)).id).toBe(id);
    expect(removed).toEqual([id]);
    await expect(service.get(id)).rejects.toMatchObject({ kind: 'training.notFound' });
    await expect(service.metrics(id)).rejects.toMatchObject({ kind: 'training.notFound' });
    expect(await readdir(path.join(workspace, '.goya', 'runs'))).toEqual([]);
  });

  it('that cannot write its output fails with the reason, and nothing half-written', async () => {
    const { id } = await service.start(source({}, { output: 'models/out' }));
    await mkdir(path.join(workspace, 'models'), { recursive: true });
    await writeFile(path.join(workspace, 'models', 'blocker'), '');
    await service.stop(id).catch(() => undefined);
    const { id: second } = await service.start(
      source({}, { name: 'blocked', output: 'models/blocker/deep' }),
    );
    const run = await until(second, 'failed', 'completed');
    expect(run).toMatchObject({ state: 'failed', error: { kind: 'training.outputFailed' } });
    expect(await readdir(path.join(workspace, 'models'))).not.toContain('blocker/deep');
  });
});

describe('the queue', () => {
  it('runs one at a time, in order, and lets a queued one be taken out', async () => {
    const first = await service.start(source(endless, { output: 'a' }));
    const second = await service.start(source(endless, { output: 'b' }));
    const third = await service.start(source({ epochs: 1 }, { output: 'c' }));
    await until(first.id, 'running');
    expect((await service.stop(second.id)).state).toBe('stopped');
    expect((await service.get(third.id)).state).toBe('queued');
    await service.stop(first.id);
    expect((await until(third.id, 'completed')).startedAt! >= (await service.get(first.id)).endedAt!).toBe(
      true,
    );
  });

  it('runs as many as the setting says', async () => {
    parallel = 2;
    const ids = await Promise.all(
      ['a', 'b'].map(async (output) => (await service.start(source(endless, { output }))).id),
    );
    await Promise.all(ids.map((id) => until(id, 'running')));
    const third = await service.start(source(endless, { output: 'c' }));
    expect((await service.get(third.id)).state).toBe('queued');
    parallel = 3;
    service.settingsChanged();
    await until(third.id, 'running');
  });

  it('refuses a second run into the same output', async () => {
    await service.start(source(endless, { output: 'same' }));
    await expect(service.start(source({}, { output: 'same' }))).rejects.toMatchObject({
      kind: 'training.invalidConfig',
      message: expect.stringMatching(/quadrants.*Choose another output/) as string,
    });
  });
});

describe('a backend that ends', () => {
  it('interrupts its runs within a second, at a checkpoint; the next one can resume them', async () => {
    const { id } = await service.start(source(endless));
    await untilStepping(id);
    const asked = performance.now();
    await service.close();
    expect(performance.now() - asked).toBeLessThan(1000);
    expect((await service.get(id)).state).toBe('interrupted');
    service = make();
    await service.recover();
    const before = (await service.get(id)).step;
    await service.resume(id);
    await eventually(async () => (await service.get(id)).step > before, { timeoutMs: 20_000 });
  });

  it('finds what a killed one left: running becomes interrupted, queued runs, checkpoints agree with the disk', async () => {
    const { id } = await service.start(source({ epochs: 2 }));
    await until(id, 'completed');
    const runs = new RunsStore(database.db);
    const kept = await service.checkpoints(id);
    await database.db.query('DELETE FROM checkpoints');
    await runs.patch(id, { state: 'running' });
    await new CheckpointsStore(database.db).add({
      runId: id,
      epoch: 9,
      step: 9,
      loss: 1,
      path: '/gone',
      best: false,
    });
    const queued = await runs.create({
      name: 'later',
      task: 'tabular-classification',
      epochs: 1,
      config: source({ epochs: 1 }, { output: 'later' }).config,
      outputPath: path.join(workspace, 'later'),
      details: { basePath: workspace },
    });
    service = make();
    await service.recover();
    expect((await service.get(id)).state).toBe('interrupted');
    const plain = (list: typeof kept) =>
      list.map(({ epoch, step, path: folder, best, loss }) => ({ epoch, step, folder, best, loss }));
    expect(plain(await service.checkpoints(id))).toEqual(plain(kept));
    await until(queued.id, 'completed');
  });
});

describe('what may not start', () => {
  it('leaves no row behind', async () => {
    const bad = {
      basePath: workspace,
      config: { task: 'tabular-classification', data: { path: 'points.csv', label: 'nope' } },
    };
    const { ok, problems } = await service.validate(bad);
    expect(ok).toBe(false);
    expect(problems).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        path: '/data/label',
        message: expect.stringMatching(/no column "nope".*x, y, label/) as string,
      }),
    );
    await expect(service.start(bad)).rejects.toMatchObject({
      kind: 'training.invalidData',
      details: { problems },
    });
    await expect(service.start({ basePath: workspace, config: {} })).rejects.toMatchObject({
      kind: 'training.invalidConfig',
    });
    expect(await service.list()).toEqual([]);
  });

  it('says what to do about an engine that is not here', async () => {
    const previous = process.env['GOYA_ENGINES_PATH'];
    const cache = process.env['GOYA_CACHE'];
    const home = process.env['XDG_CACHE_HOME'];
    Object.assign(process.env, {
      GOYA_ENGINES_PATH: workspace,
      GOYA_CACHE: workspace,
      XDG_CACHE_HOME: workspace,
    });
    try {
      const asked = source({}, { engine: 'tensorflow' });
      await expect(service.start(asked)).rejects.toMatchObject({
        kind: 'engine.unavailable',
        message: expect.stringMatching(/Install Native TensorFlow Engine/) as string,
      });
      expect((await service.validate(asked)).problems).toMatchObject([
        { severity: 'warning', path: '/engine' },
      ]);
    } finally {
      for (const [name, value] of Object.entries({
        GOYA_ENGINES_PATH: previous,
        GOYA_CACHE: cache,
        XDG_CACHE_HOME: home,
      })) {
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      }
    }
  });
});

describe('plugins', () => {
  it('a broken one is listed with its error and takes nobody with it', async () => {
    const infos = await service.plugins();
    expect(infos).toMatchObject([
      { id: 'tabular-classification', loaded: true, kind: 'training-task' },
      { id: 'throws-on-load', loaded: false, error: 'boom at load' },
    ]);
    const tasks = await service.tasks();
    expect(tasks.map((task) => task.id)).toEqual(['tabular-classification']);
    expect(tasks[0]?.schema).toMatchObject({
      type: 'object',
      properties: { task: { const: 'tabular-classification' } },
    });
  });
});
