/**
 * A thousand metrics a second on their way from a trainer into the database, through the backend's own code, and what
 * telling and saving cost a real run (its own `system/overhead`).
 */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { pino } from 'pino';
import { BackendClient } from '../scripts/lib/backendClient.mjs';
import { Failure } from '../scripts/lib/failure.mjs';
import { root } from '../scripts/lib/project.mjs';

const seconds = 20;
const stepsPerSecond = 100;
const metricsPerStep = 10;

/** Takes no steps: says what a trainer would have to say of them, through the trainer's own reporter. */
const trainer = `
  import { Reporter } from './backend/training/reporter';
  process.once('message', () => {
    let underWay = 0;
    const send = (message) => { underWay += 1; process.send(message, () => { underWay -= 1; }); };
    const reporter = new Reporter(send, { isBusy: () => underWay > 0 });
    const epochs = ${seconds};
    reporter.sendNow({ type: 'started', engine: 'cpu', engineVersion: '', engineReason: 'bench', epochs,
      stepsPerEpoch: ${stepsPerSecond}, step: 0, epoch: 0, damaged: [], details: {} });
    const total = epochs * ${stepsPerSecond};
    const began = performance.now();
    let step = 0;
    const timer = setInterval(() => {
      const due = Math.min(total, Math.floor((performance.now() - began) / 1000 * ${stepsPerSecond}));
      while (step < due) {
        step += 1;
        const values = {};
        for (let i = 0; i < ${metricsPerStep}; i += 1) values['metric_' + i] = Math.random();
        reporter.add(step, Math.floor((step - 1) / ${stepsPerSecond}), values);
        reporter.progress(step, Math.floor((step - 1) / ${stepsPerSecond}));
      }
      if (step < total) return;
      clearInterval(timer);
      const metrics = { overhead: reporter.overhead, endedAt: Date.now(), seconds: (performance.now() - began) / 1000 };
      reporter.sendNow({ type: 'ended', state: 'completed', step, epoch: epochs, early: false, metrics });
      process.disconnect();
    }, 10);
  });
`;

const backend = `
  export { openDatabase } from './backend/database/open';
  export { ActiveRun } from './backend/services/training/activeRun';
  export { CheckpointsStore } from './backend/stores/checkpoints';
  export { MetricsStore } from './backend/stores/metrics';
  export { RunsStore } from './backend/stores/runs';
`;

/** @param {import('./lib/report.mjs').Report} report */
export async function metrics(report) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-metrics-'));
  // Beside the built backend, whose files it finds there.
  const module = path.join(root, 'dist', 'backend', `bench-${process.pid}.mjs`);
  try {
    await bundle(backend, module);
    const entry = path.join(folder, 'trainer.mjs');
    await bundle(trainer, entry);
    await stream(report, await import(pathToFileURL(module).href), entry, folder);
    await realRun(report, folder);
  } finally {
    await rm(module, { force: true });
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function bundle(contents, outfile) {
  await build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['pg-native'],
    alias: { 'jsonc-parser': path.join(root, 'node_modules/jsonc-parser/lib/esm/main.js') },
    banner: {
      js: "import { createRequire as __r } from 'node:module'; import { fileURLToPath as __p } from 'node:url'; import { dirname as __d } from 'node:path'; const require = __r(import.meta.url); const __filename = __p(import.meta.url); const __dirname = __d(__filename);",
    },
    logLevel: 'error',
  });
}

async function stream(report, code, entry, folder) {
  const db = await code.openDatabase({ storagePath: folder, log: pino({ level: 'silent' }) });
  const runs = new code.RunsStore(db);
  const store = new code.MetricsStore(db);
  const run = await runs.create({ name: 'bench', task: 'bench', epochs: seconds, config: {} });
  let said;
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  const cpu = process.cpuUsage();
  const active = new code.ActiveRun({
    run,
    prepare: () => Promise.resolve({ entry, start: { type: 'start' } }),
    runs,
    checkpoints: new code.CheckpointsStore(db),
    metrics: store,
    log: pino({ level: 'warn' }),
    changed: () => undefined,
    completed: (_, metrics) => {
      said = metrics;
      return Promise.resolve({});
    },
  });
  await active.ended;
  const storedAt = Date.now();
  delay.disable();
  const { user, system } = process.cpuUsage(cpu);
  if (said === undefined)
    throw new Failure(`the run did not complete: ${JSON.stringify(await runs.get(run.id))}`);
  const stored = (await store.list(run.id)).length;
  await db.close();
  const sent = seconds * stepsPerSecond * metricsPerStep;
  report.note('metrics: lost on the way', sent - stored, { unit: 'points', most: 0 });
  report.note('metrics: stored a second', stored / said.seconds, { unit: 'points', least: 990 });
  report.note('metrics: all stored after the last', storedAt - said.endedAt, { unit: 'ms', most: 1000 });
  report.note('metrics: reporting, of the trainer’s time', 100 * said.overhead, { unit: '%', most: 3 });
  report.note('metrics: backend, of one core', (user + system) / 1e4 / said.seconds, { unit: '%', most: 50 });
  report.note('metrics: backend answers late by (p99)', delay.percentile(99) / 1e6, { unit: 'ms' });
}

/** The shipped table of digits, on the engine that this machine has. */
async function realRun(report, folder) {
  const workspacePath = path.join(folder, 'workspace');
  const samples = path.join(root, 'samples', 'workspace');
  await cp(path.join(samples, 'data', 'digits.csv'), path.join(workspacePath, 'data', 'digits.csv'));
  const config = path.join(workspacePath, 'digits.train.json');
  await cp(path.join(samples, 'digits.train.json'), config);
  const client = new BackendClient(root, { env: { HF_HUB_OFFLINE: '1', DATABASE_URL: '' } });
  try {
    const storagePath = path.join(folder, 'storage');
    await client.call('initialize', {
      protocolVersion: 1,
      client: { name: 'goya-bench', version: '1' },
      storagePath,
      modelsPath: path.join(folder, 'models'),
      workspacePath,
    });
    const { id } = await client.call('training/start', { configPath: config });
    const run = await ended(client, id);
    if (run.state !== 'completed') throw new Failure(`the run is ${run.state}: ${run.error?.message ?? ''}`);
    const { points } = await client.call('training/metrics', { id });
    const overheads = points.filter((point) => point.name === 'system/overhead');
    const last = overheads.at(-1);
    if (last === undefined) throw new Failure('the run was over before it was measured');
    report.note(`overhead of ${run.name} (${run.engine}, ${run.step} steps)`, last.value, {
      unit: '%',
      most: 3,
    });
  } finally {
    await client.stop();
  }
}

async function ended(client, id) {
  for (;;) {
    const run = await client.call('training/get', { id });
    if (!['queued', 'running', 'stopping'].includes(run.state)) return run;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
