import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import { bertConfig } from '../../ml/models/bert/config';
import { wav2vec2Config } from '../../ml/models/wav2vec2/config';
import type { Weights } from '../../ml/weights/weights';
import { bertShapes } from '../../tests/fixtures/bertShapes';
import { randomWeights } from '../../tests/fixtures/randomWeights';
import { wav2vec2Shapes } from '../../tests/fixtures/wav2vec2Shapes';
import { safetensorsOf } from '../../tests/fixtures/weightFiles';
import { ModelRunner } from './runner';

const size = { hidden_size: 8, num_hidden_layers: 1, num_attention_heads: 2, intermediate_size: 8 };
const bert = {
  ...size,
  model_type: 'bert',
  architectures: ['BertForTokenClassification'],
  vocab_size: 9,
  max_position_embeddings: 12,
  id2label: { 0: 'O', 1: 'B-PER' },
};
const wav2vec2 = {
  ...size,
  model_type: 'wav2vec2',
  architectures: ['Wav2Vec2ForCTC'],
  vocab_size: 4,
  conv_dim: [4],
  conv_kernel: [4],
  conv_stride: [2],
  num_conv_pos_embeddings: 4,
  num_conv_pos_embedding_groups: 2,
};

let folder: string;
let runner: ModelRunner;

beforeAll(() => tf.setBackend('cpu'));
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-published-'));
  runner = new ModelRunner({ name: 'cpu', version: '', reason: '', build: {} });
});
afterEach(async () => {
  runner.dispose();
  await rm(folder, { recursive: true, force: true });
});

const put = (name: string, content: unknown): Promise<void> =>
  writeFile(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));

const putWeights = async (weights: Weights): Promise<void> =>
  writeFile(path.join(folder, 'model.safetensors'), await safetensorsOf(weights));

describe('downloaded models that read or listen', () => {
  it('labels the words of a text, with a vocabulary alone', async () => {
    await put('config.json', bert);
    await put('vocab.txt', '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nمی\n##روم\nبه\n.\n');
    await putWeights(randomWeights(bertShapes(bertConfig(bert), 2), 0.5));
    const { task, output, timings } = await runner.run({ modelPath: folder, input: { text: 'به می‌روم.' } });
    expect(task).toBe('token-classification');
    const words = output.values as { word: string; start: number; end: number; label: string }[];
    expect(words.map(({ word, start, end }) => [word, start, end])).toEqual([
      ['به', 0, 2],
      ['می‌روم', 3, 9],
      ['.', 9, 10],
    ]);
    expect(words.every(({ label }) => label === 'O' || label === 'B-PER')).toBe(true);
    expect(timings.audioSeconds).toBeUndefined();
    await expect(runner.run({ modelPath: folder, input: {} })).rejects.toMatchObject({
      kind: 'inference.invalidInput',
    });
  });

  it('gives the classes of a text, best first, and frees all when it ends', async () => {
    const before = tf.memory().numTensors;
    await put('config.json', { ...bert, architectures: ['BertForSequenceClassification'] });
    await put('vocab.txt', '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nمی\n##روم\nبه\n.\n');
    await putWeights(randomWeights(bertShapes(bertConfig(bert), 2), 0.5));
    const { output } = await runner.run({ modelPath: folder, input: { text: 'به' } });
    const [first, second] = output.labels ?? [];
    expect((first?.score ?? 0) + (second?.score ?? 0)).toBeCloseTo(1);
    expect(first?.score).toBeGreaterThanOrEqual(second?.score ?? 1);
    runner.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('fills the masks of a text', async () => {
    await put('config.json', { ...bert, architectures: ['BertForMaskedLM'] });
    await put('vocab.txt', '[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nمی\n##روم\nبه\n.\n');
    const head = 'cls.predictions';
    const shapes = bertShapes(bertConfig(bert), 2);
    const encoder = Object.entries(shapes).filter(([name]) => !name.startsWith('classifier'));
    const more = {
      [`${head}.transform.dense.weight`]: [8, 8],
      [`${head}.transform.dense.bias`]: [8],
      [`${head}.transform.LayerNorm.weight`]: [8],
      [`${head}.transform.LayerNorm.bias`]: [8],
      [`${head}.bias`]: [9],
    };
    await putWeights(randomWeights({ ...Object.fromEntries(encoder), ...more }, 0.5));
    const ask = (text: string, parameters = {}) =>
      runner.run({ modelPath: folder, input: { text }, parameters });
    const { task, output } = await ask('به [MASK] به [MASK].', { topK: 9 });
    expect(task).toBe('fill-mask');
    const values = output.values as { label: string; score: number }[][];
    expect(values.map((labels) => labels.length)).toEqual([9, 9]);
    expect(output.labels).toEqual(values[0]);
    for (const labels of values) {
      expect(labels.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1);
      expect([...labels].sort((a, b) => b.score - a.score)).toEqual(labels);
    }
    const [first = '', second = ''] = values.map(([best]) => best?.label.replace('##', ''));
    expect(output.text).toBe(`به ${first} به ${second}.`);
    expect((await ask('[MASK]')).output.labels).toHaveLength(5);
    const refusal = { kind: 'inference.invalidInput' };
    await expect(ask('به')).rejects.toMatchObject(refusal);
    await expect(ask('[MASK]', { topK: 0 })).rejects.toMatchObject(refusal);
  });

  it('writes down a sound of another rate, with the times of words', async () => {
    await put('config.json', wav2vec2);
    await put('vocab.json', { '<pad>': 0, '|': 1, س: 2, ا: 3 });
    await put('preprocessor_config.json', { sampling_rate: 1000 });
    await putWeights(randomWeights(wav2vec2Shapes(wav2vec2Config(wav2vec2)), 0.9));
    const samples = Float32Array.from({ length: 1600 }, (_, i) => Math.sin(i * 0.3) * Math.sin(i * 0.01));
    const audioPath = path.join(folder, 'sound.wav');
    await writeFile(audioPath, writeWav({ sampleRate: 2000, channels: [samples] }));
    const { task, output, timings } = await runner.run({ modelPath: folder, input: { audioPath } });
    expect(task).toBe('automatic-speech-recognition');
    expect(timings.audioSeconds).toBeCloseTo(0.8);
    const segments = output.values as { start: number; end: number; text: string }[];
    expect(output.text).toBe(segments.map(({ text }) => text).join(' '));
    for (const { start, end } of segments) expect(start < end && end <= 0.8).toBe(true);
    const missing = { modelPath: folder, input: { audioPath: path.join(folder, 'none.wav') } };
    await expect(runner.run(missing)).rejects.toMatchObject({ kind: 'dataset.notFound' });
    await expect(runner.run({ ...missing, task: 'text-to-speech' })).rejects.toMatchObject({
      kind: 'model.unsupported',
    });
  });
});
