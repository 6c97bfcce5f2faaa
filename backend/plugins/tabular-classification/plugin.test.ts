import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingOptions } from '../../sdk/options';
import { Random } from '../../sdk/random';
import { dataOptions, modelOptions } from './config';
import { analyse } from './data';
import task from './index';
import { buildModel } from './model';
import { delimiterOf } from '../../sdk/table';
import { prepare } from './train';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-table-'));
  await tf.setBackend('cpu');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function context(text: string | undefined, data: object = {}, training: object = {}) {
  const file = path.join(folder, 'table.csv');
  if (text === undefined) await rm(file, { force: true });
  else await writeFile(file, text);
  return {
    data: dataOptions.parse({ path: 'table.csv', ...data }),
    model: modelOptions.parse({}),
    training: trainingOptions.parse(training),
    resolve: (relative: string) => path.resolve(folder, relative),
    cachePath: path.join(folder, 'cache'),
    signal: new AbortController().signal,
  };
}

const rows = (count: number, row: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => row(i)).join('\n');
const plain = (count = 20) =>
  `a,b,label\n${rows(count, (i) => `${i},${i % 7},${i % 2 === 0 ? 'even' : 'odd'}`)}\n`;

describe('inspect', () => {
  it('finds nothing wrong with a good table', async () => {
    expect(await task.inspect(await context(plain(), {}, { batchSize: 8 }))).toEqual([]);
  });

  const cases: [string, string | undefined, object, string, RegExp][] = [
    ['a missing file', undefined, {}, '/data/path', /table\.csv does not exist/],
    ['an empty file', '', {}, '/data/path', /is empty/],
    ['a header without rows', 'a,label\n', {}, '/data/path', /no examples/],
    ['too few rows', plain(4), {}, '/data/path', /only 4 examples/],
    ['an absent label', plain(), { label: 'kind' }, '/data/label', /no column "kind".*a, b, label/],
    ['an absent feature', plain(), { features: ['a', 'z'] }, '/data/features/1', /no column "z"/],
    ['the label among the features', plain(), { features: ['a', 'label'] }, '/data/features', /given away/],
    ['one class', `a,label\n${rows(12, (i) => `${i},x`)}`, {}, '/data/label', /label "x".*one class/],
    [
      'as many classes as rows',
      `a,label\n${rows(12, (i) => `${i},${i}.5`)}`,
      {},
      '/data/label',
      /too many to learn/,
    ],
    ['an empty cell', plain().replace('\n3,3,odd', '\n,3,odd'), {}, '/data/path', /"a".*line 5/],
    ['a NaN cell', plain().replace('\n3,3,odd', '\n3,NaN,odd'), {}, '/data/path', /"b".*NaN.*line 5/],
    [
      'text among numbers',
      plain(40).replace('\n3,3,odd', '\nthree,3,odd'),
      {},
      '/data/path',
      /text among numbers on line 5/,
    ],
    [
      'an empty label',
      plain().replace('\n3,3,odd', '\n3,3,'),
      {},
      '/data/path',
      /"label" has no label on line 5/,
    ],
    ['a short line', plain().replace('\n3,3,odd', '\n3,odd'), {}, '/data/path', /line 5 has 2/],
    ['two columns of one name', plain().replace('a,b', 'a,a'), {}, '/data/path', /Two columns are named "a"/],
    ['a nameless column', plain().replace('a,b', 'a,'), {}, '/data/path', /Column 2 has no name/],
    [
      'an open quote',
      plain().replace('\n3,3', '\n"3,3'),
      {},
      '/data/path',
      /\(line \d+\): A (quotation mark|cell begins with a quotation)/,
    ],
    [
      'numbers with a decimal comma',
      `x;y;label\n${rows(20, (i) => `${i},5;${i % 7};${i % 2}`)}\n`,
      {},
      '/data/path',
      /"x" has numbers such as 0,5, which are read as texts/,
    ],
    [
      'thousands set apart',
      `x,label\n${rows(20, (i) => `۱٬${234 + i}٬۰۰۰,${i % 2}`)}\n`,
      {},
      '/data/path',
      /"x" has numbers such as ۱٬234٬۰۰۰/,
    ],
    [
      'a number that no model holds',
      plain().replace('\n3,3', '\n1e300,3'),
      {},
      '/data/path',
      /beyond .*line 5/,
    ],
    ['no column left', plain(), { ignore: ['a', 'b'] }, '/data', /No column is left/],
  ];
  it.each(cases)('names %s', async (_name, text, data, at, message) => {
    const problems = await task.inspect(await context(text, data));
    const found = problems.filter((one) => one.severity === 'error' && message.test(one.message));
    expect(
      found.map((one) => one.path),
      JSON.stringify(problems),
    ).toContain(at);
  });

  it('takes dates and listed columns for what they are', async () => {
    const text = `day,code,label\n${rows(40, (i) => `2024/05/0${(i % 3) + 1},"${i % 4},5",${i % 2}`)}\n`;
    const problems = await task.inspect(await context(text, { categorical: ['code'] }));
    expect(problems.filter((one) => /read as texts/.test(one.message))).toEqual([]);
  });

  it('counts lines through blank lines and quoted line breaks', async () => {
    const text = `a,t,label\n1,"two\nlines",x\n\n${rows(20, (i) => `${i === 7 ? '' : i},t,${i % 2 === 0 ? 'x' : 'y'}`)}\n`;
    const problems = await task.inspect(await context(text));
    expect(problems.map((one) => one.message).join()).toMatch(/"a".*line 12\b/);
  });

  it.each([
    ['a large batch', plain(), { batchSize: 500 }, '/training/batchSize', /larger than the 16/],
    [
      'a number far from the others',
      plain(40).replace('\n3,3', '\n1e9,3'),
      {},
      '/data/path',
      /far from all.*line 5/,
    ],
    [
      'labels that read alike',
      `a,label\n${rows(30, (i) => `${i},${['علی', 'علي', 'رضا'][i % 3] ?? ''}`)}`,
      {},
      '/data/label',
      /read alike/,
    ],
    ['a label of one example', `${plain()}1,1,third\n`, {}, '/data/label', /one example only/],
    [
      'an identifier',
      `id,a,label\n${rows(50, (i) => `u${i},${i % 5},${i % 2}`)}`,
      {},
      '/data/path',
      /looks like an identifier/,
    ],
  ])('warns of %s', async (_name, text, training, at, message) => {
    const problems = await task.inspect(await context(text, {}, training));
    expect(problems).toContainEqual(
      expect.objectContaining({
        severity: 'warning',
        path: at,
        message: expect.stringMatching(message) as string,
      }),
    );
  });
});

