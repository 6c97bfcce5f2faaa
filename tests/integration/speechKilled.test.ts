/** A voice and a recogniser whose trainer is killed go on along the curve of one that was not. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { trainingCheckpoints, trainingGet, trainingResume, trainingStart } from '../../protocol/api/training';
import { eventually } from '../fixtures/eventually';
import { writeTonalSpeech } from '../fixtures/tones';
import { startBackend, type Backend } from './backend';
import { pointsOf, trainerOf, until } from './trainingWorkspace';

let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-speech-killed-'));
  await writeTonalSpeech(path.join(workspace, 'tones'), 40);
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const tasks = {
  'text-to-speech': {
    ...{ encoderChannels: 16, encoderConvolutions: 1, decoderChannels: 16, decoderConvolutions: 1 },
    ...{ reading: 'characters', sampleRate: 8000, mels: 24, dropout: 0.2 },
  },
  'speech-recognition': {
    channels: 32,
    convolutions: 1,
    kernelSize: 5,
    sampleRate: 8000,
    mels: 24,
    dropout: 0.2,
  },
};
const config = (task: keyof typeof tasks, output: string) => ({
  basePath: workspace,
  config: {
    ...{ task, name: output, model: tasks[task], output: `models/${task}-${output}` },
    data: { path: 'tones', validation: 0.1 },
    training: {
      ...{ epochs: task === 'text-to-speech' ? 4 : 8, batchSize: 4, seed: 5, clipNorm: 5 },
      checkpoints: { everyEpochs: 1, keep: 2 },
    },
  },
});

const curveOf = async (id: string): Promise<Map<string, number>> => {
  const names = ['batch_loss', 'val_loss'];
  const all = await Promise.all(names.map((name) => pointsOf(backend, id, name)));
  const points = all.flatMap((own, i) =>
    own.map(({ step, value }) => [`${names[i] ?? ''} ${step}`, value] as const),
  );
  // One curve: no step twice.
  expect(new Set(points.map(([at]) => at)).size).toBe(points.length);
  return new Map(points);
};

/** Rejects where none runs. */
const trainer = (): Promise<number> => trainerOf(backend.child.pid ?? 0);

if (process.platform !== 'linux')
  process.stderr.write('Only Linux tells which process trains: the tests that kill it are left out.\n');

it.skipIf(process.platform !== 'linux').each(Object.keys(tasks) as (keyof typeof tasks)[])(
  '%s goes on along the same curve after kill -9',
  async (task) => {
    const whole = await backend.call(trainingStart, config(task, 'whole'));
    const finished = await until(backend, whole.id, 'completed', 'failed');
    expect(finished.error).toBeUndefined();
    await eventually(() =>
      trainer().then(
        () => false,
        () => true,
      ),
    );
    const wanted = await curveOf(whole.id);
    const { id } = await backend.call(trainingStart, config(task, 'killed'));
    const begun = async () => (await backend.call(trainingCheckpoints, { id })).checkpoints.length > 0;
    await eventually(begun, { timeoutMs: 60_000, everyMs: 20 });
    process.kill(await trainer(), 'SIGKILL');
    const { step } = await until(backend, id, 'interrupted', 'completed');
    expect((await backend.call(trainingGet, { id })).state).toBe('interrupted');
    expect(step).toBeLessThan(finished.step);
    await backend.call(trainingResume, { id });
    expect((await until(backend, id, 'completed', 'failed')).error).toBeUndefined();
    const got = await curveOf(id);
    expect([...got.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [at, value] of wanted)
      expect(Math.abs((got.get(at) ?? NaN) - value), at).toBeLessThan(1e-5 * Math.abs(value));
  },
  100_000,
);
