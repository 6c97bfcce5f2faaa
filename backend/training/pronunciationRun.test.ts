import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { phonemizeText } from '../../ml/g2p/phonemize';
import { loadTrained } from '../../ml/trained/load';
import task from '../plugins/grapheme-to-phoneme/index';
import { loadEngine } from './engines/load';
import { Reporter } from './reporter';
import { runTraining } from './runTraining';
import { readSamples } from './samples';
import { pointsOf, type FromTrainer, type StartMessage } from './trainerProtocol';

// The runtime is made by the build; the integration tests load a real one.
vi.mock('../sdk/runtimeFile', () => ({ runtimeFile: () => 'export {};\n' }));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-lexicon-'));
  await writeFile(path.join(folder, 'words.tsv'), toyLexicon());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Words of a made-up language: each consonant is one phoneme, `e` after one makes it long, a final `h` is silent. */
function toyLexicon(): string {
  const consonants = ['b', 'd', 'f', 'g', 'k', 'm', 'n', 'p'];
  const rows = Array.from({ length: 96 }, (_, i) => {
    const picked = [i % 8, (i * 3 + 1) % 8, Math.floor(i / 8) % 8].map((at) => consonants[at] ?? 'b');
    const long = i % 3 === 0;
    const letters = [
      picked[0],
      'a',
      picked[1],
      ...(long ? ['e'] : []),
      picked[2],
      'a',
      ...(i % 2 === 0 ? ['h'] : []),
    ];
    const phonemes = [picked[0], 'a', `${picked[1] ?? ''}${long ? 'ː' : ''}`, picked[2], 'a'];
    return `${letters.join('')}\t${phonemes.join(' ')}`;
  });
  return [...new Set(rows)].join('\n');
}

interface Asked {
  readonly name: string;
  readonly epochs: number;
  readonly engine?: StartMessage['engine'];
  readonly resume?: boolean;
  readonly stopAfter?: number;
  readonly training?: object;
  readonly members?: number;
}

async function train(asked: Asked): Promise<FromTrainer[]> {
  const stop = new AbortController();
  const messages: FromTrainer[] = [];
  const reporter = new Reporter((message) => {
    messages.push(message);
    if (message.type === 'checkpoint' && message.epoch === asked.stopAfter) stop.abort(new Error('stopped'));
  });
  await runTraining({
    message: {
      type: 'start',
      runId: asked.name,
      name: asked.name,
      config: {
        task: 'grapheme-to-phoneme',
        data: {
          path: 'words.tsv',
          validation: 0.15,
          withheld: 0.1,
          stems: { letters: 3 },
          augmentation: { swap: 0.3 },
        },
        model: {
          channels: 24,
          convolutions: 1,
          attention: 1,
          heads: 2,
          inner: 32,
          dropout: 0.1,
          members: asked.members ?? 1,
        },
        training: {
          epochs: asked.epochs,
          batchSize: 16,
          seed: 5,
          optimizer: { type: 'adamw', learningRate: 0.01 },
          clipNorm: 1,
          weightAverage: 0.9,
          ...asked.training,
        },
      },
      basePath: folder,
      outputPath: path.join(folder, asked.name, 'out'),
      checkpointsPath: path.join(folder, asked.name, 'checkpoints'),
      task: { id: 'grapheme-to-phoneme', entry: '' },
      engine: asked.engine ?? 'cpu',
      storagePath: folder,
      resume: asked.resume ?? false,
    },
    task,
    startEngine: (choice) => loadEngine(choice, { storagePath: folder }),
    reporter,
    signal: stop.signal,
  });
  return messages;
}

/** Each epoch's metrics. */
function epochs(messages: readonly FromTrainer[]): Map<string, number> {
  const points = messages.flatMap((message) =>
    message.type === 'progress' ? pointsOf(message.records) : [],
  );
  return new Map(points.map((point) => [`${point.name} ${point.epoch} ${point.step}`, point.value]));
}