describe('columns', () => {
  it('reads numbers in any digits, categories, separators and a byte order mark', async () => {
    const text = `\uFEFFطول;رنگ;کد;label\n${rows(20, (i) => `۱٫${i % 10};${i % 3 === 0 ? 'سرخ' : 'آبی'};${i % 2};${i % 2}`)}`;
    const { columns, labels } = await analyse(
      await context(text, { categorical: ['کد'] }),
      new AbortController().signal,
    );
    expect(columns.map(({ name, kind, values }) => ({ name, kind, values }))).toEqual([
      { name: 'طول', kind: 'numeric', values: [] },
      { name: 'رنگ', kind: 'categorical', values: ['آبی', 'سرخ'].sort() },
      { name: 'کد', kind: 'categorical', values: ['0', '1'] },
    ]);
    expect(labels).toEqual(['0', '1']);
  });

  it('sorts number labels by size', async () => {
    const { labels } = await analyse(
      await context(`a,label\n${rows(40, (i) => `${i},${i % 11}`)}`),
      new AbortController().signal,
    );
    expect(labels).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10']);
  });

  it.each([
    ['a,b', ','],
    ['a\tb\tc', '\t'],
    ['"x,y,z";b', ';'],
    ['alone', ','],
  ])('%j is separated by %j', (line, delimiter) => expect(delimiterOf(line)).toBe(delimiter));
});

describe('prepare', () => {
  it('builds the default network: 128 relu, dropout 0.2, 64 relu, softmax', () => {
    const model = buildModel(modelOptions.parse({}), 4, 3);
    const shapes = model.layers.map((layer) => [
      layer.getClassName(),
      layer.getConfig()['units'] ?? layer.getConfig()['rate'],
      layer.getConfig()['activation'],
    ]);
    expect(shapes).toEqual([
      ['Dense', 128, 'relu'],
      ['Dropout', 0.2, undefined],
      ['Dense', 64, 'relu'],
      ['Dense', 3, 'softmax'],
    ]);
    expect(model.countParams()).toBe(4 * 128 + 128 + 128 * 64 + 64 + 64 * 3 + 3);
  });

  it('scales by the training rows, one-hot encodes, and batches every row once an epoch', async () => {
    const text = `n,c,label\n${rows(50, (i) => `${i},${i % 2 === 0 ? 'p' : 'q'},${i % 5 === 0 ? 'y' : 'x'}`)}`;
    const base = await context(text, {}, { batchSize: 16 });
    const setup = await prepare({ ...base, engine: 'cpu', random: Random.from(1) });
    expect(setup.stepsPerEpoch).toBe(3);
    const seen: number[] = [];
    for await (const batch of setup.trainBatches(1, Random.from(2))) {
      const inputs = await (batch as { inputs: tf.Tensor2D }).inputs.array();
      for (const row of inputs) {
        seen.push(row[0]!);
        expect(row[1]! + row[2]!).toBe(1);
      }
    }
    expect(seen).toHaveLength(40);
    expect(seen.reduce((sum, value) => sum + value, 0) / 40).toBeCloseTo(0, 4);
    expect(seen.reduce((sum, value) => sum + value * value, 0) / 40).toBeCloseTo(1, 4);
    const { preprocessing, labels } = setup.metadata();
    expect(labels).toEqual(['x', 'y']);
    expect(preprocessing).toMatchObject({ kind: 'tabular', labelColumn: 'label' });
  });

  it('leaves a constant column at zero instead of dividing by nothing', async () => {
    const text = `n,k,label\n${rows(20, (i) => `${i},5,${i % 2}`)}`;
    const setup = await prepare({ ...(await context(text)), engine: 'cpu', random: Random.from(1) });
    expect(setup.metadata().preprocessing).toMatchObject({ columns: [{}, { name: 'k', mean: 5, std: 1 }] });
  });

  it('refuses bad data as inspect does', async () => {
    const base = await context('a,label\n1,x\n');
    await expect(prepare({ ...base, engine: 'cpu', random: Random.from(1) })).rejects.toMatchObject({
      kind: 'training.invalidData',
    });
  });
});
