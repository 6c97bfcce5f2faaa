import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { speechCepstra, mcdWarped } from '../../ml/metrics/melCepstralDistortion';
import { readWav } from '../../ml/audio/wav';
import { writeWav } from '../../ml/audio/wavWriter';
import { trainedMetadata } from '../../ml/trained/metadata';
import { inferenceRun } from '../../protocol/api/inference';
import {
  trainingSamplePictures,
  trainingSamples,
  trainingStart,
  trainingValidate,
} from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { spell, writeTonalSpeech } from '../fixtures/tones';
import { snippet } from '../../webviews/playground/snippet';
import { repository, startBackend, type Backend } from './backend';
import { until } from './trainingWorkspace';

let workspace: string;
let backend: Backend;
let run: Run;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-voice-'));
  await writeTonalSpeech(path.join(workspace, 'tones'), 80);
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

const small = { encoderChannels: 32, encoderConvolutions: 2, decoderChannels: 48, decoderConvolutions: 2 };
const config = (data: object = {}, model: object = {}) => ({
  basePath: workspace,
  config: {
    task: 'text-to-speech',
    name: 'Tones',
    data: { path: 'tones', validation: 0.1, ...data },
    model: { ...small, reading: 'characters', sampleRate: 8000, mels: 32, dropout: 0, ...model },
    training: {
      ...{ epochs: 14, batchSize: 4, seed: 5, clipNorm: 5 },
      optimizer: { type: 'adam', learningRate: 0.006 },
      checkpoints: { monitor: 'val_mcd', keep: 1, everyEpochs: 7 },
    },
    output: 'models/tones',
  },
});

const speak = async (text: string, parameters: object = {}) => {
  const outputPath = path.join(workspace, 'said.wav');
  const answer = await backend.call(inferenceRun, {
    modelPath: run.outputPath ?? '',
    input: { text },
    parameters: { ...parameters },
    outputPath,
  });
  return { ...answer, sound: readWav(await readFile(outputPath)) };
};
/** Without the silence at the ends. */
const secondsOf = (samples: Float32Array, rate: number): number => {
  const loud = (x: number): boolean => Math.abs(x) > 0.03;
  return (samples.findLastIndex(loud) - samples.findIndex(loud)) / rate;
};

/** The frame that each sound begins with. */
const onsetsOf = (frames: readonly number[]): number[] => {
  let at = 0;
  return frames.map((own) => (at += own) - own);
};
/** Of the n-th letter in the text, gaps counted, from the first letter on. */
const placeOf = (text: string, n: number): number =>
  Array.from(text).flatMap((letter, place) => (letter === ' ' ? [] : [place]))[n] ?? 0;

it('is trained to speak what it has not heard before', async () => {
  const { id } = await backend.call(trainingStart, config());
  run = await until(backend, id, 'completed', 'failed');
  expect(run.error).toBeUndefined();
  process.stdout.write(`tones: ${run.engine ?? ''}, ${JSON.stringify(run.metrics)}\n`);
  expect(run.metrics['val_length_error']).toBeLessThan(0.08);
  const text = 'پاب ابپ باپا';
  const { sound, task, output } = await speak(text);
  expect(task).toBe('text-to-speech');
  expect(output.samplingRate).toBe(8000);
  const own = sound.channels[0] ?? new Float32Array();
  const truth = spell(text);
  expect(secondsOf(own, 8000) / secondsOf(truth, 8000)).toBeGreaterThan(0.85);
  expect(secondsOf(own, 8000) / secondsOf(truth, 8000)).toBeLessThan(1.15);
  const cepstra = (samples: Float32Array) => speechCepstra(samples, 8000, { floor: 1e-2 });
  const apart = (other: Float32Array): number => mcdWarped(cepstra(own), cepstra(other)).decibels;
  // It is the text itself that is spoken, and not another one.
  for (const other of ['بپا پبا اپبپ', 'پاب بپا باپا', 'اابپ ببپ پاب'])
    expect(apart(truth)).toBeLessThan(0.9 * apart(spell(other)));
}, 200_000);

