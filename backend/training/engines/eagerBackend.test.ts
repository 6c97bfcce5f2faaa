/** What is handed over at once is what was given, and JavaScript keeps nothing of it. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadEngine } from './load';
import { findNative } from './locate';
import type { NativeBackend } from './nativeOps';

const { engine, reason } = await findNative({ storagePath: undefined });
if (engine === undefined)
  process.stderr.write(`The tests of tensors on the native engine are left out: it is ${reason}.\n`);

beforeAll(async () => {
  if (engine !== undefined) await loadEngine('tensorflow', { storagePath: undefined });
});
afterAll(() => tf.setBackend('cpu'));

const kept = (tensor: tf.Tensor): unknown =>
  (tf.backend() as unknown as NativeBackend).tensorMap.get(tensor.dataId).values;

it.skipIf(engine === undefined)(
  'hands large tensors over when they are made, small ones when they are read',
  () => {
    const values = Float32Array.from({ length: 70_000 }, (_, i) => Math.sin(i));
    const whole = Int32Array.from({ length: 70_000 }, (_, i) => 7 - i);
    const large = [tf.tensor(values, [700, 100]), tf.tensor(whole, [70_000], 'int32')];
    const small = tf.tensor(values.slice(0, 10));
    expect(large.map(kept)).toEqual([null, null]);
    expect(kept(small)).not.toBeNull();
    expect(large[0]?.dataSync()).toEqual(values);
    expect(large[1]?.dataSync()).toEqual(whole);
    const next = tf.tidy(() => tf.add(large[0] as tf.Tensor, 1));
    expect(next.dataSync()[69_999]).toBeCloseTo((values[69_999] ?? 0) + 1, 5);
    const before = tf.memory().numTensors;
    tf.dispose([...large, small, next]);
    expect(tf.memory().numTensors).toBe(before - 4);
  },
);
