import { cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadWasm } from './wasm';
import { wantedThreads, withThreads } from './wasmThreads';

describe('how many threads', () => {
  it.each([
    [undefined, 1],
    ['2', 2],
    ['64', 8],
    ['0', 1],
    ['many', 1],
  ])('asked for %s: %i', (asked, threads) => {
    vi.stubEnv('GOYA_WASM_THREADS', asked);
    expect(wantedThreads()).toBe(threads);
    vi.unstubAllEnvs();
  });
});

describe('threads of WebAssembly in Node', { timeout: 120_000 }, () => {
  const before = cpus().length;
  beforeAll(() => {
    vi.stubEnv('GOYA_WASM_THREADS', '2');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
  });

  it('are done without where a worker does not start', async () => {
    const start = (): Promise<boolean> => tf.setBackend('wasm');
    await expect(withThreads(2, '/absent/loader.js', start)).rejects.toThrow(/absent/);
    expect(cpus()).toHaveLength(before);
    expect('Worker' in globalThis).toBe(false);
  });

  it('run, and come to the same numbers', async () => {
    expect(await loadWasm()).toMatchObject({ simd: true, threads: 2 });
    expect(cpus()).toHaveLength(before);
    const x = tf.randomNormal<tf.Rank.R3>([4, 30, 16], 0, 1, 'float32', 1);
    const kernel = tf.randomNormal<tf.Rank.R3>([5, 16, 24], 0, 1, 'float32', 2);
    const loss = (given: tf.Tensor): tf.Tensor =>
      tf.mean(tf.square(tf.conv1d(x, tf.reshape<tf.Rank.R3>(given, [5, 16, 24]), 1, 'same')));
    const gradients = (): Float32Array[] =>
      [loss(kernel), tf.grad(loss)(kernel)].map((one) => one.dataSync<'float32'>());
    const threaded = gradients();
    await tf.setBackend('cpu');
    gradients().forEach((wanted, i) => {
      wanted.forEach((value, j) => expect(Math.abs(value - (threaded[i]?.[j] ?? NaN))).toBeLessThan(1e-4));
    });
  });
});
