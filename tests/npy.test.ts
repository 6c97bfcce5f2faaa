import { describe, expect, it } from 'vitest';
import { compareArrays, compareTexts } from './goldens/compare';
import { readNpy, writeNpy, type NpyArray } from './goldens/npy';

const header = (text: string, numbers = 0): Uint8Array => {
  const bytes = new Uint8Array(10 + text.length + numbers);
  bytes.set([0x93, ...Buffer.from('NUMPY'), 1, 0, text.length, 0]);
  bytes.set(Buffer.from(text), 10);
  return bytes;
};

describe('an npy file', () => {
  it.each<[string, NpyArray]>([
    ['a matrix', { shape: [2, 3], data: Float32Array.of(1, -2, Infinity, NaN, 1e-45, 0) }],
    ['a row', { shape: [2], data: Int32Array.of(-1, 2 ** 31 - 1) }],
    ['a single number', { shape: [], data: Float32Array.of(3.5) }],
    ['nothing', { shape: [0, 4], data: new Float32Array(0) }],
  ])('of %s is read as it was written', (_name, array) => {
    const bytes = writeNpy(array);
    expect(bytes.byteLength % 64).toBe((4 * array.data.length) % 64);
    expect(readNpy(bytes, 'a')).toEqual(array);
  });

  it('is read from the middle of a buffer, into memory of its own', () => {
    const bytes = writeNpy({ shape: [2], data: Float32Array.of(1, 2) });
    const buffer = Buffer.concat([Buffer.from('xyz'), bytes]).subarray(3);
    const { data } = readNpy(buffer, 'a');
    buffer.fill(0);
    expect([...data]).toEqual([1, 2]);
  });

  it.each([
    ['big-endian numbers', header("{'descr': '>f4', 'fortran_order': False, 'shape': (1,), }", 4), /">f4"/],
    ['doubles', header("{'descr': '<f8', 'fortran_order': False, 'shape': (1,), }", 8), /"<f8"/],
    ['columns first', header("{'descr': '<f4', 'fortran_order': True, 'shape': (1,), }", 4), /C order/],
    [
      'too few numbers',
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 4),
      /does not fit/,
    ],
    [
      'a broken shape',
      header("{'descr': '<f4', 'fortran_order': False, 'shape': (x,), }", 4),
      /does not fit/,
    ],
    ['something else', new Uint8Array(100), /not an npy/],
  ])('of %s is refused', (_name, bytes, message) => {
    expect(() => readNpy(bytes, 'a')).toThrow(message);
  });
});

describe('comparing', () => {
  const one = (...values: number[]): NpyArray => ({
    shape: [values.length],
    data: Float32Array.from(values),
  });

  it('takes infinities and not-a-numbers for equal only to themselves', () => {
    expect(compareArrays(one(-Infinity, NaN), one(-Infinity, NaN), 0).passed).toBe(true);
    expect(compareArrays(one(-1e38), one(-Infinity), 1).passed).toBe(false);
    expect(compareArrays(one(NaN), one(0), 1).passed).toBe(false);
    expect(compareArrays(one(0), one(NaN), 1).passed).toBe(false);
  });

  it('keeps to the tolerance, the shape and the type', () => {
    expect(compareArrays(one(1.5), one(1), 0.5).passed).toBe(true);
    expect(compareArrays(one(1.6), one(1), 0.5).passed).toBe(false);
    expect(compareArrays(one(1, 2), one(1), 9).passed).toBe(false);
    expect(compareArrays(one(1), { shape: [1], data: Int32Array.of(1) }, 9).passed).toBe(false);
    expect(compareArrays(undefined, one(1), 9).passed).toBe(false);
    const whole = (value: number): NpyArray => ({ shape: [1], data: Int32Array.of(value) });
    expect(compareArrays(whole(2), whole(1), 9).passed).toBe(false);
  });

  it('finds the place where texts differ', () => {
    expect(compareTexts([{ ids: [1, 2] }], [{ ids: [1, 3] }])).toMatchObject({
      passed: false,
      text: 'differs at 0.ids.1',
    });
    expect(compareTexts([1, 2], [1]).passed).toBe(false);
    expect(compareTexts({ text: 'ی', more: 1 }, { text: 'ی' }).passed).toBe(true);
  });
});
