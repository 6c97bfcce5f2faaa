import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trainingOptions } from '../../sdk/options';
import { Random } from '../../sdk/random';
import { columnsOf } from './columns';
import { dataOptions, modelOptions } from './config';
import { analyse } from './data';
import task from './index';
import { withSlip } from './slips';
import { splitExamples } from './splitExamples';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-texts-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function context(files: Readonly<Record<string, string>>, data: object = {}, model: object = {}) {
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
  return {
    data: dataOptions.parse({ path: Object.keys(files)[0] ?? 'none.csv', ...data }),
    model: modelOptions.parse(model),
    training: trainingOptions.parse({ batchSize: 4 }),
    resolve: (relative: string) => path.resolve(folder, relative),
    signal: new AbortController().signal,
  };
}

const letters = ['سیب', 'گلابی', 'انار', 'هلو', 'انگور', 'آلو', 'گیلاس', 'توت', 'به', 'موز'];
const body = (mark: string, count = 20): string =>
  Array.from({ length: count }, (_, i) => {
    const text = `${letters[i % 10] ?? ''}${'ا'.repeat(Math.floor(i / 10))}`;
    return `${text}${mark}${i % 2 === 0 ? 'زن' : 'مرد'}\n`;
  }).join('');
const csv = (count?: number): string => `text,label\n${body(',', count)}`;

