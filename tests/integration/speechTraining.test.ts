import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inferenceRun } from '../../protocol/api/inference';
import { trainingStart, trainingValidate } from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { spellWav, writeTonalSpeech } from '../fixtures/tones';
import { startBackend, type Backend } from './backend';
import { until } from './trainingWorkspace';

let workspace: string;
let backend: Backend;
let run: Run;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-speech-'));
  await writeTonalSpeech(path.join(workspace, 'tones'), 120);
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const config = (data: object = {}) => ({
  basePath: workspace,
  config: {
    task: 'speech-recognition',
    name: 'Tones',
    data: { path: 'tones', validation: 0.1, augmentation: { speed: 0.05, masks: 0, noise: 0.2 }, ...data },
    model: { channels: 48, convolutions: 2, kernelSize: 5, sampleRate: 8000, mels: 24, dropout: 0 },
    training: {
      ...{ epochs: 12, batchSize: 12, seed: 5, clipNorm: 5 },
      optimizer: { type: 'adam', learningRate: 0.004 },
      checkpoints: { monitor: 'val_cer', keep: 1 },
    },
    output: 'models/tones',
  },
});

it('is trained to write down what it has not heard before', async () => {
  const { id } = await backend.call(trainingStart, config());
  run = await until(backend, id, 'completed', 'failed');
  expect(run.error).toBeUndefined();
  process.stdout.write(`tones: ${run.engine ?? ''}, ${JSON.stringify(run.metrics)}\n`);
  expect(run.metrics['val_cer']).toBeLessThan(0.1);
}, 200_000);

it('tells words and when they were said, in a long sound too', async () => {
  const audioPath = path.join(workspace, 'new.wav');
  const text = 'اب پاب بپ';
  await writeFile(audioPath, spellWav(Array.from({ length: 20 }, () => text).join(' ')));
  const { output, timings } = await backend.call(inferenceRun, {
    modelPath: run.outputPath ?? '',
    input: { audioPath },
  });
  const heard = (output.text ?? '').split(' ');
  const said = Array.from({ length: 20 }, () => text)
    .join(' ')
    .split(' ');
  const right = heard.filter((word) => said.includes(word)).length;
  expect(heard.length).toBeGreaterThan(50);
  expect(right / heard.length).toBeGreaterThan(0.85);
  const words = output.values as { start: number; end: number; text: string }[];
  expect(words).toHaveLength(heard.length);
  words.forEach(({ start, end }, i) => {
    expect(end).toBeGreaterThan(start);
    expect(start).toBeGreaterThanOrEqual(words[i - 1]?.end ?? 0);
  });
  expect(words.at(-1)?.end).toBeLessThanOrEqual((timings.audioSeconds ?? 0) + 0.1);
});

it('names what cannot be learnt before it begins', async () => {
  await writeFile(
    path.join(workspace, 'tones', 'metadata.csv'),
    ['t0|اب', 't1|', 'gone|اب', `t2|${'اب'.repeat(200)}`, 't3|؟!', 't4|اب', 't5|پا', 't6|بپ'].join('\n'),
  );
  const { ok, problems } = await backend.call(trainingValidate, config());
  expect(ok).toBe(true);
  const said = problems.map(({ severity, message }) => `${severity}: ${message}`).join('\n');
  expect(said).toMatch(/t1 has no text.*line 2/);
  expect(said).toMatch(/gone.*does not exist.*line 3/);
  expect(said).toMatch(/t2 has more text than its sound can hold.*line 4/);
  expect(said).toMatch(/t3 has no letters in its text.*line 5/);
  const none = await backend.call(trainingValidate, config({ path: 'models' }));
  expect(none.ok).toBe(false);
});
