import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { graphFiles, placeholder, readerOf } from '../../tests/fixtures/graphModel';
import type { TensorSpec } from './bareModel';
import { joinWindows } from './joinWindows';
import { loadBare } from './loadBare';
import { runOnSound } from './run';
import { audioParameters, heardInput, soundWindows } from './soundWindows';
import { timeAxis } from './timeAxis';

const input = (...shape: (number | null)[]): TensorSpec => ({ name: 'x', shape, dtype: 'float32' });
const count = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => i + 1);
const parameters = (more: object = {}) => audioParameters.parse({ sampleRate: 16_000, ...more });

describe('the axis of time', () => {
  it.each<[(number | null)[], number, number[] | undefined]>([
    [[null], 1, [7]],
    [[null, 100], 1, [1, 7]],
    [[1, null, 1], 1, [1, 7, 1]],
    [[100, 1], 1, [7, 1]],
    [[null, null], 64, [7, 64]],
    [[null, 98, 64], 64, [1, 7, 64]],
    [[1, 64, null, 1], 64, [1, 64, 7, 1]],
    [[null, 64, 64], 64, [1, 7, 64]],
    [[null, 98, 40], 64, undefined],
    [[null, 10, 10], 1, undefined],
    [[], 1, undefined],
  ])('of %j with %i numbers a step', (shape, width, one) => {
    expect(timeAxis(shape, width)?.shape(7)).toEqual(one);
  });
});

describe('windows of a sound', () => {
  it('overlap, with silence before and behind', () => {
    const windows = soundWindows(input(null, 6, 1), count(9), parameters({ window: { hop: 4 } }));
    expect(windows).toMatchObject({ count: 3, shape: [1, 6, 1], lead: 1 });
    expect([0, 1, 2].map((k) => [...windows.cut(k)])).toEqual([
      [0, 1, 2, 3, 4, 5],
      [4, 5, 6, 7, 8, 9],
      [8, 9, 0, 0, 0, 0],
    ]);
  });

  it('are one where any length goes', () => {
    const windows = soundWindows(input(null), count(5), parameters());
    expect([windows.count, windows.shape]).toEqual([1, [5]]);
    expect([...windows.cut(0)]).toEqual([1, 2, 3, 4, 5]);
  });

  it('are frames of a spectrum or of mel bands, in the order of the input', () => {
    const sound = count(1600).map((x) => Math.sin(x / 3));
    const mel = { features: 'logMel', nFft: 256, hop: 160, mels: 20 };
    const timeFirst = soundWindows(input(null, 5, 20), sound, parameters(mel));
    const bandFirst = soundWindows(input(null, 20, 5, 1), sound, parameters(mel));
    expect([timeFirst.count, timeFirst.steps, bandFirst.shape]).toEqual([3, 11, [1, 20, 5, 1]]);
    expect(bandFirst.cut(1)[3 * 5 + 2]).toBe(timeFirst.cut(1)[2 * 20 + 3]);
    // Behind the end there is silence, which is not 0 in decibels.
    expect(timeFirst.cut(2)[5 * 20 - 1]).toBeCloseTo(Math.log(1e-6), 4);
    const spectrum = soundWindows(input(null, null, 129), sound, parameters({ features: 'stft', nFft: 256 }));
    expect(spectrum.shape).toEqual([1, 11, 129]);
  });

  it.each<[TensorSpec, Float32Array, object, RegExp]>([
    [input(null, 10), new Float32Array(0), {}, /no sound/],
    [input(null, 10, 10), count(5), {}, /takes \[\?, 10, 10\]: samples do not fit/],
    [input(null, 10), count(5), { window: { length: 11 } }, /takes 10 steps at once, not 11/],
    [input(null, 10), count(5), { window: { hop: 11 } }, /leave some out/],
    [input(null, 1), count(20_000), {}, /20000 windows/],
  ])('refuses %j', (spec, samples, more, message) => {
    expect(() => soundWindows(spec, samples, parameters(more))).toThrow(message);
  });

  it('asks which input hears', () => {
    const two = [input(1), { ...input(1), name: 'y' }];
    expect(heardInput(two, 'y').name).toBe('y');
    expect(() => heardInput(two, undefined)).toThrow(/audio\.input: x, y/);
    expect(() => heardInput(two, 'z')).toThrow(/no input "z"/);
  });
});

describe('answers to windows', () => {
  const places = { length: 8, hop: 4, lead: 2, steps: 10, join: true };
  const output = (shape: number[], data: number[]) => [
    { name: 'y', dtype: 'float32', shape, data: Float32Array.from(data) },
  ];

  it('lose what overlaps, and what lies behind the end', () => {
    // A frame for 2 samples: of 4 frames the middle 2 stay.
    const windows = [0, 1, 2].map((k) => output([1, 4, 1], [10 * k, 10 * k + 1, 10 * k + 2, 10 * k + 3]));
    const [joined] = joinWindows(windows, places);
    expect(joined?.shape).toEqual([1, 5, 1]);
    expect([...(joined?.data ?? [])]).toEqual([1, 2, 11, 12, 21]);
  });

  it('are stacked where they have no frames, or it is asked for', () => {
    const classes = [output([1, 2], [1, 2]), output([1, 2], [3, 4])];
    expect(joinWindows(classes, places)[0]).toMatchObject({
      shape: [2, 2],
      data: Float32Array.of(1, 2, 3, 4),
    });
    const frames = [output([1, 2, 1], [1, 2]), output([1, 2, 1], [3, 4])];
    expect(joinWindows(frames, { ...places, join: false })[0]?.shape).toEqual([2, 2, 1]);
    expect(joinWindows([output([], [1]), output([], [2])], places)[0]?.shape).toEqual([2]);
    expect(() => joinWindows([output([1, 2], [1, 2]), output([1, 3], [1, 2, 3])], places)).toThrow(/shape/);
  });
});

it('runs a model on each window, with its other inputs, and frees everything', async () => {
  await tf.setBackend('cpu');
  const before = tf.memory().numTensors;
  const files = graphFiles({
    nodes: [
      placeholder('wave', [-1, 4, 1]),
      placeholder('gain', []),
      { name: 'y', op: 'Mul', input: ['wave', 'gain'] },
    ],
  });
  const model = await loadBare(readerOf(files));
  const heard = { samples: count(6), parameters: parameters({ input: 'wave', window: { hop: 2 } }) };
  const [output] = await runOnSound(model, heard, { gain: { shape: [], data: [2] } });
  expect([output?.shape, [...(output?.data ?? [])]]).toEqual([
    [1, 6, 1],
    [2, 4, 6, 8, 10, 12],
  ]);
  await expect(runOnSound(model, heard)).rejects.toThrow(/missing: gain/);
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
});
