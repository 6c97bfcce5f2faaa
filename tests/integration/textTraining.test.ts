import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainedMetadata } from '../../ml/trained/metadata';
import { encodeTexts } from '../../ml/trained/textFeatures';
import { inferenceRun } from '../../protocol/api/inference';
import { trainingGet, trainingStart, trainingValidate } from '../../protocol/api/training';
import type { Run } from '../../protocol/model/run';
import { eventually } from '../fixtures/eventually';
import { repository, startBackend, type Backend } from './backend';

let workspace: string;
let backend: Backend;
let run: Run;
beforeAll(async () => {
  workspace = await mkdtemp(path.join(tmpdir(), 'goya-texts-'));
  const samples = path.join(repository, 'samples', 'workspace');
  for (const name of ['names.train.json', 'data/names']) {
    await cp(path.join(samples, name), path.join(workspace, name), { recursive: true });
  }
  backend = await startBackend({ workspacePath: workspace });
});
afterAll(async () => {
  await backend.dispose();
  await rm(workspace, { recursive: true, force: true, maxRetries: 5 });
});

describe('the shipped names', () => {
  it('may be trained on as they are', async () => {
    const configPath = path.join(workspace, 'names.train.json');
    const { ok, problems } = await backend.call(trainingValidate, { configPath });
    expect(ok, JSON.stringify(problems)).toBe(true);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('are told apart better than by TF-IDF and logistic regression', async () => {
    const configPath = path.join(workspace, 'names.train.json');
    const { id } = await backend.call(trainingStart, { configPath });
    run = await eventually(
      async () => {
        const now = await backend.call(trainingGet, { id });
        return ['completed', 'failed'].includes(now.state) && now;
      },
      { timeoutMs: 280_000, everyMs: 100 },
    );
    process.stdout.write(`names: ${run.engine ?? ''}, ${JSON.stringify(run.metrics)}\n`);
    expect(run).toMatchObject({ state: 'completed', progress: 1 });
    expect(run.metrics['val_accuracy']).toBeGreaterThan(0.844);
    expect(run.metrics['val_macro_f1']).toBeGreaterThan(0.814);
  }, 300_000);

  it('are told apart alike by the backend and by plain tf.js', async () => {
    const modelPath = run.outputPath ?? '';
    const texts = ['فاطمه', 'عل\u064A رضا', 'حممد'];
    const { output } = await backend.call(inferenceRun, { modelPath, input: { values: texts } });
    const read = async (name: string) => readFile(path.join(modelPath, name));
    const { labels, preprocessing } = trainedMetadata.parse(JSON.parse(String(await read('goya.json'))));
    if (preprocessing.kind !== 'text') throw new Error('The names became no text model.');
    const json = JSON.parse(String(await read('model.json'))) as {
      modelTopology: object;
      weightsManifest: { weights: tf.io.WeightsManifestEntry[] }[];
    };
    const model = await tf.loadLayersModel(
      tf.io.fromMemory({
        modelTopology: json.modelTopology,
        weightSpecs: json.weightsManifest.flatMap(({ weights }) => weights),
        weightData: new Uint8Array(await read('weights.bin')).buffer,
      }),
    );
    const ids = encodeTexts(preprocessing, texts);
    const input = tf.tensor2d(ids, [texts.length, ids.length / texts.length]);
    const expected = await (model.predict(input) as tf.Tensor2D).array();
    const answered = output.values as { label: string; score: number }[][];
    expect(answered).toHaveLength(texts.length);
    answered.forEach((scores, i) => {
      for (const { label, score } of scores)
        expect(score).toBeCloseTo(expected[i]?.[labels.indexOf(label)] ?? NaN, 5);
    });
    const one = await backend.call(inferenceRun, { modelPath, input: { text: 'فاطمه' } });
    expect(one.output.labels?.[0]?.label).toBe('زن');
    expect(one.output.labels?.[0]?.score).toBeCloseTo(answered[0]?.[0]?.score ?? NaN, 6);
  });

  it('are not told of nothing', async () => {
    const modelPath = run.outputPath ?? '';
    for (const input of [
      {},
      { text: '' },
      { text: '\u200F' },
      { values: [] },
      { values: [1] },
      { audioPath: 'x.wav' },
    ])
      await expect(backend.call(inferenceRun, { modelPath, input })).rejects.toMatchObject({
        kind: 'inference.invalidInput',
      });
  });
});
