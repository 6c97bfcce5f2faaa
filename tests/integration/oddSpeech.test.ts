/** Speech as it should not be, for both tasks of speech: named before training, or learnt from without a number that is none. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readWav } from '../../ml/audio/wav';
import { writeWav } from '../../ml/audio/wavWriter';
import { inferenceRun } from '../../protocol/api/inference';
import { trainingMetrics, trainingStart, trainingValidate } from '../../protocol/api/training';
import { spell, spellWav, tonalTexts } from '../fixtures/tones';
import { startBackend, type Backend } from './backend';
import { until } from './trainingWorkspace';

interface Clip {
  readonly text: string;
  readonly wav: Uint8Array | undefined;
}
const wav = (samples: Float32Array, sampleRate = 8000, channels = 1): Uint8Array =>
  writeWav({ sampleRate, channels: Array.from({ length: channels }, () => samples) });
const slower = (samples: Float32Array, times: number): Float32Array =>
  Float32Array.from({ length: samples.length * times }, (_, i) => samples[Math.floor(i / times)] ?? 0);
const steady = (seconds: number, value: number): Float32Array => new Float32Array(seconds * 8000).fill(value);
const plain = (count: number): Clip[] => tonalTexts(count).map((text) => ({ text, wav: spellWav(text) }));

let workspace: string;
let backend: Backend;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-odd-speech-'));
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

async function put(name: string, clips: readonly Clip[]): Promise<void> {
  const wavs = path.join(workspace, name, 'wavs');
  await mkdir(wavs, { recursive: true });
  for (const [i, clip] of clips.entries())
    if (clip.wav !== undefined) await writeFile(path.join(wavs, `c${i}.wav`), clip.wav);
  const lines = clips.map(({ text }, i) => `c${i}|${text}`);
  await writeFile(path.join(workspace, name, 'metadata.csv'), lines.join('\n'));
}

const tasks = {
  'text-to-speech': {
    ...{ encoderChannels: 16, encoderConvolutions: 1, decoderChannels: 16, decoderConvolutions: 1 },
    ...{ reading: 'characters', sampleRate: 8000, mels: 24 },
  },
  'speech-recognition': { channels: 16, convolutions: 1, kernelSize: 5, sampleRate: 8000, mels: 24 },
};

describe.each(Object.keys(tasks) as (keyof typeof tasks)[])('%s', (task) => {
  const config = (data: string) => ({
    basePath: workspace,
    config: {
      ...{ task, name: data, model: tasks[task], output: `models/${task}-${data}` },
      data: { path: data, validation: 0.2, longest: 60 },
      training: { epochs: 2, batchSize: 4, seed: 5, clipNorm: 5 },
    },
  });
  const said = async (data: string) => {
    const { ok, problems } = await backend.call(trainingValidate, config(data));
    return { ok, text: problems.map(({ severity, message }) => `${severity}: ${message}`).join('\n') };
  };

  it('learns from clips of every rate, length and loudness without a figure that is no number', async () => {
    // As many letters as 0.02 s frames: with the blanks between equal ones exactly what an alignment needs.
    const full = 'اب'.repeat(24);
    await put('odd', [
      ...plain(10),
      { text: 'اب پا', wav: wav(slower(spell('اب پا'), 6), 48_000, 2) },
      { text: 'بپ', wav: wav(spell('بپ'), 4000) },
      { text: 'پا اب', wav: wav(spell('اب'.repeat(248))) },
      { text: 'ابا', wav: wav(spell('ابا').map((x) => x * 1e-4)) },
      { text: 'بابا', wav: wav(spell('بابا').map((x) => Math.sign(x))) },
      { text: 'پاپا', wav: wav(steady(1, 0.5)) },
      { text: full, wav: wav(spell('اب'.repeat(3)).subarray(0, 48 * 160)) },
      { text: 'اب 🙂 ۱۲ x', wav: spellWav('اب پا') },
      { text: 'ب', wav: wav(spell('ب').subarray(0, 1700)) },
    ]);
    const { ok, text } = await said('odd');
    expect(ok, text).toBe(true);
    const { id } = await backend.call(trainingStart, config('odd'));
    const run = await until(backend, id, 'completed', 'failed');
    expect(run.error).toBeUndefined();
    const { points } = await backend.call(trainingMetrics, { id });
    expect(points.length).toBeGreaterThan(10);
    expect(points.filter(({ value }) => !Number.isFinite(value))).toEqual([]);
    const modelPath = run.outputPath ?? '';
    if (task === 'text-to-speech') {
      const outputPath = path.join(workspace, 'said.wav');
      const { output } = await backend.call(inferenceRun, {
        modelPath,
        input: { text: 'اب ژظ 🙂 日' },
        outputPath,
      });
      // None of them was in a text; an emoji is no letter.
      expect(output.values).toEqual({ unspoken: ['日', 'ژ', 'ظ'] });
      const [samples] = readWav(await readFile(outputPath)).channels;
      expect(samples?.every(Number.isFinite)).toBe(true);
    } else {
      for (const [name, sound] of Object.entries({ still: steady(2, 0), long: spell('اب'.repeat(250)) })) {
        const audioPath = path.join(workspace, `${name}.wav`);
        await writeFile(audioPath, wav(sound));
        const { output } = await backend.call(inferenceRun, { modelPath, input: { audioPath } });
        expect(typeof output.text).toBe('string');
      }
    }
  });

  it('names clips that are missing, silent, without text or too short for it, and goes on without them', async () => {
    await put('holes', [
      ...plain(8),
      { text: 'اب', wav: undefined },
      { text: '', wav: spellWav('اب') },
      { text: '؟! 🙂', wav: spellWav('اب') },
      { text: 'اب', wav: wav(steady(1, 0)) },
      { text: 'ابپ'.repeat(60), wav: spellWav('اب') },
      { text: 'اب', wav: wav(spell('اب'.repeat(260))) },
      { text: 'اب', wav: new Uint8Array(20) },
    ]);
    const { ok, text } = await said('holes');
    expect(ok, text).toBe(true);
    expect(text).toMatch(/c8\.?.*does not exist.*line 9/);
    expect(text).toMatch(/c9 has no text.*line 10/);
    expect(text).toMatch(/c10 has no letters in its text.*line 11/);
    expect(text).toMatch(/c11 is silent.*line 12/);
    expect(text).toMatch(/c12 has more text than its sound can hold.*line 13/);
    expect(text).toMatch(/c13 lasts 63 s, longer than data\.longest.*line 14/);
    expect(text).toMatch(/c14.*line 15/);
    const { id } = await backend.call(trainingStart, config('holes'));
    expect((await until(backend, id, 'completed', 'failed')).error).toBeUndefined();
  });

  it.each([
    ['one clip', plain(1)],
    ['nothing but silence', plain(6).map(({ text }) => ({ text, wav: wav(steady(1, 0)) }))],
    ['no text at all', plain(6).map(({ wav: sound }) => ({ text: '', wav: sound }))],
    ['no sound at all', plain(6).map(({ text }) => ({ text, wav: undefined }))],
  ])('refuses %s', async (name, clips) => {
    const data = name.replaceAll(' ', '-');
    await put(data, clips);
    const { ok, text } = await said(data);
    expect(ok).toBe(false);
    expect(text).toMatch(/error: There are [01] recordings with texts .* at least 4 are needed/);
    await expect(backend.call(trainingStart, config(data))).rejects.toMatchObject({
      kind: 'training.invalidData',
    });
  });
});
