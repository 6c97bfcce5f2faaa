import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, it } from 'vitest';
import { MlError } from '../errors';
import { loadTrained } from './load';
import type { TrainedMetadata } from './metadata';
import type { ModelFiles } from './modelFiles';
import { classifyRows } from './tabular';

const metadata: TrainedMetadata = {
  formatVersion: 1,
  task: 'tabular-classification',
  name: 'flowers',
  labels: ['a', 'b', 'c'],
  preprocessing: {
    kind: 'tabular',
    columns: [
      { name: 'length', kind: 'numeric', mean: 2, std: 4 },
      { name: 'colour', kind: 'categorical', values: ['red', 'blue'] },
    ],
  },
  metrics: {},
  engine: { name: 'cpu' },
  createdAt: '2026-01-01T00:00:00.000Z',
  configHash: '0',
};

const kernel = [
  [1, 0, -1],
  [0, 2, 0],
  [0.5, 0, 1],
];
const bias = [0.1, -0.2, 0];

/** model.json, weights.bin and goya.json of a softmax regression with the weights above. */
async function folder(): Promise<Map<string, Uint8Array>> {
  const model = sequential({ layers: [layers.dense({ units: 3, activation: 'softmax', inputShape: [3] })] });
  tf.tidy(() => model.setWeights([tf.tensor2d(kernel), tf.tensor1d(bias)]));
  const files = new Map<string, Uint8Array>();
  await model.save({
    save: ({ modelTopology, weightSpecs, weightData }) => {
      const json = { modelTopology, weightsManifest: [{ paths: ['weights.bin'], weights: weightSpecs }] };
      files.set('model.json', new TextEncoder().encode(JSON.stringify(json)));
      files.set('weights.bin', new Uint8Array(weightData as ArrayBuffer));
      return Promise.resolve({ modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } });
    },
  });
  model.dispose();
  return files.set('goya.json', new TextEncoder().encode(JSON.stringify(metadata)));
}

const reader = (files: Map<string, Uint8Array>): ModelFiles => ({
  read: (name) => Promise.resolve(files.get(name)),
});

/** The folder with one JSON file rewritten. */
async function edited(name: string, edit: (text: string) => string): Promise<ModelFiles> {
  const files = await folder();
  files.set(name, new TextEncoder().encode(edit(new TextDecoder().decode(files.get(name)))));
  return reader(files);
}

async function failure(files: ModelFiles): Promise<MlError> {
  const error: unknown = await loadTrained(files).then(
    () => new Error('The model was accepted.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof MlError) return error;
  throw error;
}

beforeAll(() => tf.setBackend('cpu'));

describe('a trained table model', () => {
  it('answers the softmax of the normalised row, and frees everything', async () => {
    const before = tf.memory().numTensors;
    const trained = await loadTrained(reader(await folder()));
    const rows = [
      { length: '4', colour: 'blue', ignored: 1 },
      { length: -2, colour: 'red' },
    ];
    const [first = [], second = []] = await classifyRows(trained, rows);
    // length (4 - 2) / 4 = 0.5, blue: logits are 0.5·row0 + row2 + bias.
    const logits = [0.5 + 0.5 + 0.1, -0.2, -0.5 + 1];
    const sum = logits.reduce((total, x) => total + Math.exp(x), 0);
    expect(first.map((one) => one.label)).toEqual(['a', 'c', 'b']);
    expect(first[0]?.score).toBeCloseTo(Math.exp(logits[0] ?? 0) / sum, 6);
    expect(first.reduce((total, one) => total + one.score, 0)).toBeCloseTo(1, 6);
    expect(second[0]?.label).toBe('b');
    trained.model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ length: 1 }, /"colour" has nothing; the model knows: red, blue/],
    [{ length: 1, colour: 'green' }, /"colour" has "green"/],
    [{ length: 'NaN', colour: 'red' }, /"length" needs a number/],
    [{ length: '', colour: 'red' }, /"length" needs a number/],
    [JSON.parse('{"__proto__":{"length":1},"colour":"red"}') as Record<string, unknown>, /"length"/],
  ])('refuses the row %j', async (row, message) => {
    const trained = await loadTrained(reader(await folder()));
    await expect(classifyRows(trained, [row])).rejects.toThrow(message);
    await expect(classifyRows(trained, [{ length: 1, colour: 'red' }, row])).rejects.toThrow(/^Row 2: /);
    await expect(classifyRows(trained, [])).rejects.toThrow(MlError);
    trained.model.dispose();
  });

  it('reads Persian digits', async () => {
    const trained = await loadTrained(reader(await folder()));
    const [persian, latin] = await classifyRows(trained, [
      { length: ' ۳٫۵ ', colour: 'red' },
      { length: 3.5, colour: 'red' },
    ]);
    expect(persian).toEqual(latin);
    trained.model.dispose();
  });
});

