/** Nothing is lost and nothing is left behind, whatever is killed and whatever the disk did. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  trainingCheckpoints,
  trainingGet,
  trainingResume,
  trainingStart,
  trainingStop,
} from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { eventually } from '../fixtures/eventually';
import { repository, startBackend, type Backend } from './backend';
import { isAlive, pointsOf, trainerOf, TrainingWorkspace, until, untilStep } from './trainingWorkspace';

let workspace: TrainingWorkspace;
let backend: Backend;
beforeAll(async () => {
  workspace = await TrainingWorkspace.create();
});
afterAll(() => workspace.remove());
beforeEach(async () => {
  backend = await startBackend({ workspacePath: workspace.folder });
});
afterEach(() => backend.dispose());

const describeLinux = describe.skipIf(process.platform !== 'linux');
if (process.platform !== 'linux')
  process.stderr.write('Only Linux tells which process trains: the tests that kill it are left out.\n');

/** Begins one, and waits until it has checkpoints to go on from. */
async function begin(name: string): Promise<{ id: string; trainer: number }> {
  const { id } = await backend.call(trainingStart, workspace.long(name, { checkpoints: { keep: 3 } }));
  await eventually(async () => (await backend.call(trainingCheckpoints, { id })).checkpoints.length > 2, {
    timeoutMs: 120_000,
  });
  return { id, trainer: await trainerOf(backend.child.pid ?? 0) };
}

async function reopen(): Promise<void> {
  const { storagePath, modelsPath } = backend;
  backend = await startBackend({ workspacePath: workspace.folder, storagePath, modelsPath });
}

/** Every step up to `step` has its point, once. */
async function expectWhole(id: string, step: number): Promise<void> {
  const steps = (await pointsOf(backend, id, 'batch_loss')).map((point) => point.step);
  const wanted = Array.from({ length: step }, (_, i) => i + 1);
  expect(wanted.filter((each) => !steps.includes(each))).toEqual([]);
  expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
}

async function goOn(run: Run): Promise<Run> {
  await backend.call(trainingResume, { id: run.id });
  const going = await untilStep(backend, run.id, run.step);
  await backend.call(trainingStop, { id: run.id });
  const stopped = await until(backend, run.id, 'stopped');
  // What a trainer did after its backend had died is in its checkpoint: it is told when the run goes on.
  await expectWhole(run.id, stopped.step);
  return going;
}

describeLinux('kill -9', { timeout: 300_000 }, () => {
  it('of the trainer: interrupted with the reason, no step lost, resumed on one curve', async () => {
    const { id, trainer } = await begin('trainer');
    const { step } = await backend.call(trainingGet, { id });
    process.kill(trainer, 'SIGKILL');
    const run = await until(backend, id, 'interrupted');
    expect(run.error?.message).toContain('SIGKILL');
    expect(run.system).toBeUndefined();
    await expectWhole(id, step);
    await goOn(run);
  });

  it('of the backend: the trainer ends by itself, what was shown is stored', async () => {
    const { id, trainer } = await begin('backend');
    const { step } = await backend.call(trainingGet, { id });
    await backend.kill();
    await eventually(() => !isAlive(trainer), { timeoutMs: 20_000 });
    await reopen();
    const run = await until(backend, id, 'interrupted');
    expect(run.step).toBeGreaterThanOrEqual(step);
    await expectWhole(id, step);
    await goOn(run);
  });

  it('of both, with the newest checkpoint half on the disk: goes on from the one before and says so', async () => {
    const { id, trainer } = await begin('both');
    backend.child.kill('SIGKILL');
    process.kill(trainer, 'SIGKILL');
    await backend.kill();
    await eventually(() => !isAlive(trainer), { timeoutMs: 20_000 });
    const checkpoints = path.join(backend.storagePath, 'runs', id, 'checkpoints');
    const names = (await readdir(checkpoints)).filter((name) => name.startsWith('epoch-')).sort();
    const [before = '', newest = ''] = names.slice(-2);
    await truncate(path.join(checkpoints, newest, 'weights.bin'), 100);
    await mkdir(path.join(checkpoints, '.goya-aside-cut'));
    await writeFile(path.join(checkpoints, '.goya-aside-cut', 'weights.bin'), 'half');
    await reopen();
    const run = await until(backend, id, 'interrupted');
    await backend.call(trainingResume, { id });
    const going = await eventually(
      async () => {
        const now = await backend.call(trainingGet, { id });
        return now.notice !== undefined && now;
      },
      { timeoutMs: 120_000 },
    );
    expect(going.notice).toContain('weights.bin is damaged');
    expect(going.notice).toContain(`step ${Number(/step-(\d+)/.exec(before)?.[1])}`);
    expect(await readdir(checkpoints)).not.toContain('.goya-aside-cut');
    await untilStep(backend, id, run.step);
    await backend.call(trainingStop, { id });
    await expectWhole(id, (await until(backend, id, 'stopped')).step);
    // Whole again: nothing to say any more.
    await backend.call(trainingResume, { id });
    await eventually(async () => (await backend.call(trainingGet, { id })).notice === undefined, {
      timeoutMs: 120_000,
    });
    await backend.call(trainingStop, { id });
    await until(backend, id, 'stopped');
  });
});

