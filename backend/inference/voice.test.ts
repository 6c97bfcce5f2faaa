import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { joinedPieces } from '../../ml/audio/audioData';
import { readWav } from '../../ml/audio/wav';
import type { InferenceProgress } from '../../protocol/model/inference';
import { writeVoice } from '../../tests/fixtures/voiceFolder';
import { ModelRunner } from './runner';
import { openPublishedFolder } from './publishedFolder';

let folder: string;
let runner: ModelRunner;
const quiet = { noiseScale: 0, noiseScaleDuration: 0 };

beforeAll(async () => {
  await tf.setBackend('cpu');
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-voice-'));
  await writeVoice(folder);
  runner = new ModelRunner({ name: 'cpu', version: '', reason: '', build: {} });
});
afterEach(async () => {
  runner.dispose();
  await rm(folder, { recursive: true, force: true });
});

describe('a downloaded voice', () => {
  it('speaks a text into the wav file that was asked for', async () => {
    const outputPath = path.join(folder, 'out', 'hello.wav');
    const input = { text: 'سلا' };
    const answer = await runner.run({ modelPath: folder, input, parameters: quiet, outputPath });
    const { channels, sampleRate } = readWav(await readFile(outputPath));
    expect(answer).toMatchObject({
      task: 'text-to-speech',
      engine: 'cpu',
      output: { audioPath: outputPath, samplingRate: 8000 },
    });
    expect(sampleRate).toBe(8000);
    expect(channels[0]?.length).toBeGreaterThan(4);
    expect(answer.timings.audioSeconds).toBe((channels[0]?.length ?? 0) / 8000);
  });

  it('gives its pieces as files that make the whole, to who listens', async () => {
    const pieces: { path: string; seconds: number }[] = [];
    const outputPath = path.join(folder, 'whole.wav');
    const text = 'سلای '.repeat(40);
    const onProgress = (progress: InferenceProgress): void => {
      if ('pieces' in progress) pieces.push(...progress.pieces);
    };
    const work = { signal: new AbortController().signal, watched: true, onProgress };
    await runner.run({ modelPath: folder, input: { text }, parameters: quiet, outputPath }, work);
    expect(pieces.length).toBeGreaterThan(1);
    const parts = await Promise.all(pieces.map(async (piece) => readWav(await readFile(piece.path))));
    const joined = joinedPieces(parts.map(({ channels }) => channels[0] ?? new Float32Array(0)));
    expect(joined).toEqual(readWav(await readFile(outputPath)).channels[0]);
    expect(pieces.reduce((sum, { seconds }) => sum + seconds, 0)).toBeCloseTo(joined.length / 8000);
  });

  it('sounds the same for the same seed', async () => {
    const said = async (seed: number): Promise<Buffer> => {
      const outputPath = path.join(folder, 'drawn.wav');
      await runner.run({ modelPath: folder, input: { text: 'سلا' }, parameters: { seed }, outputPath });
      return readFile(outputPath);
    };
    const first = await said(1);
    expect(await said(1)).toEqual(first);
    expect(await said(2)).not.toEqual(first);
  });

  it('takes Arabic yeh for the Persian one, which the vocabulary has', async () => {
    const said = async (text: string): Promise<Buffer> => {
      const outputPath = path.join(folder, 'said.wav');
      await runner.run({ modelPath: folder, input: { text }, parameters: quiet, outputPath });
      return readFile(outputPath);
    };
    expect(await said('سي')).toEqual(await said('سی'));
    expect((await said('سی')).length).not.toBe((await said('س')).length);
  });

  it('puts numbers and signs into words first, unless it is told not to', async () => {
    const said = async (text: string, more: object = {}): Promise<Buffer> => {
      const outputPath = path.join(folder, 'said.wav');
      await runner.run({ modelPath: folder, input: { text }, parameters: { ...quiet, ...more }, outputPath });
      return readFile(outputPath);
    };
    // Of the letters of «سی» and «سال» the vocabulary has all.
    expect(await said('30 سال')).toEqual(await said('سی سال'));
    expect(await said('30 سال', { verbalize: false })).toEqual(await said('سال'));
    await expect(said('س', { verbalize: 'no' })).rejects.toMatchObject({ kind: 'inference.invalidInput' });
  });

  it('keeps nothing of it once it is disposed', async () => {
    const before = tf.memory().numTensors;
    const { output } = await runner.run({ modelPath: folder, input: { text: 'س' } });
    expect(tf.memory().numTensors).toBeGreaterThan(before);
    runner.dispose();
    expect(tf.memory().numTensors).toBe(before);
    await rm(path.dirname(output.audioPath ?? ''), { recursive: true });
  });

  it('says what it needs, and what it does not take', async () => {
    const refusal = { kind: 'inference.invalidInput' };
    const run = (text: string | undefined, more: object = {}): Promise<unknown> =>
      runner.run({ modelPath: folder, input: text === undefined ? {} : { text }, ...more });
    await expect(run(undefined)).rejects.toMatchObject(refusal);
    await expect(run('日')).rejects.toMatchObject(refusal);
    await expect(run('س', { parameters: { speakingRate: 0 } })).rejects.toMatchObject(refusal);
    await expect(run('س', { parameters: { speaker: 1 } })).rejects.toMatchObject(refusal);
    await expect(run('س', { task: 'x' })).rejects.toMatchObject({ kind: 'model.unsupported' });
  });

  it('is known by its config alone', async () => {
    expect(await openPublishedFolder(folder)).toBeDefined();
    await writeFile(path.join(folder, 'config.json'), '{"model_type": "t5"}');
    expect(await openPublishedFolder(folder)).toBeUndefined();
    await writeFile(path.join(folder, 'config.json'), 'not JSON');
    expect(await openPublishedFolder(folder)).toBeUndefined();
    expect(await openPublishedFolder(path.join(folder, 'nowhere'))).toBeUndefined();
  });
});