describe('inspect', () => {
  it('finds nothing wrong with good data, whatever its form', async () => {
    const jsonl = Array.from(
      { length: 12 },
      (_, i) => `{"text": "متن ${'ب'.repeat(i)}", "label": ${i % 2}}`,
    ).join('\r\n');
    for (const files of [
      { 'a.csv': csv() },
      { 'a.tsv': `\uFEFFtext\tlabel\r\n${body('\t').replaceAll('\n', '\r\n')}` },
      { 'a.jsonl': `\uFEFF${jsonl}\n\n` },
      { 'a.csv': `جمله,برچسب\n${body(',')}` },
      { 'a.csv': csv().replace('سیب,', '"سیب, ""سرخ""\nو شیرین",') },
    ]) {
      const problems = await task.inspect(await context(files, { normalization: { digits: 'keep' } }));
      expect(problems.filter(({ severity }) => severity !== 'info')).toEqual([]);
    }
  });

  const errors: [string, Record<string, string>, object, string, RegExp][] = [
    ['a missing file', {}, {}, '/data/path', /none\.csv does not exist/],
    ['a JSON file', { 'a.json': '[{"text": "a", "label": "b"}]' }, {}, '/data/path', /Save it as JSONL/],
    [
      'nothing to hold out',
      { 'a.csv': `text,label\n${'خوب,a\nبد,b\n'.repeat(10)}` },
      {},
      '/data/path',
      /only 2 different texts/,
    ],
    ['an empty file', { 'e.csv': '' }, {}, '/data/path', /is empty/],
    ['a header alone', { 'e.csv': 'text,label\n' }, {}, '/data/path', /no examples/],
    ['too few examples', { 'e.csv': csv(4) }, {}, '/data/path', /only 4 examples/],
    [
      'a column that is not there',
      { 'e.csv': csv() },
      { text: 'words' },
      '/data/text',
      /"words".*text, label/,
    ],
    ['a label column that is not there', { 'e.csv': csv() }, { label: 'kind' }, '/data/label', /"kind"/],
    [
      'columns that cannot be guessed',
      { 'e.csv': 'a,b,c\n1,2,3\n' },
      {},
      '/data',
      /Which column holds the text/,
    ],
    ['one label', { 'e.csv': csv().replaceAll('مرد', 'زن') }, {}, '/data/label', /label "زن".*one class/],
    [
      'a label each',
      { 'e.csv': `text,label\n${letters.map((t, i) => `${t},${i}`).join('\n')}` },
      {},
      '/data/label',
      /too many/,
    ],
    ['a short line', { 'e.csv': `${csv()}تنها\n` }, {}, '/data/path', /line 22 has 1 cells/],
    [
      'an open quote',
      { 'e.csv': `${csv()}"تنها,زن\n` },
      {},
      '/data/path',
      /A cell begins with a quotation mark/,
    ],
    ['binary data', { 'e.csv': 'text,label\n\0\0' }, {}, '/data/path', /not text/],
    [
      'a line of no JSON',
      { 'e.jsonl': '{"text":"a","label":"b"}\n[1]\n{' },
      {},
      '/data/path',
      /line 2 is not.*line 3 is not/,
    ],
    [
      'a key that holds a list',
      { 'e.jsonl': '{"text":"a","label":"b"}\n{"text":[1],"label":"b"}' },
      {},
      '/data/path',
      /line 2 has no text or number under "text"/,
    ],
    [
      'a weight of no label',
      { 'e.csv': csv() },
      { classWeights: { woman: 2 } },
      '/data/classWeights',
      /"woman".*زن/,
    ],
    [
      'weights of nothing',
      { 'e.csv': csv() },
      { classWeights: { زن: 0, مرد: 0 } },
      '/data/classWeights',
      /weighs 0/,
    ],
    [
      'a strange label to measure',
      { 'e.csv': csv(), 'dev.csv': 'text,label\nکیوی,کودک\n' },
      { validationPath: 'dev.csv' },
      '/data/validationPath',
      /"کودک" \(line 2\)/,
    ],
    [
      'a missing file to measure',
      { 'e.csv': csv() },
      { validationPath: 'gone.csv' },
      '/data/validationPath',
      /does not exist/,
    ],
  ];
  it.each(errors)('names %s', async (_what, files, data, at, message) => {
    const problems = await task.inspect(await context(files, data));
    const found = problems.filter((one) => one.severity === 'error' && message.test(one.message));
    expect(
      found.map((one) => one.path),
      JSON.stringify(problems),
    ).toContain(at);
  });

  const remarks: [string, Record<string, string>, object, string, RegExp][] = [
    ['an empty text', { 'w.csv': `${csv()},زن\n` }, {}, 'warning', /No text on line 22/],
    [
      'a text of nothing visible',
      { 'w.csv': `${csv()}\u200C\u200F,زن\n` },
      {},
      'warning',
      /No text on line 22/,
    ],
    ['an empty label', { 'w.csv': `${csv()}نارنگی,\n` }, {}, 'warning', /No label on line 22/],
    ['a label of one example', { 'w.csv': `${csv()}خربزه,کودک\n` }, {}, 'warning', /"کودک"; line 22/],
    ['a text with two labels', { 'w.csv': `${csv()}سیب,مرد\n` }, {}, 'warning', /another label: line 22/],
    [
      'a repeated text',
      { 'w.csv': `${csv()}سیب,زن\n` },
      {},
      'info',
      /repeat an earlier one: line 22.*one side/,
    ],
    [
      'a very long text',
      { 'w.csv': `${csv()}${'سیب '.repeat(200)},زن\n` },
      {},
      'warning',
      /longer than 254.*line 22/,
    ],
    [
      'letters of another keyboard',
      { 'w.csv': `${csv()}عل\u064A,زن\n` },
      {},
      'info',
      /changes 4\.8 % .* line 22/,
    ],
    ['two scripts', { 'w.csv': `${csv()}گوشی phone,زن\n` }, {}, 'info', /mix Persian and Latin.*line 22/],
    [
      'a text on both sides',
      { 'w.csv': csv(), 'dev.csv': 'text,label\nس\u0640یب,زن\n' },
      { validationPath: 'dev.csv' },
      'warning',
      /in the training data too: line 2\b/,
    ],
  ];
  it.each(remarks)('tells of %s', async (_what, files, data, severity, message) => {
    const problems = await task.inspect(await context(files, data));
    expect(
      problems.some((one) => one.severity === severity && message.test(one.message)),
      JSON.stringify(problems),
    ).toBe(true);
    expect(problems.some((one) => one.severity === 'error')).toBe(false);
  });

  it('ends when nobody waits any more', async () => {
    const stop = new AbortController();
    stop.abort(new Error('nobody waits'));
    const given = await context({ 'a.csv': csv() });
    await expect(analyse({ ...given }, stop.signal)).rejects.toThrow('nobody waits');
  });

  it('reads a hundred thousand lines', async () => {
    const lines = Array.from(
      { length: 100_000 },
      (_, i) => `متن ${String.fromCodePoint(0x627 + (i % 2) * 6, 0x62f + (i % 7))},${i % 3}`,
    );
    const { examples, problems } = await analyse(
      await context({ 'big.csv': `text,label\n${lines.join('\n')}` }),
      new AbortController().signal,
    );
    expect(examples).toHaveLength(100_000);
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});

describe('columns', () => {
  it.each([
    [['id', 'Text', 'Label'], {}, { text: 'Text', label: 'Label' }],
    [['نظر', 'احساس'], {}, { text: 'نظر', label: 'احساس' }],
    [['x', 'label'], {}, { text: 'x', label: 'label' }],
    [['name', 'other'], {}, { text: 'name', label: 'other' }],
    [['text', 'label', 'topic'], { label: 'topic' }, { text: 'text', label: 'topic' }],
    [['text', 'label'], { text: 'gone' }, { text: undefined, label: 'label' }],
    [['a', 'b', 'c'], {}, { text: undefined, label: undefined }],
  ])('%j with %j', (header, choice, wanted) => expect(columnsOf(header, choice)).toEqual(wanted));
});

describe('the split', () => {
  it('keeps a repeated text on one side, and measures it once', async () => {
    const text = `text,label\n${body(',')}${body(',')}${body(',')}`;
    const analysis = await analyse(await context({ 'a.csv': text }), new AbortController().signal);
    const classOf = new Map(analysis.labels.map((label, i) => [label, i]));
    const { training, validation } = splitExamples(analysis, 0.3, classOf, Random.from(3));
    const trained = new Set(training.map(({ prepared }) => prepared));
    expect(validation).toHaveLength(6);
    expect(training).toHaveLength(42);
    expect(validation.filter(({ prepared }) => trained.has(prepared))).toEqual([]);
  });
});

it('a slip changes a text by one step, and never to nothing', () => {
  const random = Random.from(5);
  for (let i = 0; i < 500; i++) {
    const slipped = withSlip('آذر نوش', ['ب'], random);
    expect(Math.abs(slipped.length - 7)).toBeLessThanOrEqual(1);
    expect(withSlip('آ', ['ب'], random).length).toBeGreaterThan(0);
  }
});