describeLinux('a trainer', () => {
  it('that hears nothing any more ends with its backend', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'goya-hang-'));
    const entry = path.join(folder, 'hang.mjs');
    await writeFile(entry, `process.stderr.write('hanging\\n'); for (;;) {}\n`);
    const start = {
      type: 'start',
      runId: 'r',
      name: 'r',
      config: {},
      basePath: folder,
      outputPath: folder,
      checkpointsPath: folder,
      task: { id: 'hang', entry: pathToFileURL(entry).pathname },
      engine: 'cpu',
      storagePath: folder,
      resume: false,
    };
    const trainer = path.join(repository, 'dist/backend/trainer.js');
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `
      const child = require('node:child_process').fork(${JSON.stringify(trainer)}, [], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
      child.stderr.on('data', (text) => process.stdout.write(child.pid + ' ' + text));
      child.send(${JSON.stringify(start)});
    `,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const said = await new Promise<string>((resolve) =>
      parent.stdout.setEncoding('utf8').on('data', (text: string) => {
        if (text.includes('hanging')) resolve(text);
      }),
    );
    const pid = Number.parseInt(said);
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await eventually(() => !isAlive(pid), { timeoutMs: 30_000 });
    await rm(folder, { recursive: true, force: true });
  });
});

describe('a long run', () => {
  it(
    'tells its time left and what it uses, and keeps as many tensors after 10 000 steps as at first',
    { timeout: 400_000 },
    async () => {
      const source = workspace.source(
        'data/iris.csv',
        'species',
        'flat',
        {
          epochs: 84,
          batchSize: 1,
          checkpoints: { everyEpochs: 84, keep: 1 },
        },
        { model: { hidden: [4], dropout: 0 }, engine: 'wasm' },
      );
      const { id } = await backend.call(trainingStart, source);
      const running = await eventually(
        async () => {
          const run = await backend.call(trainingGet, { id });
          return run.etaSeconds !== undefined && run.system !== undefined && run;
        },
        { timeoutMs: 120_000 },
      );
      expect(running.system?.rssBytes).toBeGreaterThan(20e6);
      expect(running.system?.tensors).toBeGreaterThan(0);
      const run = await eventually(
        async () => {
          const now = await backend.call(trainingGet, { id });
          return (now.state === 'completed' || now.state === 'failed') && now;
        },
        { timeoutMs: 300_000, everyMs: 200 },
      );
      expect(run).toMatchObject({ state: 'completed', step: 84 * 120 });
      expect(run.etaSeconds).toBeUndefined();
      const counts = await pointsOf(backend, id, 'system/tensors');
      // The optimizer's state comes with the first step.
      const tensors = counts.filter(({ step }) => step > 0).map(({ value }) => value);
      const rss = (await pointsOf(backend, id, 'system/rss')).map((point) => Math.round(point.value / 1e6));
      process.stdout.write(`tensors ${tensors.join(' ')}; rss MB ${rss.join(' ')}\n`);
      expect(tensors.length).toBeGreaterThan(1);
      // Between steps one batch may be alive.
      expect(Math.max(...tensors) - Math.min(...tensors)).toBeLessThanOrEqual(4);
    },
  );
});
