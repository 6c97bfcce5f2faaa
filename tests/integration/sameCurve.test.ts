/** A run that was stopped and resumed has the curve of one that was not: each task, through the built backend. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import {
  trainingGet,
  trainingMetrics,
  trainingResume,
  trainingStart,
  trainingStop,
} from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { isStudioError } from '../../protocol/wire/errors';
import { eventually } from '../fixtures/eventually';
import { writeTonalSpeech } from '../fixtures/tones';
import { repository, startBackend, type Backend } from './backend';

const samples = path.join(repository, 'samples', 'workspace', 'data');
let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-curves-'));
  await flowers();
  await firstLines(path.join(samples, 'names', 'train.tsv'), 'names.tsv', 80);
  await firstLines(path.join(samples, 'lexicon', 'train.tsv'), 'words.tsv', 100);
  await tones();
  await writeTonalSpeech(path.join(workspace, 'speech'), 10);
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

async function firstLines(from: string, to: string, count: number): Promise<void> {
  const lines = (await readFile(from, 'utf8')).split('\n').slice(0, count);
  await writeFile(path.join(workspace, to), `${lines.join('\n')}\n`);
}

/** Every other one of the file, which is sorted by species. */
async function flowers(): Promise<void> {
  const [head = '', ...rows] = (await readFile(path.join(samples, 'iris.csv'), 'utf8')).trim().split('\n');
  const some = rows.filter((_, i) => i % 2 === 0);
  await writeFile(path.join(workspace, 'iris.csv'), `${[head, ...some].join('\n')}\n`);
}

/** Low and high ones of a fifth of a second. */
async function tones(): Promise<void> {
  for (const [label, hz] of Object.entries({ low: 400, high: 1500 })) {
    const folder = path.join(workspace, 'tones', label);
    await mkdir(folder, { recursive: true });
    for (let clip = 0; clip < 12; clip++) {
      const channel = Float32Array.from(
        { length: 1600 },
        (_, i) => Math.sin((clip + i * 2 * Math.PI * hz) / 8000) / 2,
      );
      await writeFile(path.join(folder, `${clip}.wav`), writeWav({ sampleRate: 8000, channels: [channel] }));
    }
  }
}

/** Small, and of everything that a checkpoint has to bring back: dropout, batch norm, augmentation, averages, schedules. */
const tasks = {
  'tabular-classification': {
    data: { path: 'iris.csv', label: 'species' },
    model: { hidden: [16, 8], dropout: 0.3 },
    // Many steps: an epoch must take long enough to be stopped in.
    training: { batchSize: 1, schedule: { type: 'cosine', warmupSteps: 5 } },
  },
  'text-classification': {
    data: { path: 'names.tsv', typos: 0.3 },
    model: { embedding: 4, filters: 4, kernels: [2], heads: 1, ngrams: { buckets: 64, size: 2, longest: 2 } },
    training: { batchSize: 16, optimizer: { type: 'adamw' }, classWeights: 'balanced' },
  },
  'audio-classification': {
    data: { path: 'tones', validation: 0.25 },
    model: { filters: 4, blocks: 1, seconds: 0.2, sampleRate: 8000, mels: 10 },
    training: { batchSize: 4 },
  },
  'grapheme-to-phoneme': {
    data: { path: 'words.tsv', validation: 0.2, augmentation: { swap: 0.5 } },
    model: { channels: 8, convolutions: 1, attention: 1, heads: 2, inner: 8 },
    training: { batchSize: 16, weightAverage: 0.9, clipNorm: 1 },
  },
  'text-to-speech': {
    data: { path: 'speech', validation: 0.25 },
    model: {
      ...{ reading: 'characters', sampleRate: 8000, mels: 20, dropout: 0.2 },
      ...{ encoderChannels: 16, encoderConvolutions: 1, decoderChannels: 16, decoderConvolutions: 1 },
    },
    training: {
      ...{ batchSize: 2, clipNorm: 1, optimizer: { type: 'adamw' }, schedule: { type: 'cosine' } },
      // Its sentences are spoken with each: once is enough here.
      checkpoints: { everyEpochs: 4 },
    },
  },
} as const;
const epochs = 4;

type Task = keyof typeof tasks;

async function start(task: Task, output: string): Promise<string> {
  const { training, ...sections } = tasks[task];
  const config = { task, ...sections, training: { epochs, seed: 5, ...training }, engine: 'cpu', output };
  return (await backend.call(trainingStart, { basePath: workspace, config })).id;
}

function until(id: string, reached: (run: Run) => boolean): Promise<Run> {
  return eventually(
    async () => {
      const run = await backend.call(trainingGet, { id });
      return reached(run) && run;
    },
    { timeoutMs: 100_000, everyMs: 10 },
  );
}

const isOver = (run: Run): boolean => ['completed', 'stopped', 'failed'].includes(run.state);

async function completed(id: string): Promise<Run> {
  const run = await until(id, isOver);
  expect(run, run.error?.message).toMatchObject({ state: 'completed', epoch: epochs });
  return run;
}

/** Told to stop after the first epoch, so that it does about half way, and resumed. A machine that was too fast to be stopped is asked again. */
async function inTwo(task: Task): Promise<{ run: Run; stoppedAt: Run }> {
  for (let attempt = 1; attempt <= 10; attempt++) {
    const id = await start(task, `${task}-in-two-${attempt}`);
    await until(id, (run) => run.epoch >= 1 || isOver(run));
    await backend.call(trainingStop, { id }).catch((error: unknown) => {
      if (!isStudioError(error, 'training.invalidState')) throw error;
    });
    const stoppedAt = await until(id, isOver);
    if (stoppedAt.state !== 'stopped') continue;
    await backend.call(trainingResume, { id });
    return { run: await completed(id), stoppedAt };
  }
  throw new Error('no run could be stopped before its end');
}

async function curve(id: string): Promise<Map<string, number>> {
  const { points } = await backend.call(trainingMetrics, { id });
  const learnt = points.filter(({ name }) => !name.startsWith('system/'));
  return new Map(learnt.map(({ name, epoch, step, value }) => [`${name} ${epoch} ${step}`, value]));
}

describe('two and two epochs are four', () => {
  it.each(Object.keys(tasks) as Task[])('%s', async (task) => {
    const whole = await completed(await start(task, `${task}-whole`));
    const { run, stoppedAt } = await inTwo(task);
    expect(stoppedAt.epoch).toBeGreaterThanOrEqual(1);
    expect(stoppedAt.step).toBeLessThan(whole.step);
    const [expected, got] = [await curve(whole.id), await curve(run.id)];
    expect([...got.keys()].sort()).toEqual([...expected.keys()].sort());
    const apart = [...expected].map(([key, value]) => Math.abs(value - (got.get(key) ?? NaN)));
    process.stdout.write(
      `${task}: ${expected.size} points, stopped after epoch ${stoppedAt.epoch}, step ${stoppedAt.step} of ${whole.step}, at most ${Math.max(...apart)} apart\n`,
    );
    expect(Math.max(...apart)).toBeLessThanOrEqual(1e-5);
    for (const [name, value] of Object.entries(whole.metrics))
      expect(run.metrics[name]).toBeCloseTo(value, 5);
  });
});
