import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Compiled, CompiledSet } from '../../../../ml/kernels/compiled';
import { attend, splitHeads } from '../../../../ml/models/shared/attention';
import { layerNorm, linear } from '../../../../ml/models/shared/ops';
import { loadEngine } from '../load';
import { findNative } from '../locate';

const found = await findNative({ storagePath: undefined });
const native = found.engine !== undefined;
if (!native) process.stdout.write(`graphs are not tried: the native engine is ${found.reason}\n`);

beforeAll(async () => {
  await loadEngine(native ? 'tensorflow' : 'cpu', { storagePath: undefined });
}, 60_000);
afterAll(() => tf.setBackend('cpu'));

const random = (shape: number[], seed: number): tf.Tensor => tf.randomNormal(shape, 0, 1, 'float32', seed);

function difference(a: tf.Tensor, b: tf.Tensor): number {
  expect(a.shape).toEqual(b.shape);
  return tf.tidy(() => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? NaN);
}

describe('a compiled function', () => {
  it('gives what its operations give, for inputs of any length, and frees what it made', () => {
    const weights = [random([12, 36], 1), random([36], 2), random([12], 3), random([12], 4)];
    const [kernel, bias, gamma, beta] = weights as [tf.Tensor2D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D];
    const work = ([x]: readonly tf.Tensor[]): tf.Tensor[] => {
      const unit = layerNorm(x as tf.Tensor2D, gamma, beta, 1e-5);
      const [q, k, v] = splitHeads(linear(unit, kernel, bias), 3, 1, 3);
      return [attend(q as tf.Tensor4D, k as tf.Tensor4D, v as tf.Tensor4D), unit];
    };
    const before = tf.memory().numTensors;
    const compiled = new Compiled(work);
    for (const length of [5, 9, 2]) {
      const x = random([length, 12], length);
      const got = compiled.run([x]);
      const wanted = tf.tidy(() => work([x]));
      got.forEach((one, i) => expect(difference(one, wanted[i] as tf.Tensor)).toBeLessThan(1e-5));
      tf.dispose([x, got, wanted]);
    }
    compiled.dispose();
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose(weights);
  });

  it('takes whole numbers, and tensors that are not of its inputs', () => {
    const table = random([5, 4], 5);
    const compiled = new Compiled(([ids]) => [tf.gather(table, ids as tf.Tensor1D)]);
    const ids = tf.tensor1d([4, 0, 4], 'int32');
    const [rows] = compiled.run([ids]) as [tf.Tensor];
    expect(difference(rows, tf.gather(table, ids))).toBe(0);
    compiled.dispose();
  });

  it('leaves no file behind', () => {
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('goya-graph-'))).toEqual([]);
  });

  it('keeps few kinds of one function', () => {
    const set = new CompiledSet();
    const first = set.of('0', ([x]) => [tf.add(x as tf.Tensor, 1)]);
    for (let i = 1; i < 9; i++) set.of(String(i), ([x]) => [tf.add(x as tf.Tensor, i)]);
    expect(set.of('8', () => [])).not.toBe(first);
    expect(set.of('0', ([x]) => [tf.add(x as tf.Tensor, 1)])).not.toBe(first);
    set.dispose();
  });
});
