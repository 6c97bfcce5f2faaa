import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  constant,
  doubling,
  graphFiles,
  placeholder,
  readerOf,
  twoOutputs,
  type GraphNode,
  type GraphParts,
} from '../../tests/fixtures/graphModel';
import type { BareModel } from '../bare/bareModel';
import { readInputs } from '../bare/inputs';
import { loadBare } from '../bare/loadBare';
import { plainOutput, readOutputs } from '../bare/outputs';
import { toTensor } from '../bare/toTensor';
import { MlError } from '../errors';
import { dynamicOps, knownOps } from './ops';

beforeAll(() => tf.setBackend('cpu'));

const load = (parts: GraphParts): Promise<BareModel> => loadBare(readerOf(graphFiles(parts)));

async function run(model: BareModel, values: unknown) {
  const tensors = readInputs(model.inputs, values).map((given, i) => {
    const spec = model.inputs[i];
    if (spec === undefined) throw new Error('more inputs than the model has');
    return toTensor(spec, given);
  });
  const answers = await model.predict(tensors);
  const outputs = await readOutputs(model.outputs, answers);
  tf.dispose([tensors, answers]);
  return outputs.map(plainOutput);
}

async function failure(loading: Promise<unknown>): Promise<MlError> {
  const error: unknown = await loading.then(
    () => new Error('It was accepted.'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof MlError) return error;
  throw error;
}

describe('a graph model', () => {
  it('tells its inputs and outputs by its signature, answers, and frees everything', async () => {
    const before = tf.memory().numTensors;
    const model = await load(twoOutputs);
    expect(model.inputs).toEqual([
      { name: 'features', shape: [null, 2], dtype: 'float32' },
      { name: 'a', shape: [null], dtype: 'int32' },
      { name: 'b', shape: [null], dtype: 'int32' },
    ]);
    expect(model.outputs.map(({ name, shape }) => [name, shape])).toEqual([
      ['scores', [null, 3]],
      ['sum', [null]],
    ]);
    expect([model.format, model.parameters]).toEqual(['graph', 9]);
    const whole = { shape: [2], data: [1, 2] };
    const [scores, sum] = await run(model, { b: whole, features: { shape: [1, 2], data: [1, 2] }, a: whole });
    const logits = [1.1, 3.8, 0];
    const total = logits.reduce((all, x) => all + Math.exp(x), 0);
    expect(scores).toMatchObject({ name: 'scores', dtype: 'float32', shape: [1, 3] });
    scores?.data.forEach((score, i) => expect(score).toBeCloseTo(Math.exp(logits[i] ?? 0) / total, 6));
    expect(sum).toEqual({ name: 'sum', dtype: 'int32', shape: [2], data: [2, 4] });
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('runs loops and functions, and frees everything', async () => {
    const before = tf.memory().numTensors;
    const model = await load(doubling);
    expect(model.inputs).toEqual([{ name: 'x', shape: [], dtype: 'float32' }]);
    expect((await run(model, { shape: [], data: [3] }))[0]?.data).toEqual([192]);
    expect((await run(model, { shape: [], data: [200] }))[0]?.data).toEqual([200]);
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('answers what has no fixed size, and a weight that is an output stays', async () => {
    const before = tf.memory().numTensors;
    const model = await load({
      nodes: [
        placeholder('x', [-1]),
        constant('w'),
        { name: 'above', op: 'Greater', input: ['x', 'w'] },
        { name: 'where', op: 'Where', input: ['above'] },
      ],
      weights: { w: { shape: [], data: [1] } },
      signature: { outputs: { places: { name: 'where:0' }, w: { name: 'w:0' }, above: { name: 'above:0' } } },
    });
    for (let i = 0; i < 2; i++) {
      const [places, w, above] = await run(model, { shape: [3], data: [0, 5, 2] });
      expect(places?.data).toEqual([1, 2]);
      expect(w?.data).toEqual([1]);
      expect(above).toMatchObject({ dtype: 'bool', data: [0, 1, 1] });
    }
    model.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each([
    [{ x: 1 }, /no input "x"; its inputs are features, a, b/],
    [{ features: { shape: [1, 2], data: [1, 2] } }, /takes 3 inputs .* but got 1; missing: a, b/],
    [[{ shape: [1, 3], data: [1, 2, 3] }, {}, {}], /"features" has shape \[1, 3\], but needs \[\?, 2\]/],
    [[{ shape: [1, 2], data: [1] }, {}, {}], /needs 2 numbers, but has 1/],
    [
      [
        { shape: [1, 2], data: [1, 2] },
        { shape: [1], data: [1.5] },
        { shape: [1], data: [1] },
      ],
      /"a" is of type int32 and needs whole numbers of 32 bits, but has 1.5/,
    ],
  ])('refuses the input %j', async (values, message) => {
    const model = await load(twoOutputs);
    const before = tf.memory().numTensors;
    await expect(run(model, values)).rejects.toThrow(message);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });

  it('refuses texts, and says what the engine lacks or the input breaks', async () => {
    const reads = await load({ nodes: [placeholder('words', [-1], 'DT_STRING')] });
    const error = await failure(run(reads, { shape: [1], data: [1] }));
    expect([error.code, error.message]).toEqual(['model.unsupported', expect.stringContaining('string')]);
    const adds = await load({
      nodes: [placeholder('x', [-1]), placeholder('y', [-1]), { name: 'z', op: 'Add', input: ['x', 'y'] }],
    });
    const before = tf.memory().numTensors;
    const two = { x: { shape: [2], data: [1, 2] }, y: { shape: [3], data: [1, 2, 3] } };
    const broken = await failure(run(adds, two));
    expect([broken.code, broken.message]).toEqual([
      'input.invalid',
      expect.stringContaining('could not run'),
    ]);
    expect(tf.memory().numTensors).toBe(before + 2);
  });
});

const add = (input: string[]): GraphNode => ({ name: 'y', op: 'Add', input });

describe('what is no graph that runs', () => {
  it.each<[string, GraphParts, string, RegExp]>([
    ['an unknown operation', { nodes: [{ name: 'a', op: 'EvilOp' }] }, 'model.unsupported', /EvilOp/],
    [
      'one of a function',
      { ...doubling, functions: [{ signature: { name: 'f' }, nodeDef: [{ name: 'a', op: 'PyFunc' }] }] },
      'model.unsupported',
      /PyFunc/,
    ],
    ['no nodes', { nodes: [] }, 'model.corrupt', /modelTopology\.node/],
    [
      'a node that is not there',
      { nodes: [add(['x', 'x'])] },
      'model.corrupt',
      /no node "x", which "y" reads/,
    ],
    [
      'a circle',
      { nodes: [add(['z', 'z']), { ...add(['y', 'y']), name: 'z' }] },
      'model.corrupt',
      /own result/,
    ],
    ['a name twice', { nodes: [add([]), add([])] }, 'model.corrupt', /two nodes "y"/],
    [
      'a name of JavaScript',
      { nodes: [{ name: '__proto__', op: 'Add' }] },
      'model.corrupt',
      /impossible name/,
    ],
    ['a constant without weights', { nodes: [constant('w')] }, 'model.corrupt', /"w" has no weights/],
    [
      'a signature of nothing',
      { nodes: [placeholder('x', [1])], signature: { outputs: { y: { name: 'gone:0' } } } },
      'model.corrupt',
      /no node "gone"/,
    ],
    [
      'a function without a result',
      { ...doubling, functions: [{ signature: { name: 'f', outputArg: [{ name: 'o' }] } }] },
      'model.corrupt',
      /does not say where/,
    ],
  ])('%s', async (_, parts, code, message) => {
    const before = tf.memory().numTensors;
    const error = await failure(load(parts));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
    expect(tf.memory().numTensors).toBe(before);
  });

  it.each<[string, (json: string) => string, string, RegExp]>([
    [
      'a weight of texts',
      (json) => json.replace('"dtype":"float32"', '"dtype":"string"'),
      'model.unsupported',
      /texts/,
    ],
    [
      'a shape that lies',
      (json) => json.replace('"shape":[2,3]', '"shape":[2,4]'),
      'model.corrupt',
      /44 bytes/,
    ],
    [
      'a file outside',
      (json) => json.replace('"weights.bin"', '"../weights.bin"'),
      'model.corrupt',
      /outside its folder/,
    ],
    [
      'numbers without a scale',
      (json) => json.replace('"dtype":"float32"', '"dtype":"float32","quantization":{"dtype":"uint8"}'),
      'model.corrupt',
      /quantization/,
    ],
    [
      'a weight twice',
      (json) => json.replace('"name":"bias","shape"', '"name":"kernel","shape"'),
      'model.corrupt',
      /twice/,
    ],
  ])('%s', async (_, edit, code, message) => {
    const files = graphFiles(twoOutputs);
    files.set(
      'model.json',
      new TextEncoder().encode(edit(new TextDecoder().decode(files.get('model.json')))),
    );
    const error = await failure(loadBare(readerOf(files)));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
  });

  it('a missing file', async () => {
    const files = graphFiles(twoOutputs);
    files.delete('weights.bin');
    expect((await failure(loadBare(readerOf(files)))).message).toMatch(/"weights.bin" is missing/);
  });
});

it('reads quantized weights', async () => {
  const files = graphFiles({ nodes: [placeholder('x', [1]), constant('w'), add(['x', 'w'])] });
  const text = new TextDecoder().decode(files.get('model.json'));
  const quantization = { dtype: 'uint8', scale: 0.5, min: -1 };
  const weight = { name: 'w', shape: [3], dtype: 'float32', quantization };
  files.set(
    'model.json',
    new TextEncoder().encode(text.replace('"weights":[]', `"weights":[${JSON.stringify(weight)}]`)),
  );
  files.set('weights.bin', Uint8Array.of(0, 2, 255));
  const model = await loadBare(readerOf(files));
  expect((await run(model, { shape: [1], data: [10] }))[0]?.data).toEqual([9, 10, 136.5]);
  model.dispose();
});

it('knows the operations of the converter that is installed', async () => {
  const lists = path.resolve(
    import.meta.dirname,
    '../../node_modules/@tensorflow/tfjs-converter/dist/operations',
  );
  const mapper = await readFile(path.join(lists, 'operation_mapper.js'), 'utf8');
  const names = Array.from(mapper.matchAll(/from '\.\/op_list\/(\w+)'/g), ([, name]) => name ?? '');
  const opsOf = async (name: string): Promise<string[]> => {
    const text = await readFile(path.join(lists, 'op_list', `${name}.js`), 'utf8');
    return Array.from(text.matchAll(/'tfOpName': '([^']+)'/g), ([, op]) => op ?? '');
  };
  expect(names.length).toBeGreaterThan(15);
  expect([...knownOps].sort()).toEqual([...new Set((await Promise.all(names.map(opsOf))).flat())].sort());
  const later = await Promise.all(['control', 'dynamic', 'hash_table'].map(opsOf));
  expect([...dynamicOps].sort()).toEqual([...new Set(later.flat())].sort());
});
