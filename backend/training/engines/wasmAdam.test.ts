import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startWasm } from '../../../tests/fixtures/backends';
import { optimizerOptions } from '../../sdk/options';
import { Optimizer } from '../optimizer';
import { WasmAdam } from './wasmAdam';

const start = (size: number): number[] => Array.from({ length: size }, (_, i) => Math.sin(i + 1));

/** So many steps from `start`, on the backend in use. */
function steps(type: 'adam' | 'adamw', size: number, count: number): { weight: number[]; state: number[][] } {
  const weight = tf.tidy(() => tf.variable(tf.tensor1d(start(size))));
  const optimizer = new Optimizer([weight], optimizerOptions.parse({ type, learningRate: 0.05 }));
  for (let i = 0; i < count; i++) {
    tf.tidy(() => optimizer.apply([tf.add(tf.mul(weight, 3), i - 1)], 0.05 / (i + 1)));
  }
  const state = optimizer.state().map(({ tensor }) => [...tensor.dataSync()]);
  const answer = { weight: [...weight.dataSync()], state };
  optimizer.dispose();
  weight.dispose();
  return answer;
}

beforeAll(startWasm);

describe('Adam on WebAssembly', () => {
  it.each([1, 3, 4, 10, 33, 4096])(
    'takes the steps of the rule written out, for %i numbers',
    async (size) => {
      for (const type of ['adam', 'adamw'] as const) {
        await tf.setBackend('cpu');
        const expected = steps(type, size, 12);
        await tf.setBackend('wasm');
        expect(WasmAdam.here()).toBeDefined();
        const before = tf.memory().numTensors + tf.backend().numDataIds();
        const got = steps(type, size, 12);
        expect(tf.memory().numTensors + tf.backend().numDataIds()).toBe(before);
        const all = [got.weight, ...got.state].flat();
        [expected.weight, ...expected.state]
          .flat()
          .forEach((value, i) => expect(all[i]).toBeCloseTo(value, 5));
      }
    },
  );

  it('changes what the backend multiplies with, which keeps what it packed of a weight', async () => {
    await tf.setBackend('wasm');
    const weight = tf.variable(tf.ones([6, 5]));
    const optimizer = new Optimizer([weight], optimizerOptions.parse({ type: 'adam', learningRate: 0.1 }));
    const sums: number[] = [];
    for (let i = 0; i < 3; i++) {
      sums.push(tf.tidy(() => tf.matMul(tf.ones([2, 6]), weight).dataSync()[0] ?? NaN));
      tf.tidy(() => {
        optimizer.apply([tf.ones([6, 5])], 0.1);
      });
    }
    [6, 5.4, 4.8].forEach((expected, i) => expect(sums[i]).toBeCloseTo(expected, 4));
  });

  it('leaves alone what others look at', async () => {
    await tf.setBackend('wasm');
    const weight = tf.variable(tf.tensor1d(start(8)));
    const kept = tf.clone(weight);
    const optimizer = new Optimizer([weight], optimizerOptions.parse({ type: 'adam', learningRate: 0.1 }));
    optimizer.apply([tf.ones([8])], 0.1);
    const moments = optimizer.state().map(({ tensor }) => tf.clone(tensor));
    const before = moments.map((moment) => [...moment.dataSync()]);
    optimizer.apply([tf.ones([8])], 0.1);
    expect([...kept.dataSync()]).toEqual([...Float32Array.from(start(8))]);
    expect(moments.map((moment) => [...moment.dataSync()])).toEqual(before);
    expect(weight.dataSync()[0]).not.toBe(kept.dataSync()[0]);
  });
});
