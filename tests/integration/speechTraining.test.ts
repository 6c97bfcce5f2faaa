import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inferenceRun } from '../../protocol/api/inference';
import { trainingCheckpoints, trainingStart, trainingValidate } from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { writeWhisper } from '../fixtures/listenerFolder';
import { spellWav, tonalTexts, writeTonalSpeech } from '../fixtures/tones';
import { startBackend, type Backend } from './backend';
import { until } from './trainingWorkspace';

const phonemes: Readonly<Record<string, string>> = { ا: 'ɒː', ب: 'b', پ: 'p' };
const wav2vec2 = path.join(import.meta.dirname, '..', 'goldens', 'data', 'wav2vec2_base');
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

it('keeps a word list with the model, and tells the error rate without it too', async () => {
  await writeFile(
    path.join(workspace, 'words.dic'),
    [...new Set(tonalTexts(120).join(' ').split(' '))].join('/ab\n'),
  );
  const asked = config({ words: 'words.dic' });
  const training = { ...asked.config.training, epochs: 2 };
  const { id } = await backend.call(trainingStart, {
    ...asked,
    config: { ...asked.config, training, output: 'models/words' },
  });
  const learnt = await until(backend, id, 'completed', 'failed');
  expect(learnt.error).toBeUndefined();
  const folder = learnt.outputPath ?? '';
  expect(await readFile(path.join(folder, 'words.txt'), 'utf8')).toMatch(/^ابا?\n/m);
  expect(await readFile(path.join(folder, 'report.json'), 'utf8')).toContain('without the word list');
  const audioPath = path.join(workspace, 'words.wav');
  await writeFile(audioPath, spellWav('اب پا'));
  const { output } = await backend.call(inferenceRun, { modelPath: folder, input: { audioPath } });
  expect(output.text).toMatch(/[ابپ]/);
  // A checkpoint is tried with the same priors.
  const { checkpoints } = await backend.call(trainingCheckpoints, { id });
  const modelPath = checkpoints[0]?.path ?? '';
  const tried = await backend.call(inferenceRun, { modelPath, input: { audioPath } });
  expect(tried.output.text).toMatch(/[ابپ]/);
  await writeFile(path.join(workspace, 'words.dic'), '12\n');
  const { problems } = await backend.call(trainingValidate, asked);
  expect(problems.map(({ path: at }) => at)).toContain('/data/words');
}, 100_000);

it('learns the phonemes of a lexicon, and answers in them', async () => {
  const lexicon = tonalTexts(120)
    .flatMap((text) => text.split(' '))
    .map((word) => `${word}\t${Array.from(word, (letter) => `ˈ${phonemes[letter] ?? ''}`).join(' ')}\n`);
  await writeFile(path.join(workspace, 'lexicon.tsv'), [...new Set(lexicon)].join(''));
  const asked = config({ lexicon: 'lexicon.tsv' });
  const model = { ...asked.config.model, units: 'phonemes' };
  const training = { ...asked.config.training, checkpoints: { monitor: 'val_per', keep: 1 } };
  const { id } = await backend.call(trainingStart, {
    ...asked,
    config: { ...asked.config, model, training, output: 'models/sounds' },
  });
  const learnt = await until(backend, id, 'completed', 'failed');
  expect(learnt.error).toBeUndefined();
  expect(learnt.metrics['val_per']).toBeLessThan(0.1);
  const audioPath = path.join(workspace, 'sounds.wav');
  await writeFile(audioPath, spellWav('اب پا'));
  const ask = { modelPath: learnt.outputPath ?? '', input: { audioPath } };
  const { output } = await backend.call(inferenceRun, ask);
  expect(output.text).toBe('ɒː b p ɒː');
  expect(output.values).toHaveLength(4);
}, 200_000);

it('reads a voice back while it is trained, in phonemes', async () => {
  const { id } = await backend.call(trainingStart, {
    basePath: workspace,
    config: {
      task: 'text-to-speech',
      name: 'Read back',
      data: { path: 'tones', validation: 0.1, lexicon: 'lexicon.tsv', recogniser: 'models/sounds' },
      model: {
        ...{ encoderChannels: 16, encoderConvolutions: 1, decoderChannels: 16, decoderConvolutions: 1 },
        ...{ sampleRate: 8000, mels: 24, dropout: 0 },
      },
      training: { epochs: 1, batchSize: 12, seed: 5 },
      output: 'models/read-back',
    },
  });
  const learnt = await until(backend, id, 'completed', 'failed');
  expect(learnt.error).toBeUndefined();
  // After one epoch it is hardly understood, and the recordings are.
  expect(learnt.metrics['val_per']).toBeGreaterThan(0.2);
  const report = await readFile(path.join(learnt.outputPath ?? '', 'report.json'), 'utf8');
  const ofRecordings = /"of":\s*"recordings",\s*"count":\s*\d+,\s*"PER":\s*([\d.e-]+)/.exec(report)?.[1];
  expect(Number(ofRecordings)).toBeLessThan(0.2);
}, 100_000);

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

/** Random weights: what their encoders hear still tells one tone from another. */
describe.each([
  ['Wav2Vec2', (folder: string) => cp(wav2vec2, folder, { recursive: true })],
  ['Whisper', writeWhisper],
] as const)('on the frozen encoder of %s', (name, write) => {
  const encoder = path.join('models', 'acme', name);
  const learn = async (output: string): Promise<Run> => {
    const asked = config();
    const model = { encoder, channels: 48, convolutions: 2, kernelSize: 5, dropout: 0 };
    const { id } = await backend.call(trainingStart, {
      ...asked,
      config: { ...asked.config, model, output: path.join('models', output) },
    });
    return until(backend, id, 'completed', 'failed');
  };
  let learnt: Run;

  it('learns to write', async () => {
    await write(path.join(workspace, encoder));
    await writeTonalSpeech(path.join(workspace, 'tones'), 120);
    learnt = await learn(`on-${name}`);
    expect(learnt.error).toBeUndefined();
    process.stdout.write(`tones on ${name}: ${JSON.stringify(learnt.metrics)}\n`);
    expect(learnt.metrics['val_cer']).toBeLessThan(0.2);
  }, 200_000);

  it('writes with it, and says so when it is not there', async () => {
    const audioPath = path.join(workspace, 'new.wav');
    await writeFile(audioPath, spellWav('اب پاب بپ'));
    const ask = { modelPath: learnt.outputPath ?? '', input: { audioPath } };
    const { output } = await backend.call(inferenceRun, ask);
    expect(output.text).toMatch(/[ابپ]/);
    await rename(path.join(workspace, encoder), path.join(workspace, 'gone'));
    // The backend that has it in memory may go on with it; one that begins may not.
    const other = await startBackend({ workspacePath: workspace });
    await expect(other.call(inferenceRun, ask)).rejects.toThrow(
      /hears with the downloaded model in .*it is not there/,
    );
    await other.dispose();
    const { ok, problems } = await backend.call(trainingValidate, {
      ...config(),
      config: { ...config().config, model: { encoder: 'tones' } },
    });
    expect(ok).toBe(false);
    expect(problems.map(({ message }) => message).join()).toMatch(/tones is no folder of a Wav2Vec2/);
    await rename(path.join(workspace, 'gone'), path.join(workspace, encoder));
  });
});
