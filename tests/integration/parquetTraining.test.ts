/** A voice and a recogniser trained straight from Parquet as the hub ships it, through the built backend. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWav } from '../../ml/audio/wav';
import { writeWav } from '../../ml/audio/wavWriter';
import { trainingSamples, trainingStart, trainingValidate } from '../../protocol/api/training';
import { parquetOf, spokenParquet, type SpokenRow } from '../fixtures/parquetFile';
import { spellWav, tonalTexts } from '../fixtures/tones';
import { startBackend, type Backend } from './backend';
import { until } from './trainingWorkspace';

const silence = writeWav({ sampleRate: 8000, channels: [new Float32Array(8000)] });
let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-parquet-training-'));
  const data = path.join(workspace, 'set', 'data');
  await mkdir(data, { recursive: true });
  const rows = tonalTexts(30).map((text, i): SpokenRow => ({
    ...{ sound: spellWav(text), text, speaker: i % 3 === 0 ? 'ben' : 'anna' },
  }));
  const more = [
    { sound: silence, text: 'اب', speaker: 'anna' },
    { sound: new Uint8Array(), text: 'اب', speaker: 'anna' },
    { sound: spellWav('اب'), text: '', speaker: 'anna' },
  ];
  const put = (name: string, content: Uint8Array) => writeFile(path.join(data, name), content);
  await put('train-00000-of-00002.parquet', spokenParquet(rows.slice(0, 20), 'a'));
  await put('train-00001-of-00002.parquet', spokenParquet([...rows.slice(20), ...more], 'b'));
  await put('test-00000-of-00001.parquet', spokenParquet(rows.slice(0, 5), 'c'));
  await writeFile(
    path.join(workspace, 'wordless.parquet'),
    parquetOf([{ name: 'audio', values: [silence] }]),
  );
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const tasks = {
  'text-to-speech': {
    ...{ encoderChannels: 32, encoderConvolutions: 1, decoderChannels: 32, decoderConvolutions: 1 },
    ...{ reading: 'characters', sampleRate: 8000, mels: 32 },
  },
  'speech-recognition': { channels: 32, convolutions: 1, kernelSize: 5, sampleRate: 8000, mels: 24 },
};
type Task = keyof typeof tasks;
const config = (task: Task, data: object = {}) => ({
  basePath: workspace,
  config: {
    ...{ task, name: task, model: tasks[task], output: `models/${task}` },
    data: { path: 'set', validation: 0.25, ...data },
    training: { epochs: 1, batchSize: 6, seed: 5 },
  },
});
const about = async (task: Task, data: object = {}) => {
  const { ok, problems } = await backend.call(trainingValidate, config(task, data));
  return {
    ok,
    problems,
    said: problems.map(({ severity, message }) => `${severity}: ${message}`).join('\n'),
  };
};

it.each(Object.keys(tasks) as Task[])('trains %s on one speaker of it', async (task) => {
  const { ok, said } = await about(task, { speaker: 'anna' });
  expect(ok).toBe(true);
  expect(said).toMatch(/warning: Of the splits of set only train is read, without test/);
  expect(said).toMatch(/b-11\.wav:.*Left out: line 32/);
  expect(said).toMatch(/b-12\.wav has no text.*line 33/);
  if (task === 'text-to-speech') expect(said).toMatch(/b-10\.wav is silent.*line 31/);
  const { id } = await backend.call(trainingStart, config(task, { speaker: 'anna' }));
  const run = await until(backend, id, 'completed', 'failed');
  expect(run.error).toBeUndefined();
  expect(Object.values(run.metrics).every(Number.isFinite)).toBe(true);
  // Its recordings can be played.
  const { epochs } = await backend.call(trainingSamples, { id });
  const items = epochs[0]?.items ?? [];
  expect(items.length).toBeGreaterThan(2);
  for (const { audioPath = '' } of items) expect(readWav(await readFile(audioPath)).sampleRate).toBe(8000);
});

it('says what is missing in it', async () => {
  const several = await about('text-to-speech');
  const [choice] = several.problems.filter(({ code }) => code === 'data.speakers');
  expect(choice?.fixes?.map((fix) => 'value' in fix && fix.value)).toEqual(['anna', 'ben']);
  const nobody = await about('speech-recognition', { speaker: 'nobody' });
  expect(nobody.ok).toBe(false);
  expect(nobody.said).toMatch(/error: Nobody in the data is called "nobody". There are: anna/);
  for (const task of Object.keys(tasks) as Task[]) {
    const wordless = await about(task, { path: 'wordless.parquet' });
    expect(wordless.ok).toBe(false);
    expect(wordless.said).toMatch(/error: wordless\.parquet has no column of texts.*Its columns: audio/);
  }
  const one = await about('text-to-speech', { path: 'set/data/test-00000-of-00001.parquet', speaker: 'ben' });
  expect(one.said).toMatch(/There are 2 recordings with texts .* at least 4 are needed/);
});
