import { describe, expect, it } from 'vitest';
import type { TabularColumn, TrainedMetadata } from '../../ml/trained/metadata';
import { panelFileUri } from '../../protocol/api/panel';
import { PostMessagePeer } from '../../protocol/wire/postMessage';
import { backendOutput } from './backendOutput';
import { backendTensors } from './bareInput';
import { exampleRow, fittingRow } from './examples';
import { historyLength, remember, rowWords, type HistoryEntry } from './history';
import { largestDifference } from './difference';
import { savedPlayground, freshPlayground } from './saved';
import { snippet } from './snippet';
import { choices, givenSource, listedSource } from './source';

const columns: TabularColumn[] = [
  { name: 'length', kind: 'numeric', mean: 5.8433, std: 0.825 },
  { name: 'tiny', kind: 'numeric', mean: 0.000123456, std: 0.00001 },
  { name: 'huge', kind: 'numeric', mean: 123456.789, std: 5000 },
  { name: 'colour', kind: 'categorical', values: ['red', 'blue'] },
];

describe('the form', () => {
  it('starts from the means, as exact as their spread', () => {
    expect(exampleRow(columns)).toEqual({
      length: '5.843',
      tiny: '0.0001235',
      huge: '123457',
      colour: 'red',
    });
  });

  it('keeps what was typed where it still fits', () => {
    expect(fittingRow(columns, { length: '7', colour: 'green', gone: '1' })).toMatchObject({
      length: '7',
      huge: '123457',
      colour: 'red',
    });
  });
});

it('reads the tensors that the backend answers', () => {
  const tensor = { shape: [1, 2], data: [0.5, 1] };
  expect(backendTensors(tensor)).toEqual([{ name: 'output', dtype: 'float32', ...tensor }]);
  expect(backendTensors([tensor, tensor]).map(({ name }) => name)).toEqual(['output 1', 'output 2']);
  expect(() => backendTensors('no')).toThrow();
});

describe('the history', () => {
  const entry = (input: string, label = 'a'): HistoryEntry => ({ input, label, engine: 'wasm', runMs: 1 });

  it('has the newest first, the same thing once, and an end', () => {
    expect(remember([entry('1'), entry('2')], entry('2')).map(({ input }) => input)).toEqual(['2', '1']);
    expect(remember([entry('1')], entry('1', 'b'))).toHaveLength(2);
    let history: HistoryEntry[] = [];
    for (let i = 0; i < 50; i++) history = remember(history, entry(String(i)));
    expect(history).toHaveLength(historyLength);
    expect(savedPlayground.parse({ ...freshPlayground, history }).history).toEqual(history);
  });

  it('names a row by its values, each its own way round', () => {
    expect(rowWords({ a: '1', b: 'سرخ' })).toBe('\u20681\u2069 · \u2068سرخ\u2069');
  });
});

it('tells how far two answers are apart, by label', () => {
  const labels = (a: number, b: number) => [
    { label: 'a', score: a },
    { label: 'b', score: b },
  ];
  expect(
    largestDifference(
      { labels: labels(0.7, 0.3), runMs: 0 },
      { labels: labels(0.6, 0.4).reverse(), runMs: 0 },
    ),
  ).toBeCloseTo(0.1);
  const values = (data: number[]) => [{ name: 'y', dtype: 'float32', shape: [data.length], data }];
  expect(
    largestDifference({ values: values([1, 2]), runMs: 0 }, { values: values([1, 2.5]), runMs: 0 }),
  ).toBe(0.5);
  expect(largestDifference({ values: values([1]), runMs: 0 }, { runMs: 0 })).toBeUndefined();
});

describe('the model', () => {
  it('is the one given, with a folder that ends in a slash', () => {
    const input = { wasmUri: 'w/', scratchPath: '/s', models: [] };
    expect(givenSource(input)).toBeUndefined();
    const voice = { name: 'mms', path: '/m/mms', task: 'text-to-speech' as const };
    expect(givenSource({ ...input, models: [voice], modelUri: 'u', modelPath: '/m/mms' })?.task).toBe(
      'text-to-speech',
    );
    expect(givenSource({ ...input, modelUri: 'https://x/m', modelPath: 'C:\\models\\iris' })).toEqual({
      name: 'iris',
      path: 'C:\\models\\iris',
      uri: 'https://x/m/',
    });
  });

  it('is in the list even when the library does not have it', () => {
    const known = { name: 'iris', path: '/m/iris' };
    const source = { name: 'epoch 3', path: '/m/checkpoint', uri: 'u/' };
    expect(choices([known], source)).toEqual([{ name: 'epoch 3', path: '/m/checkpoint' }, known]);
    expect(choices([known], { ...known, uri: 'u/' })).toEqual([known]);
    expect(choices([known], undefined)).toEqual([known]);
  });

  it('from the list is found through the panel', async () => {
    let toPanel: (message: unknown) => void = () => undefined;
    let toPage: (message: unknown) => void = () => undefined;
    const keep =
      (set: (handler: (message: unknown) => void) => void) => (handler: (message: unknown) => void) => {
        set(handler);
        return () => undefined;
      };
    const page = new PostMessagePeer(
      { post: (m) => toPanel(m), listen: keep((h) => (toPage = h)) },
      () => undefined,
    );
    const panel = new PostMessagePeer(
      { post: (m) => toPage(m), listen: keep((h) => (toPanel = h)) },
      () => undefined,
    );
    panel.handle(panelFileUri, ({ path }) => Promise.resolve({ uri: `https://x${path}` }));
    await expect(listedSource(page, { name: 'iris', path: '/m/iris' })).resolves.toMatchObject({
      uri: 'https://x/m/iris/',
    });
  });
});

describe('amounts', () => {
  const here = { amounts: [{ name: 'price', value: 12.5 }], runMs: 1 };

  it('come from the backend under their names', () => {
    expect(backendOutput({ values: { price: 12.25 } })).toEqual({
      amounts: [{ name: 'price', value: 12.25 }],
    });
    expect(backendOutput({ values: { shape: [1], data: [3] } })).toEqual({
      values: [{ name: 'output', dtype: 'float32', shape: [1], data: [3] }],
    });
    expect(largestDifference(here, { ...backendOutput({ values: { price: 12.25 } }), runMs: 0 })).toBe(0.25);
    expect(largestDifference(here, { amounts: [], runMs: 0 })).toBeNaN();
  });

  it('are what the code prints of such a model', () => {
    const metadata: TrainedMetadata = {
      ...{ formatVersion: 1, task: 't', name: 'flats', labels: ['price'], answers: 'values' },
      ...{ preprocessing: { kind: 'tabular', columns }, metrics: {}, engine: { name: 'cpu' } },
      ...{ createdAt: '', configHash: '' },
    };
    const input = { kind: 'tabular', row: {} } as const;
    const code = snippet({ platform: 'node', folder: '/m', metadata, input });
    expect(code).toContain('Object.fromEntries(labels.map(');
    expect(code).not.toContain('.sort(');
  });
});
