import { cp, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { inspectDataset } from '../../backend/datasets/inspect';
import audio from '../../backend/plugins/audio-classification/index';
import phonemes from '../../backend/plugins/grapheme-to-phoneme/index';
import table from '../../backend/plugins/tabular-classification/index';
import text from '../../backend/plugins/text-classification/index';
import type { TrainingTask } from '../../backend/sdk/trainingTask';
import { configSchema, jsonSchemaOf } from '../../backend/training/config/schema';
import { inspectConfig } from '../../backend/training/inspectConfig';
import { useLanguage } from '../text/translate';
import { commentedJson } from './commentedJson';
import { factsOf, type DataFacts } from './dataFacts';
import { guessTask, orderLabelColumns } from './guessTask';
import { newConfigText } from './newConfigText';
import { batchFor, sizesFor } from './trainingSizes';

const tasks = new Map<string, TrainingTask>(
  Object.entries({
    'audio-classification': audio,
    'grapheme-to-phoneme': phonemes,
    'tabular-classification': table,
    'text-classification': text,
  }),
);
const samples = path.resolve(import.meta.dirname, '../../samples/workspace');

let workspace: string;
beforeAll(async () => {
  workspace = await realpath(await mkdtemp(path.join(os.tmpdir(), 'goya-new-config-')));
  await cp(path.join(samples, 'data'), path.join(workspace, 'data'), { recursive: true });
});
afterAll(() => rm(workspace, { recursive: true, force: true, maxRetries: 5 }));
afterEach(() => useLanguage('en', {}));

async function look(data: string): Promise<DataFacts> {
  const { signal } = new AbortController();
  return factsOf((await inspectDataset(path.join(workspace, data), { signal })).report);
}

async function make(data: string): Promise<string> {
  const facts = await look(data);
  const guess = guessTask(facts);
  const task = guess === undefined ? undefined : tasks.get(guess.task);
  if (guess === undefined || task === undefined) throw new Error(`no guess for ${data}`);
  const { title, description } = task;
  const schema = { ...jsonSchemaOf(configSchema(guess.task, task)) };
  const info = { id: guess.task, title, description, schema };
  const output = `models/trained/${path.parse(data).name}`;
  return newConfigText({
    task: info,
    name: path.parse(data).name,
    dataPath: data,
    data: guess.data,
    facts,
    output,
  });
}

const cases: [string, string, RegExp][] = [
  ['data/keywords', 'audio-classification', /"sampleRate": 16000/],
  ['data/names/train.tsv', 'text-classification', /"text": "text",\n\s+\/\/.*\n\s+"label": "label"/],
  ['data/lexicon/dev.tsv', 'grapheme-to-phoneme', /"type": "adamw"/],
  ['data/iris.csv', 'tabular-classification', /"label": "species"/],
  ['data/digits.csv', 'tabular-classification', /"label": "digit"/],
];
it.each(cases)('makes of %s a config for %s without an error', async (data, task, expected) => {
  const file = path.join(workspace, `${path.parse(data).name}.train.json`);
  const made = await make(data);
  await writeFile(file, made);
  expect(made).toContain(`"task": "${task}"`);
  expect(made).toMatch(expected);
  const { config, problems } = await inspectConfig({ configPath: file }, { tasks, workspacePath: workspace });
  expect(
    problems.filter(({ path: at, severity }) => severity === 'error' || !at.startsWith('/data')),
  ).toEqual([]);
  expect(config?.task).toBe(task);
});

it('explains itself in Persian without marks that nobody sees', async () => {
  useLanguage('fa', { 'Chosen for this amount of data.': 'به اندازهٔ این داده.' });
  const made = await make('data/iris.csv');
  expect(made).toContain('// به اندازهٔ این داده.\n');
  expect(made).not.toMatch(/[\u2066-\u2069]/);
});

const facts = (more: Partial<DataFacts>): DataFacts => ({
  format: 'csv',
  items: 100,
  columns: [],
  labels: undefined,
  clipSeconds: undefined,
  lowestRate: undefined,
  ...more,
});
const words = (name: string, distinct?: number) => ({ name, kind: 'text' as const, missing: 0, distinct });
const numbers = (name: string, distinct?: number) => ({
  name,
  kind: 'numeric' as const,
  missing: 0,
  distinct,
});

describe('the guess', () => {
  it('leaves out what tells rows apart', () => {
    const columns = [numbers('id', 100), words('street', 90), numbers('rooms', 5), words('kind', 3)];
    expect(guessTask(facts({ columns }))).toEqual({
      task: 'tabular-classification',
      data: { label: 'kind', ignore: ['id', 'street'] },
    });
  });

  it('reads texts of other names, Persian ones too', () => {
    expect(guessTask(facts({ columns: [words('نظر'), words('احساس', 2)] }))).toEqual({
      task: 'text-classification',
      data: { text: 'نظر', label: 'احساس' },
    });
    expect(guessTask(facts({ columns: [words('q'), words('a', 4)] }))?.task).toBe('text-classification');
  });

  it('takes a table of clips for sound', () => {
    const columns = [words('file', 100), words('label', 5)];
    expect(guessTask(facts({ columns, clipSeconds: 1 }))).toEqual({
      task: 'audio-classification',
      data: { audio: 'file', label: 'label' },
    });
  });

  it('takes sound in Parquet for speech, and nothing else there', () => {
    expect(guessTask(facts({ format: 'parquet', clipSeconds: 3 }))?.task).toBe('speech-recognition');
    expect(guessTask(facts({ format: 'parquet' }))).toBeUndefined();
  });

  it('guesses nothing where there is nothing to learn', () => {
    expect(guessTask(facts({}))).toBeUndefined();
    expect(guessTask(facts({ columns: [numbers('a', 100)] }))).toBeUndefined();
    expect(guessTask(facts({ items: 0, columns: [words('a', 0), words('label', 0)] }))).toBeUndefined();
    expect(guessTask(facts({ columns: [words('same', 1)] }))).toBeUndefined();
  });

  it('orders columns by how often they are labels', () => {
    expect(orderLabelColumns(['id', 'Species', 'width'])[0]).toBe('Species');
    expect(orderLabelColumns(['a', 'b', 'c'])).toEqual(['c', 'b', 'a']);
  });

  it('takes a report as it comes', () => {
    const report = {
      format: 'csv' as const,
      items: 3,
      problems: [],
      stats: { columns: 'none', seconds: 'x' },
    };
    expect(factsOf(report)).toMatchObject({ columns: [], clipSeconds: undefined, lowestRate: undefined });
  });
});

describe('sizes', () => {
  it('keep several steps in an epoch', () => {
    expect([0, 1, 8, 150, 1797, 50_000].map(batchFor)).toEqual([1, 1, 2, 8, 64, 64]);
  });

  it('give much data fewer epochs', () => {
    const epochs = (items: number) => sizesFor('tabular-classification', facts({ items })).training['epochs'];
    expect([epochs(150), epochs(50_000)]).toEqual([60, 5]);
  });

  it('follow the clips', () => {
    expect(sizesFor('audio-classification', facts({ clipSeconds: 2.31, lowestRate: 8000 })).model).toEqual({
      seconds: 2.4,
      sampleRate: 8000,
    });
  });
});

it('writes small things on one line and explained ones on their own', () => {
  const made = commentedJson(
    { a: { b: 1, c: [1, 'x'] }, d: {}, e: { f: { g: null } } },
    { '': 'Top', 'e.f': 'Why' },
  );
  expect(made).toBe(
    '{\n  // Top\n  "a": { "b": 1, "c": [1, "x"] },\n  "d": {},\n  "e": {\n    // Why\n    "f": { "g": null }\n  }\n}\n',
  );
});