describe('learning to pronounce', () => {
  it('works on WebAssembly, and leaves a model that reads words', { timeout: 180_000 }, async () => {
    const messages = await train({ name: 'wasm', epochs: 40, engine: 'wasm' });
    const end = messages.at(-1);
    expect(end).toMatchObject({ type: 'ended', state: 'completed', epoch: 40 });
    const metrics = end?.type === 'ended' ? end.metrics : {};
    expect(Object.keys(metrics).sort()).toEqual(
      ['loss', 'per', 'val_loss', 'val_per', 'val_stem_per', 'val_stem_wer', 'val_wer', 'wer'].sort(),
    );
    expect(metrics['val_per']).toBeLessThan(0.1);
    const out = path.join(folder, 'wasm', 'out');
    expect(await readdir(out)).toEqual(expect.arrayContaining(['model.json', 'weights.bin', 'runtime.mjs']));
    const trained = await loadTrained({
      read: (name) => readFile(path.join(out, name)).catch(() => undefined),
    });
    const lexicon = toyLexicon()
      .split('\n')
      .slice(0, 30)
      .map((row) => row.split('\t'));
    const words = await phonemizeText(trained, `${lexicon.map(([word]) => word).join(', ')}! 12`);
    expect(words.at(-1)).toEqual({ word: '12', phonemes: [], unknown: ['1', '2'] });
    const right = lexicon.filter(([, phonemes], i) => words[i]?.phonemes.join(' ') === phonemes);
    expect(right.length).toBeGreaterThan(19);
    trained.model.dispose();
    const samples = await readSamples(path.join(folder, 'wasm', 'checkpoints'));
    expect(samples).toHaveLength(40);
    expect(samples.at(-1)?.items.map(({ input }) => input)).toEqual(
      samples[0]?.items.map(({ input }) => input),
    );
    expect(samples.at(-1)?.items[0]?.truth).toMatch(/^[bdfgkmnp] a .* a$/);
    expect(samples.at(-1)?.items.some(({ truth, predicted }) => truth === predicted)).toBe(true);
    const report = JSON.parse(await readFile(path.join(out, 'metrics.json'), 'utf8')) as {
      report: { confusion: number[][]; labels: string[]; stems: number; withheld: { words: number } };
    };
    expect(report.report.withheld.words).toBeGreaterThan(4);
    expect(await readFile(path.join(out, 'README.md'), 'utf8')).toMatch(
      /\| withheld \| this model \| \d+ \|/,
    );
    expect(report.report.confusion).toHaveLength(report.report.labels.length);
    expect(report.report.stems).toBeGreaterThanOrEqual(1);
  });

  it('goes on along the same curve, averaged weights and all', { timeout: 180_000 }, async () => {
    // A process has one run: here the first would load modules that draw random numbers as they start.
    await train({ name: 'first', epochs: 1 });
    const whole = epochs(await train({ name: 'whole', epochs: 4, members: 2 }));
    const first = await train({ name: 'halves', epochs: 4, members: 2, stopAfter: 2 });
    expect(first.at(-1)).toMatchObject({ type: 'ended', state: 'stopped', epoch: 2 });
    const rest = epochs(await train({ name: 'halves', epochs: 4, members: 2, resume: true }));
    const lossOf = (epoch: number) => [...whole].find(([key]) => key.startsWith(`loss ${epoch} `))?.[1];
    expect(lossOf(4)).toBeLessThan(lossOf(1) ?? 0);
    expect(rest.has([...whole.keys()].find((key) => key.startsWith('val_loss 4')) ?? '')).toBe(true);
    for (const [key, value] of rest) {
      expect(Math.abs(value - (whole.get(key) ?? NaN)), key).toBeLessThan(1e-5);
    }
  });

  it('measures the mean of the weights, not the weights', { timeout: 120_000 }, async () => {
    const [averaged, plain] = [
      epochs(await train({ name: 'averaged', epochs: 2 })),
      epochs(await train({ name: 'plain', epochs: 2, training: { weightAverage: undefined } })),
    ];
    const loss = (of: Map<string, number>, name: string) =>
      [...of].filter(([key]) => key.startsWith(`${name} `)).map(([, value]) => value);
    expect(loss(averaged, 'loss')).toEqual(loss(plain, 'loss'));
    expect(loss(averaged, 'val_loss')).not.toEqual(loss(plain, 'val_loss'));
  });

  it('holds no more tensors after a run than before', { timeout: 120_000 }, async () => {
    await train({ name: 'warm', epochs: 1 });
    const before = tf.memory().numTensors;
    await train({ name: 'again', epochs: 2 });
    // The model itself is the process's to forget.
    expect(tf.memory().numTensors - before).toBeLessThan(60);
  });
});
