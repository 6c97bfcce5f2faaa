/** What "New Training Config" writes for data as it lies there: valid for the backend, and trained as written. */
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { factsOf } from '../../extension/language/dataFacts';
import { guessTask } from '../../extension/language/guessTask';
import { newConfigText } from '../../extension/language/newConfigText';
import { datasetsInspect } from '../../protocol/api/datasets';
import { trainingStart, trainingTasks, trainingValidate } from '../../protocol/api/training';
import { spokenParquet } from '../fixtures/parquetFile';
import { spellWav, tonalTexts } from '../fixtures/tones';
import { repository, startBackend, type Backend } from './backend';
import { until } from './trainingWorkspace';

let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-new-'));
  const samples = path.join(repository, 'samples', 'workspace', 'data');
  await cp(path.join(samples, 'keywords'), path.join(workspace, 'data', 'keywords'), { recursive: true });
  await cp(path.join(samples, 'iris.csv'), path.join(workspace, 'data', 'iris.csv'));
  await mkdir(path.join(workspace, 'data'), { recursive: true });
  for (const [name, lines] of [
    ['names/dev.tsv', 400],
    ['lexicon/dev.tsv', 300],
  ] as const) {
    const rows = (await readFile(path.join(samples, name), 'utf8')).split('\n').slice(0, lines);
    await writeFile(path.join(workspace, 'data', name.replace('/dev', '')), `${rows.join('\n')}\n`);
  }
  const spoken = tonalTexts(24).map((text) => ({ sound: spellWav(text), text }));
  await mkdir(path.join(workspace, 'data', 'spoken'));
  await writeFile(path.join(workspace, 'data', 'spoken', 'train.parquet'), spokenParquet(spoken));
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

it.each([
  ['data/keywords', 'audio-classification'],
  ['data/names.tsv', 'text-classification'],
  ['data/lexicon.tsv', 'grapheme-to-phoneme'],
  ['data/iris.csv', 'tabular-classification'],
  ['data/spoken', 'speech-recognition'],
])(
  'makes of %s a config for %s that trains',
  async (data, expected) => {
    const report = await backend.call(datasetsInspect, { path: path.join(workspace, data) });
    const facts = factsOf(report);
    const guess = guessTask(facts);
    const { tasks } = await backend.call(trainingTasks, {});
    const task = tasks.find(({ id }) => id === guess?.task);
    if (guess === undefined || task === undefined) throw new Error(`no guess for ${data}`);
    expect(task.id).toBe(expected);
    const name = path.parse(data).name;
    const output = `models/trained/${name}`;
    const text = newConfigText({ task, name, dataPath: data, data: guess.data, facts, output });
    const configPath = path.join(workspace, `${name}.train.json`);
    // Two epochs tell that it trains; how well is for the tasks' own tests.
    await writeFile(configPath, text.replace(/"epochs": \d+/, '"epochs": 2'));
    const { ok, problems } = await backend.call(trainingValidate, { configPath });
    expect(ok, JSON.stringify(problems)).toBe(true);
    const { id } = await backend.call(trainingStart, { configPath });
    const run = await until(backend, id, 'completed', 'failed');
    expect(run, JSON.stringify(run.error)).toMatchObject({ state: 'completed', task: expected, name });
    expect(Number.isFinite(run.metrics['val_loss'])).toBe(true);
  },
  200_000,
);
