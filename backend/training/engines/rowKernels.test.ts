/** What the native engine does for a text's next token gives what operation by operation does, on sizes of every kind. */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasWhole, wholeAttendRow } from '../../../ml/layers/whole';
import { attend, attendOnce } from '../../../ml/models/shared/attention';
import { layerNorm, linear, standardize } from '../../../ml/models/shared/ops';
import { loadEngine } from './load';
import { findNative } from './locate';

const { engine, reason } = await findNative({ storagePath: undefined });
if (engine === undefined) process.stderr.write(`Rows on the native engine are not tried: it is ${reason}.\n`);

beforeAll(async () => {
  await loadEngine('cpu', { storagePath: undefined });
  if (engine !== undefined) await loadEngine('tensorflow', { storagePath: undefined });
}, 60_000);
afterAll(() => tf.setBackend('cpu'));

type Work = (given: readonly tf.Tensor[]) => tf.Tensor;

async function numbers(backend: string, shapes: readonly number[][], work: Work): Promise<Float32Array> {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const values = tf.tidy(() =>
    work(shapes.map((shape, i) => tf.randomNormal(shape, 0, 0.7, 'float32', i + 1))).dataSync(),
  );
  expect(tf.memory().numTensors).toBe(before);
  return values as Float32Array;
}

async function expectAlike(shapes: readonly number[][], work: Work): Promise<void> {
  const wanted = await numbers('cpu', shapes, work);
  const got = await numbers('tensorflow', shapes, work);
  expect(got.length).toBe(wanted.length);
  const most = wanted.reduce((all, one) => Math.max(all, Math.abs(one)), 1);
  const worst = wanted.reduce((all, one, i) => Math.max(all, Math.abs(one - (got[i] ?? NaN))), 0);
  expect(worst / most).toBeLessThan(2e-6);
}

describe.skipIf(engine === undefined)('one row on the native engine', () => {
  it('has a kernel of its own', async () => {
    await tf.setBackend('tensorflow');
    expect(hasWhole(wholeAttendRow)).toBe(true);
  });

  it.each([
    [1, 1],
    [7, 5],
    [384, 1152],
    [1537, 383],
    // Wider than what threads share by rows, and no multiple of anything.
    [33, 8193],
    [130, 12_301],
  ])('is multiplied by a matrix of %i by %i, with a bias and without', async (from, to) => {
    const [x, kernel] = [
      [1, from],
      [from, to],
    ];
    await expectAlike([x, kernel, [to]], ([a, b, c]) =>
      linear(a as tf.Tensor2D, b as tf.Tensor2D, c as tf.Tensor1D),
    );
    await expectAlike([x, kernel], ([a, b]) => linear(a as tf.Tensor2D, b as tf.Tensor2D));
  });

  it.each([1, 19, 384])('is normalised: %i numbers', async (width) => {
    await expectAlike([[1, width], [width], [width]], ([x, gamma, beta]) =>
      layerNorm(x as tf.Tensor, gamma as tf.Tensor, beta as tf.Tensor, 1e-5),
    );
    await expectAlike([[1, width]], ([x]) => standardize(x as tf.Tensor, 1e-5));
  });

  it.each([
    [1, 1, 4],
    [17, 3, 5],
    [100, 12, 64],
    [1500, 6, 64],
  ])('looks at %i tokens with %i heads of %i', async (tokens, heads, size) => {
    const width = heads * size;
    await expectAlike(
      [
        [1, width],
        [tokens, width],
        [tokens, width],
      ],
      ([query, keys, values]) =>
        attendOnce(query as tf.Tensor2D, keys as tf.Tensor2D, values as tf.Tensor2D, heads),
    );
    const byHead = [1, heads, tokens, size];
    await expectAlike([[1, heads, 1, size], byHead, byHead], ([query, keys, values]) =>
      attend(query as tf.Tensor4D, keys as tf.Tensor4D, values as tf.Tensor4D),
    );
  });

  it('says what does not fit', async () => {
    await tf.setBackend('tensorflow');
    const [query, keys] = [tf.ones<tf.Rank.R2>([1, 8]), tf.ones<tf.Rank.R2>([3, 6])];
    expect(() => attendOnce(query, keys, keys, 2)).toThrow(/keys and values do not fit/);
    tf.dispose([query, keys]);
  });
});