describe('damaged folders', () => {
  it.each(['model.json', 'weights.bin'])('names a missing %s', async (name) => {
    const files = await folder();
    files.delete(name);
    const error = await failure(reader(files));
    expect(error.code).toBe('model.corrupt');
    expect(error.message).toContain(name);
  });

  it('says that a folder was not made by a training task', async () => {
    const files = await folder();
    files.delete('goya.json');
    expect((await failure(reader(files))).code).toBe('model.unsupported');
  });

  it.each([
    ['a layer of another program', (t: string) => t.replace('"Dense"', '"Danse"'), /layer "Danse"/],
    ['weights of texts', (t: string) => t.replace('"dtype":"float32"}]', '"dtype":"string"}]'), /texts/],
  ])('does not run %s', async (_, edit, message) => {
    const error = await failure(await edited('model.json', edit));
    expect(error.message).toMatch(message);
    expect(error.code).toBe('model.unsupported');
  });

  it('compares the weights with what the manifest says', async () => {
    const files = await folder();
    files.set('weights.bin', files.get('weights.bin')!.slice(0, 20));
    expect((await failure(reader(files))).message).toMatch(/weights\.bin should hold 48 bytes .* holds 20/);
  });

  it.each([
    ['model.json', (t: string) => t.slice(0, -5), /model\.json is not valid JSON/],
    ['goya.json', () => '\ufffd', /goya\.json is not valid JSON/],
    ['goya.json', (t: string) => t.replace('"formatVersion":1', '"formatVersion":9'), /formatVersion/],
    ['goya.json', (t: string) => t.replace('["a","b","c"]', '["a","b"]'), /3 scores.* 2 labels/],
    ['goya.json', (t: string) => t.replace('["red","blue"]', '["red"]'), /takes \[3\].* prepares \[2\]/],
    ['model.json', (t: string) => t.replace('"weights.bin"', '"../weights.bin"'), /outside its folder/],
    ['model.json', (t: string) => t.replace('"weights.bin"', '"C:\\\\weights.bin"'), /outside its folder/],
    [
      'model.json',
      (t: string) => t.replace('"shape":[3,3]', '"shape":[3,9007199254740991]'),
      /impossible shape/,
    ],
    ['model.json', (t: string) => t.replace('"shape":[3,3]', '"shape":[3,-3]'), /shape/],
    ['model.json', (t: string) => t.replace('"units":3', '"units":2000000000'), /units = 2000000000/],
    ['model.json', (t: string) => t.replace('"units":3', '"units":4'), /cannot build/],
    ['model.json', (t: string) => t.replace(/("shape":\[3,3\],"dtype":)"float32"/, '$1"string7"'), /dtype/],
  ])('refuses a changed %s %#', async (name, edit, message) => {
    const files = await edited(name, edit);
    const before = tf.memory().numTensors;
    const error = await failure(files);
    expect(error.code).toBe('model.corrupt');
    expect(error.message).toMatch(message);
    // What TensorFlow.js has read when it gives up is out of our reach; our own checks leave nothing behind.
    if (!error.message.includes('cannot build')) expect(tf.memory().numTensors).toBe(before);
  });

  it('says that graph models are another kind', async () => {
    const error = await failure(
      await edited('model.json', (t) => t.replace('{', '{"format":"graph-model",')),
    );
    expect(error.code).toBe('model.unsupported');
  });
});