it('has said the same sentences along its way, to be listened to', async () => {
  const { epochs } = await backend.call(trainingSamples, { id: run.id });
  expect(epochs.map(({ epoch }) => epoch)).toEqual([1, 7, 14]);
  const texts = epochs.map(({ items }) => items.map(({ input }) => input));
  expect(texts[0]).toHaveLength(5);
  expect(texts[2]).toEqual(texts[0]);
  for (const { items } of epochs)
    for (const { spokenPath = '', audioPath = '', predicted } of items) {
      const spoken = readWav(await readFile(spokenPath));
      expect(spoken.sampleRate).toBe(8000);
      expect(Math.abs((spoken.channels[0]?.length ?? 0) / 8000 - parseFloat(predicted))).toBeLessThan(0.1);
      expect(readWav(await readFile(audioPath)).sampleRate).toBe(8000);
    }
});

it('has drawn what it said beside the recordings, and finds the sounds where they are', async () => {
  const { epochs } = await backend.call(trainingSamples, { id: run.id });
  const { items } = await backend.call(trainingSamplePictures, { id: run.id, epoch: 14 });
  expect(items).toHaveLength(5);
  items.forEach(({ secondsPerColumn, recorded, spoken, alignment, topHertz }, i) => {
    const { input = '', truth = '', predicted = '' } = epochs[2]?.items[i] ?? {};
    expect(topHertz).toBe(4000);
    const pictures = [recorded, spoken, alignment.likelihood];
    for (const { columns, rows, levels } of pictures)
      expect(Buffer.from(levels, 'base64')).toHaveLength(columns * rows);
    expect(recorded.columns * secondsPerColumn).toBeCloseTo(parseFloat(truth), 1);
    expect(spoken.columns * secondsPerColumn).toBeCloseTo(parseFloat(predicted), 1);
    // Ends and gaps beside the letters.
    expect(alignment.symbols.filter((symbol) => /[ابپ]/.test(symbol)).join('')).toBe(
      input.replaceAll(' ', ''),
    );
    const onsets = onsetsOf(alignment.frames).map((frame) => frame * secondsPerColumn);
    const letters = alignment.symbols.flatMap((symbol, n) => (/[ابپ]/.test(symbol) ? [onsets[n] ?? 0] : []));
    // Each letter takes 0.12 s, from the same place on in all recordings.
    const apart = letters.map((at, n) => at - (letters[0] ?? 0) - 0.12 * placeOf(input, n));
    expect(Math.max(...apart.map(Math.abs))).toBeLessThan(0.06);
  });
  expect((await backend.call(trainingSamplePictures, { id: run.id, epoch: 2 })).items).toEqual([]);
});

it('goes on from a voice that was trained before', async () => {
  const again = config({}, { from: 'models/tones' });
  const { config: given } = again;
  const training = { ...given.training, epochs: 1, checkpoints: { monitor: 'val_mcd' } };
  const { id } = await backend.call(trainingStart, {
    ...again,
    config: { ...given, training, output: 'models/again' },
  });
  const { metrics, error } = await until(backend, id, 'completed', 'failed');
  expect(error).toBeUndefined();
  // From nothing the first epoch comes nowhere near.
  expect(metrics['val_mcd']).toBeLessThan(1.5 * (run.metrics['val_mcd'] ?? 0) + 0.5);
});

it('speaks at the speed that is asked for, and the same for the same seed', async () => {
  const plain = await speak('پاب ابپ');
  const fast = await speak('پاب ابپ', { speakingRate: 2 });
  const ratio = (plain.timings.audioSeconds ?? 0) / (fast.timings.audioSeconds ?? 1);
  expect(ratio).toBeGreaterThan(1.7);
  expect(ratio).toBeLessThan(2.3);
  expect((await speak('پاب ابپ')).sound).toEqual(plain.sound);
  expect((await speak('پاب ابپ', { seed: 4 })).sound).not.toEqual(plain.sound);
});

