/** A voice whose waveform a downloaded HiFi-GAN makes, through the built backend. The HiFi-GAN is tiny and makes noise. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readWav } from '../../ml/audio/wav';
import { trainedMetadata } from '../../ml/trained/metadata';
import { inferenceRun } from '../../protocol/api/inference';
import {
  trainingCheckpoints,
  trainingSamples,
  trainingStart,
  trainingValidate,
} from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { tinyExtractor, tinyHifigan, writeHifigan } from '../fixtures/hifiganFolder';
import { writeTonalSpeech } from '../fixtures/tones';
import { snippet } from '../../webviews/playground/snippet';
import { repository, startBackend, type Backend } from './backend';
import { until } from './trainingWorkspace';

let workspace: string;
let backend: Backend;
let run: Run;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-vocoder-'));
  await writeTonalSpeech(path.join(workspace, 'tones'), 24);
  await writeHifigan(path.join(workspace, 'hifigan'));
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const small = { encoderChannels: 32, encoderConvolutions: 1, decoderChannels: 32, decoderConvolutions: 1 };
const config = (model: object = {}) => ({
  basePath: workspace,
  config: {
    task: 'text-to-speech',
    name: 'Tones',
    data: { path: 'tones', validation: 0.25 },
    model: { ...small, reading: 'characters', vocoder: 'hifigan', ...model },
    training: {
      epochs: 2,
      batchSize: 8,
      seed: 5,
      checkpoints: { monitor: 'val_mcd', keep: 2, everyEpochs: 1 },
    },
    output: 'models/tones',
  },
});

const text = 'پاب ابپ';
const parameters = { speakingRate: 1.5, seed: 2 };
const speak = async (modelPath: string): Promise<Float32Array> => {
  const outputPath = path.join(workspace, 'said.wav');
  await backend.call(inferenceRun, { modelPath, input: { text }, parameters, outputPath });
  const { sampleRate, channels } = readWav(await readFile(outputPath));
  expect(sampleRate).toBe(8000);
  return channels[0] ?? new Float32Array();
};
const apart = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (b[i] ?? 9))), 0);

it('is trained on the spectra that the HiFi-GAN takes, and speaks with it at every checkpoint', async () => {
  const { problems } = await backend.call(trainingValidate, config());
  expect(problems.filter(({ path: at }) => at.startsWith('/model'))).toEqual([]);
  const { id } = await backend.call(trainingStart, config());
  run = await until(backend, id, 'completed', 'failed');
  expect(run.error).toBeUndefined();
  const form = { sampleRate: 8000, nFft: 256, hop: 64, mels: 32, fMin: 80, fMax: 3800, vocoder: true };
  const folder = run.outputPath ?? '';
  const { preprocessing } = JSON.parse(await readFile(path.join(folder, 'goya.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  expect(preprocessing).toMatchObject({ kind: 'voice', ...form });
  const { epochs } = await backend.call(trainingSamples, { id });
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
  for (const { items } of epochs)
    for (const { spokenPath = '', predicted } of items) {
      const { sampleRate, channels } = readWav(await readFile(spokenPath));
      expect(sampleRate).toBe(8000);
      // Whole frames, and no more of them than were foretold.
      expect((channels[0]?.length ?? 1) % 64).toBe(0);
      expect(Math.abs((channels[0]?.length ?? 0) / 8000 - parseFloat(predicted))).toBeLessThan(0.01);
    }
});

it('speaks from its own folder alone, the same as its checkpoint and as plain JavaScript', async () => {
  const folder = run.outputPath ?? '';
  await rm(path.join(workspace, 'hifigan'), { recursive: true });
  const own = await speak(folder);
  expect(own.length % 64).toBe(0);
  expect(own.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeGreaterThan(0.01);
  const { checkpoints } = await backend.call(trainingCheckpoints, { id: run.id });
  const best = checkpoints.find((one) => one.best);
  expect(apart(own, await speak(best?.path ?? ''))).toBe(0);
  const metadata = trainedMetadata.parse(JSON.parse(await readFile(path.join(folder, 'goya.json'), 'utf8')));
  const input = { kind: 'voice', text, parameters } as const;
  // tf.js is found from where the program lies.
  const place = await mkdtemp(path.join(repository, 'node_modules', '.vocoder-'));
  try {
    await writeFile(path.join(place, 'run.mjs'), snippet({ platform: 'node', folder, metadata, input }));
    await promisify(execFile)(process.execPath, ['run.mjs'], { cwd: place });
    const [theirs] = readWav(await readFile(path.join(place, 'spoken.wav'))).channels;
    expect(theirs?.length).toBe(own.length);
    expect(apart(own, theirs ?? own.map(() => 9))).toBeLessThan(0.01);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
  // Its copy is needed, and named when it is damaged.
  await truncate(path.join(folder, 'vocoder', 'model.safetensors'), 200);
  await utimes(path.join(folder, 'model.json'), new Date(), new Date());
  await expect(speak(folder)).rejects.toMatchObject({ kind: 'model.corrupt' });
});

it('names what is no HiFi-GAN, and one whose spectra cannot be made, at the field', async () => {
  const put = (name: string, own: object, extractor: object | null = tinyExtractor) =>
    writeHifigan(path.join(workspace, name), { ...tinyHifigan, ...own }, extractor);
  await put('vits', { model_type: 'vits' });
  await put('wide', {}, null);
  await put('other', {}, { ...tinyExtractor, hop_length: 10 });
  await put('hamming', {}, { ...tinyExtractor, win_function: 'hamming_window' });
  await put('good', {});
  const wanted = {
    tones: /no folder of a HiFi-GAN/,
    'tones/metadata.csv': /no folder of a HiFi-GAN/,
    vits: /no folder of a HiFi-GAN/,
    wide: /highest band ends at 7600 Hz/,
    other: /do not agree on hop_length/,
    hamming: /hamming_window; hann_window alone/,
    nowhere: /no folder of a HiFi-GAN/,
  };
  for (const [vocoder, message] of Object.entries(wanted)) {
    const { ok, problems } = await backend.call(trainingValidate, config({ vocoder }));
    expect(ok, vocoder).toBe(false);
    const [found] = problems.filter(({ path: at }) => at === '/model/vocoder');
    expect(found, vocoder).toMatchObject({ severity: 'error' });
    expect(found?.message).toMatch(message);
  }
  const { problems } = await backend.call(
    trainingValidate,
    config({ vocoder: 'good', mels: 40, sampleRate: 8000 }),
  );
  const about = problems.filter(({ path: at }) => at.startsWith('/model'));
  expect(about).toMatchObject([{ severity: 'warning', path: '/model/mels' }]);
  expect(about[0]?.fixes).toEqual([{ kind: 'set', path: '/model/mels', value: 32 }]);
});

it('fails before its first step when the weights are not those of the config', async () => {
  await writeHifigan(path.join(workspace, 'wrong'));
  const wrong = { ...tinyHifigan, upsample_initial_channel: 16 };
  await writeFile(path.join(workspace, 'wrong', 'config.json'), JSON.stringify(wrong));
  const { config: given } = config({ vocoder: 'wrong' });
  const { id } = await backend.call(trainingStart, {
    basePath: workspace,
    config: { ...given, output: 'models/wrong' },
  });
  const { error } = await until(backend, id, 'completed', 'failed');
  expect(error?.kind).toBe('training.invalidData');
  expect(error?.message).toMatch(/HiFi-GAN in wrong cannot be read: .*conv_pre/);
});
