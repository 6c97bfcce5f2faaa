import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTrained } from '../../../ml/trained/load';
import { classifyTexts } from '../../../ml/trained/text';
import { loadEngine } from '../../training/engines/load';
import { Reporter } from '../../training/reporter';
import { runTraining } from '../../training/runTraining';
import { pointsOf, type FromTrainer, type StartMessage } from '../../training/trainerProtocol';
import task from './index';

// A trainer's process imports once; here the second run would find the draws of the first one's imports missing.
beforeAll(async () => {
  await task.load();
  for (const engine of ['wasm', 'cpu'] as const) await loadEngine(engine, { storagePath: os.tmpdir() });
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-text-run-'));
  await writeFile(path.join(folder, 'names.tsv'), names());
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

/** Made-up names: the ending tells, wherever the rest comes from. */
function names(): string {
  const stems = [
    'پر',
    'نگ',
    'شه',
    'مه',
    'دل',
    'گل',
    'بهر',
    'سین',
    'رو',
    'آذ',
    'نس',
    'تو',
    'یا',
    'کام',
    'فر',
    'جم',
  ];
  const women = stems.flatMap((stem) => [`${stem}ینه\tزن`, `${stem} انه\tزن`]);
  const men = stems.flatMap((stem) => [`${stem}داد\tمرد`, `${stem}مراد\tمرد`]);
  return `text\tlabel\n${[...women, ...men].join('\n')}\n`;
}

interface Asked {
  readonly name?: string;
  readonly data?: object;
  readonly model?: object;
  readonly epochs?: number;
  readonly resume?: boolean;
  readonly engine?: StartMessage['engine'];
  readonly stopAfter?: number;
}

async function train(asked: Asked): Promise<FromTrainer[]> {
  const stop = new AbortController();
  const messages: FromTrainer[] = [];
  const name = asked.name ?? 'run';
  await runTraining({
    message: {
      type: 'start',
      runId: name,
      name,
      config: {
        task: 'text-classification',
        data: { path: 'names.tsv', typos: 0.2, validation: 0.25, ...asked.data },
        model: {
          embedding: 6,
          filters: 4,
          kernels: [2, 3],
          heads: 2,
          ngrams: { buckets: 64, longest: 3, size: 4 },
          ...asked.model,
        },
        training: {
          epochs: asked.epochs ?? 4,
          batchSize: 12,
          seed: 3,
          optimizer: { learningRate: 0.02 },
        },
      },
      basePath: folder,
      outputPath: path.join(folder, name, 'out'),
      checkpointsPath: path.join(folder, name, 'checkpoints'),
      task: { id: 'text-classification', entry: '' },
      engine: asked.engine ?? 'wasm',
      storagePath: folder,
      resume: asked.resume ?? false,
    },
    task,
    startEngine: (choice) => loadEngine(choice, { storagePath: folder }),
    reporter: new Reporter((message) => {
      messages.push(message);
      if (message.type === 'checkpoint' && message.epoch === asked.stopAfter)
        stop.abort(new Error('stopped'));
    }),
    signal: stop.signal,
  });
  return messages;
}

const points = (messages: FromTrainer[]) =>
  messages.flatMap((message) => (message.type === 'progress' ? pointsOf(message.records) : []));
const curve = (messages: FromTrainer[]): Map<string, number> =>
  new Map(points(messages).map((point) => [`${point.name} ${point.epoch} ${point.step}`, point.value]));

const open = (name = 'run') =>
  loadTrained({ read: (file) => readFile(path.join(folder, name, 'out', file)) });

describe('a run on names', () => {
  it('learns their endings, and leaves a model that says so of new ones', async () => {
    const messages = await train({ epochs: 14, engine: 'wasm' });
    expect(messages.at(-1)).toMatchObject({ type: 'ended', state: 'completed' });
    const last = points(messages)
      .filter(({ name }) => name === 'val_accuracy')
      .at(-1);
    expect(last?.value).toBeGreaterThanOrEqual(0.9);
    const trained = await open();
    const before = tf.memory().numTensors;
    const answers = await classifyTexts(trained, ['زرینه', 'خداداد', 'زر\u064Aنه']);
    expect(answers.map(([best]) => best?.label)).toEqual(['زن', 'مرد', 'زن']);
    expect(answers[2]).toEqual(answers[0]);
    expect(tf.memory().numTensors).toBe(before);
    trained.model.dispose();
    const metrics = JSON.parse(await readFile(path.join(folder, 'run', 'out', 'metrics.json'), 'utf8')) as {
      report: {
        mistakes: { label: string; predicted: string }[];
        perLabel: unknown[];
        confusion: number[][];
      };
    };
    const { mistakes, confusion, perLabel } = metrics.report;
    expect(perLabel).toHaveLength(2);
    const wrong = (confusion[0]?.[1] ?? NaN) + (confusion[1]?.[0] ?? NaN);
    expect(mistakes).toHaveLength(wrong);
    expect(mistakes.every(({ label, predicted }) => label !== predicted)).toBe(true);
  });

  it.each(['cpu', 'wasm'] as const)('resumes on %s as if it had never stopped', async (engine) => {
    const whole = curve(await train({ name: 'whole', engine }));
    const first = await train({ name: 'half', engine, stopAfter: 2 });
    expect(first.at(-1)).toMatchObject({ state: 'stopped', epoch: 2 });
    const second = await train({ name: 'half', engine, resume: true });
    const both = new Map([...curve(first), ...curve(second)]);
    expect(new Set(both.keys())).toEqual(new Set(whole.keys()));
    for (const [key, value] of both)
      expect(Math.abs(value - (whole.get(key) ?? NaN)), key).toBeLessThan(1e-5);
  });

  it('gives the same curve on wasm as on cpu', async () => {
    const same = {
      epochs: 1,
      model: { dropout: 0, embeddingDropout: 0, ngrams: { buckets: 128, dropout: 0 } },
    };
    const cpu = curve(await train({ ...same, name: 'cpu', engine: 'cpu' }));
    const wasm = curve(await train({ ...same, name: 'wasm', engine: 'wasm' }));
    expect(wasm.size).toBe(cpu.size);
    for (const [key, value] of wasm) expect(Math.abs(value - (cpu.get(key) ?? NaN)), key).toBeLessThan(1e-3);
  });

  it.each<[string, object, object]>([
    ['pieces of words', { unit: 'subword', vocabulary: 40 }, {}],
    ['n-grams alone', { kernels: [] }, {}],
    ['convolutions alone', { ngrams: { buckets: 0 }, hidden: 5 }, {}],
    ['the maximum alone', { heads: 0, kernels: [3] }, {}],
    ['embeddings alone', { kernels: [], ngrams: { buckets: 0 } }, {}],
    ['balanced weights', {}, { classWeights: 'balanced' }],
    ['weights of its own', {}, { classWeights: { زن: 3 } }],
    ['texts cut short', { length: 4 }, {}],
  ])('trains with %s', async (_what, model, data) => {
    const messages = await train({ epochs: 1, model, data });
    expect(messages.at(-1)).toMatchObject({ state: 'completed' });
    const trained = await open();
    const [scores = []] = await classifyTexts(trained, ['زرینه و \uD83D 🙂 phone']);
    expect(scores.reduce((sum, one) => sum + one.score, 0)).toBeCloseTo(1, 5);
    trained.model.dispose();
  });

  it('refuses what cannot be trained on, with its problems', async () => {
    await writeFile(path.join(folder, 'names.tsv'), 'text\tlabel\nا\tب\n');
    await expect(train({})).rejects.toMatchObject({ kind: 'training.invalidData' });
  });

  it.each([
    [[''], /empty/],
    [['سلام', '\u200F\u0640'], /Text 2 is empty/],
    [[], /no text/],
    [['ا'.repeat(1_000_001)], /1000001 characters/],
  ])('the model refuses %#', async (texts, message) => {
    await train({ epochs: 1, model: { kernels: [] } });
    const trained = await open();
    await expect(classifyTexts(trained, texts)).rejects.toThrow(message);
    trained.model.dispose();
  });
});