it('speaks the same from the program that the playground shows, with tf.js alone', async () => {
  const folder = run.outputPath ?? '';
  const text = 'پاب ابپ';
  const metadata = trainedMetadata.parse(JSON.parse(await readFile(path.join(folder, 'goya.json'), 'utf8')));
  const input = { kind: 'voice', text, parameters: { speakingRate: 1.5, seed: 2 } } as const;
  // tf.js is found from where the program lies.
  const place = await mkdtemp(path.join(repository, 'node_modules', '.voice-'));
  try {
    await writeFile(path.join(place, 'run.mjs'), snippet({ platform: 'node', folder, metadata, input }));
    const { stdout } = await promisify(execFile)(process.execPath, ['run.mjs'], { cwd: place });
    const { sound } = await speak(text, input.parameters);
    const [own, theirs] = [
      readWav(await readFile(path.join(place, 'spoken.wav'))).channels[0],
      sound.channels[0],
    ];
    expect(stdout).toContain('"unspoken":[]');
    expect(own?.length).toBe(theirs?.length);
    const off = own?.reduce((most, sample, i) => Math.max(most, Math.abs(sample - (theirs?.[i] ?? 9))), 0);
    expect(off).toBeLessThan(0.05);
  } finally {
    await rm(place, { recursive: true, force: true });
  }
});

it('says which letters it does not know, and refuses a text of nothing else', async () => {
  const { output } = await speak('پاب 日 سابپ');
  expect(output.values).toEqual({ unspoken: ['日', 'س'] });
  for (const text of ['日', 'سس', '', '؟!', ' '])
    await expect(speak(text)).rejects.toMatchObject({ kind: 'inference.invalidInput' });
});

it('names what cannot be learnt before it begins', async () => {
  const wavs = path.join(workspace, 'tones', 'wavs');
  const wav = (sampleRate: number, samples: Float32Array) => writeWav({ sampleRate, channels: [samples] });
  await writeFile(path.join(wavs, 't4.wav'), wav(8000, new Float32Array(8000)));
  await writeFile(path.join(wavs, 't5.wav'), wav(4000, spell('اب')));
  await writeFile(path.join(wavs, 't6.wav'), wav(8000, spell('اب'.repeat(250))));
  const rows = [
    't0|اب',
    't1|',
    'gone|اب',
    `t2|${'اب'.repeat(200)}`,
    't3|؟!',
    't4|اب',
    't5|پا',
    't6|بپ',
    't7|ب',
    't8|پ',
  ];
  await writeFile(path.join(workspace, 'tones', 'metadata.csv'), rows.join('\n'));
  const { ok, problems } = await backend.call(trainingValidate, config());
  expect(ok).toBe(true);
  const said = problems.map(({ severity, message }) => `${severity}: ${message}`).join('\n');
  expect(said).toMatch(/t1 has no text.*line 2/);
  expect(said).toMatch(/gone.*does not exist.*line 3/);
  expect(said).toMatch(/t2 has more text than its sound can hold.*line 4/);
  expect(said).toMatch(/t3 has no letters in its text.*line 5/);
  expect(said).toMatch(/t4 is silent.*line 6/);
  expect(said).toMatch(/4000 Hz.*line 7/);
  expect(said).toMatch(/t6 lasts 60 s, longer.*line 8/);
  expect(said).toMatch(/warning: There are \d+ seconds of speech/);
  await writeFile(path.join(workspace, 'tones', 'metadata.csv'), 't0|اب');
  const wrong = await backend.call(
    trainingValidate,
    config({ pronouncer: 'tones', recogniser: 'tones/wavs' }),
  );
  expect(wrong.problems.map(({ path }) => path)).toEqual(
    expect.arrayContaining(['/data/pronouncer', '/data/recogniser']),
  );
  const alone = await backend.call(trainingValidate, config());
  expect(alone.ok).toBe(false);
  expect(alone.problems.map(({ message }) => message).join()).toMatch(/at least 4 are needed/);
});
