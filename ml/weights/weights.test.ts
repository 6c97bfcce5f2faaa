import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, describe, expect, it } from 'vitest';
import { folderOf, littleEndian, safetensors } from '../../tests/fixtures/weightFiles';
import { decodeElements, decodeHalf } from './elements';
import { ModelTensors } from './modelTensors';
import { openWeightFile, openWeights } from './open';
import { rooted, withAliases, withoutPrefix } from './views';
import { foldedWeight } from './weightNorm';
import type { Weights } from './weights';

beforeAll(async () => {
  await tf.setBackend('cpu');
});

/** A file of float32 tensors. */
function floats(tensors: Readonly<Record<string, { shape: number[]; values: number[] }>>): Promise<Weights> {
  let end = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { shape, values }]) => {
      const from = end;
      end += 4 * values.length;
      return [name, { dtype: 'F32', shape, data_offsets: [from, end] }];
    }),
  );
  const all = Float32Array.from(Object.values(tensors).flatMap(({ values }) => values));
  return openWeightFile(folderOf({ m: safetensors(header, new Uint8Array(all.buffer)) }), 'm');
}

describe('stored numbers', () => {
  it('refuse integers that do not fit 32 bits', () => {
    const long = (value: bigint): Uint8Array => Uint8Array.from(littleEndian(value, 8));
    expect([...decodeElements('I64', long(-2n), 'a')]).toEqual([-2]);
    expect(() => decodeElements('I64', long(2n ** 31n), 'a')).toThrow(/does not fit 32 bits/);
    expect(() => decodeElements('I64', long(-(2n ** 31n) - 1n), 'a')).toThrow(/does not fit/);
    expect(() => decodeElements('U64', long(2n ** 40n), 'a')).toThrow(/does not fit/);
    expect(() => decodeElements('F8_E5M2', new Uint8Array(1), 'a')).toThrow(/F8_E5M2/);
  });

  it('are read wherever they lie in a buffer', () => {
    const bytes = new Uint8Array(9);
    new DataView(bytes.buffer).setFloat32(1, 1.5, true);
    expect([...decodeElements('F32', bytes.subarray(1, 5), 'a')]).toEqual([1.5]);
  });

  it('of half precision keep every bit', () => {
    expect([...decodeHalf(Uint16Array.of(0x3c00, 0xc000, 0x0001, 0x7c00, 0x7bff, 0x8000))]).toEqual([
      1,
      -2,
      2 ** -24,
      Infinity,
      65_504,
      -0,
    ]);
    expect(decodeHalf(Uint16Array.of(0x7e00))[0]).toBeNaN();
  });
});

describe('a folder', () => {
  it('without weights says which files it lacks', async () => {
    await expect(openWeights(folderOf({}))).rejects.toMatchObject({
      code: 'model.unsupported',
      message: expect.stringContaining('pytorch_model.bin') as string,
    });
  });

  it('prefers safetensors', async () => {
    const weights = await openWeights(
      folderOf({
        'model.safetensors': safetensors({ a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] } }, 2),
        'pytorch_model.bin': new Uint8Array(100),
      }),
    );
    expect(weights.info('a')).toEqual({ dtype: 'U8', shape: [2] });
    expect((await weights.load('a')).dtype).toBe('int32');
    expect(() => weights.info('b')).toThrow(/lack the tensor "b"/);
  });
});

describe('names', () => {
  it('lose a prefix, if they have it', async () => {
    const weights = await floats({ 'x.w': { shape: [1], values: [1] }, v: { shape: [1], values: [2] } });
    expect(withoutPrefix(weights, 'x.').names()).toEqual(['w']);
    expect(rooted(weights, ['x.', ''], 'w').has('w')).toBe(true);
    expect(rooted(weights, ['y.', ''], 'v').has('v')).toBe(true);
    expect(rooted(weights, ['y.'], 'v')).toBe(weights);
  });

  it('of old files stand in for new ones', async () => {
    const old = await floats({ 'n.gamma': { shape: [1], values: [3] } });
    const weights = withAliases(old, (name) => [name.replace('.weight', '.gamma')]);
    expect((await weights.read('n.weight')).data[0]).toBe(3);
    expect(weights.has('n.bias')).toBe(false);
  });
});

describe('weight norm', () => {
  it.each([
    ['weight_g', 'weight_v'],
    ['parametrizations.weight.original0', 'parametrizations.weight.original1'],
  ])('as %s is folded in over all axes but one', async (g, v) => {
    const values = [3, 4, 6, 8];
    const first = await floats({
      [`c.${g}`]: { shape: [2, 1, 1], values: [1, 5] },
      [`c.${v}`]: { shape: [2, 1, 2], values },
    });
    const last = await floats({
      [`c.${g}`]: { shape: [1, 1, 2], values: [1, 5] },
      [`c.${v}`]: { shape: [1, 2, 2], values },
    });
    const [byFirst, byLast] = [await foldedWeight(first, 'c', 0), await foldedWeight(last, 'c', 2)];
    for (const [i, value] of [0.6, 0.8, 3, 4].entries()) expect(byFirst.dataSync()[i]).toBeCloseTo(value, 6);
    const [even, odd] = [Math.hypot(3, 6), Math.hypot(4, 8)];
    for (const [i, value] of [3 / even, 20 / odd, 6 / even, 40 / odd].entries()) {
      expect(byLast.dataSync()[i]).toBeCloseTo(value, 6);
    }
    tf.dispose([byFirst, byLast]);
  });

  it('that does not fit its weight is corrupt', async () => {
    const weights = await floats({
      'c.weight_g': { shape: [3], values: [1, 2, 3] },
      'c.weight_v': { shape: [2, 1], values: [1, 2] },
    });
    await expect(foldedWeight(weights, 'c', 0)).rejects.toThrow(/does not fit/);
  });
});

describe("a model's tensors", () => {
  it('are checked against the config and freed together', async () => {
    const weights = await floats({ w: { shape: [2, 3], values: [1, 2, 3, 4, 5, 6] } });
    const before = tf.memory().numTensors;
    const tensors = new ModelTensors(weights);
    await expect(tensors.take('w', [3, 2])).rejects.toThrow('"w" is [2, 3], but the config wants [3, 2].');
    const taken = await tensors.take('w', [2, null]);
    const turned = tf.tidy(() => tensors.keep(tf.transpose(taken)));
    tensors.release(taken);
    expect(tf.memory().numTensors).toBe(before + 1);
    expect(turned.shape).toEqual([3, 2]);
    expect(await tensors.takeIfThere('none')).toBeUndefined();
    tensors.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
