/**
 * What telling and saving cost: the same steps of the shipped digits once as a trainer's process takes them, with metrics,
 * samples and checkpoints, and once with nobody to tell. Turn about, in one process; prints JSON. Bundled by bench/overhead.mjs.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { configSchema } from '../../backend/training/config/schema';
import { ThreadWriter } from '../../backend/training/checkpointWriter';
import { loadEngine } from '../../backend/training/engines/load';
import { Reporter } from '../../backend/training/reporter';
import { prepareRun } from '../../backend/training/runTraining';
import { SystemProbe } from '../../backend/training/system';
import { seedMath } from '../../backend/training/seededMath';
import { Trainer } from '../../backend/training/trainer';
import { TrainedRun } from '../../backend/training/trainedRun';
import { quickenLayers } from '../../backend/training/quickLayers';
import { Random } from '../../backend/sdk/random';
import tabular from '../../backend/plugins/tabular-classification/index';
import * as tf from '@tensorflow/tfjs-core';

const [engineName = 'tensorflow', epochs = '40', rounds = '3', workspace = '', writerEntry = ''] =
  process.argv.slice(2);
const folder = await mkdtemp(path.join(os.tmpdir(), 'goya-bench-overhead-'));
const config = configSchema('tabular-classification', tabular).parse({
  task: 'tabular-classification',
  data: { path: 'data/digits.csv', label: 'digit' },
  training: { epochs: Number(epochs), seed: 1 },
});
const signal = new AbortController().signal;
await quickenLayers();
const engine = await loadEngine(engineName, { storagePath: undefined });
const writer = new ThreadWriter(writerEntry);
let sent = 0;

async function prepared() {
  const random = Random.from(1);
  seedMath(random);
  const message = {
    engine: engine.name,
    basePath: workspace,
    storagePath: folder,
    task: { id: 'tabular-classification', entry: '' },
  };
  const { setup } = await prepareRun(
    { message, task: tabular, signal, startEngine: async () => engine },
    config,
    random,
  );
  return { setup, random };
}

/** With nobody to tell: the same steps and validations. */
async function bare() {
  const { setup, random } = await prepared();
  const events = { progress() {}, step() {}, epoch() {}, save: () => Promise.resolve() };
  const trainer = new Trainer({ setup, training: config.training, random, events, signal });
  return timed(async () => {
    await trainer.run();
    trainer.dispose();
  });
}

async function whole(round) {
  const { setup, random } = await prepared();
  const at = path.join(folder, String(round));
  const probe = new SystemProbe({
    now: () => performance.now() / 1000,
    cpuUsage: () => process.cpuUsage(),
    memory: () => process.memoryUsage(),
    tensors: () => tf.engine().state,
  });
  let underWay = 0;
  const send = (message) => {
    sent += 1;
    underWay += 1;
    process.send?.(message, () => (underWay -= 1));
  };
  const reporter = new Reporter(send, { probe, isBusy: () => underWay > 0 });
  const message = {
    task: { id: 'tabular-classification', entry: '' },
    name: 'bench',
    config: {},
    outputPath: path.join(at, 'out'),
    checkpointsPath: path.join(at, 'checkpoints'),
  };
  const run = new TrainedRun({ message, config, setup, engine, reporter, signal, writer });
  const figures = await timed(() => run.train(random, undefined, []));
  return { ...figures, overhead: reporter.overhead };
}

async function timed(work) {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const ms = performance.now() - began;
  const { user, system } = process.cpuUsage(cpu);
  return { ms, cpuMs: (user + system) / 1000 };
}

/** Tensors alive and bytes resident, epoch by epoch, over 10 000 steps with all that a run does. */
async function long() {
  const { setup, random } = await prepared();
  const readings = [];
  const steps = 10_000;
  const training = { ...config.training, epochs: Math.ceil(steps / setup.stepsPerEpoch) };
  const events = {
    progress() {},
    step() {},
    epoch: ({ step }) => {
      readings.push({ step, tensors: tf.memory().numTensors, rss: process.memoryUsage().rss });
    },
    save: async (content) => {
      await writer.write({
        parent: path.join(folder, 'long'),
        content: { ...content, metadata: {} },
        best: false,
        keep: 2,
        spared: [],
      });
    },
  };
  const trainer = new Trainer({ setup, training, random, events, signal });
  await trainer.run();
  trainer.dispose();
  return readings;
}

const taken = { bare: [], whole: [] };
await bare();
for (let round = 0; round < Number(rounds); round++) {
  // Each comes first as often: a process gets slower or faster with time.
  if (round % 2 === 0) taken.bare.push(await bare());
  taken.whole.push(await whole(round));
  if (round % 2 === 1) taken.bare.push(await bare());
}
const readings = await long();
await writer.close();
await rm(folder, { recursive: true, force: true });
process.stdout.write(`${JSON.stringify({ engine, sent, ...taken, readings })}\n`);
process.exit(0);
