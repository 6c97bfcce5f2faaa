import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import { datasetReport, type DatasetFormat } from '../../protocol/model/dataset';
import { isStudioError } from '../../protocol/wire/errors';
import { inspectDataset } from './inspect';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-dataset-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

let clips = 0;
/** Another sound each time: the same one twice is a finding. */
const wav = (seconds = 0.5, sampleRate = 16_000) =>
  writeWav({
    sampleRate,
    channels: [new Float32Array(Math.round(seconds * sampleRate)).fill(0.1 + ++clips / 1000)],
  });

async function put(name: string, content: string | Uint8Array = wav()): Promise<string> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
  return file;
}

async function inspect(name = '.', format?: DatasetFormat) {
  const { signal } = new AbortController();
  const { report } = await inspectDataset(path.join(root, name), { format, signal });
  datasetReport.parse(report);
  return report;
}

/** `code line` or `code file` of every problem. */
const places = (report: Awaited<ReturnType<typeof inspect>>) =>
  report.problems.map((one) => `${one.code} ${one.line ?? path.relative(root, one.file ?? root)}`.trim());

async function failure(name = '.', format?: DatasetFormat): Promise<unknown> {
  return inspect(name, format).catch((error: unknown) => error);
}

describe('folder-per-label', () => {
  it('counts clips, seconds, bytes, labels and rates', async () => {
    for (let i = 0; i < 5; i++) for (const label of ['چپ', 'راست']) await put(`${label}/${i}.wav`);
    const report = await inspect();
    expect(report).toMatchObject({
      format: 'folder-per-label',
      items: 10,
      problems: [],
      errors: 0,
      warnings: 0,
    });
    expect(report.stats).toMatchObject({
      labels: { چپ: 5, راست: 5 },
      seconds: 5,
      sampleRates: { 16000: 10 },
      channels: { 1: 10 },
      bytes: 10 * wav().length,
    });
    expect(report.sizeBytes).toBe(10 * wav().length);
  });

  it('names what is wrong, errors first', async () => {
    for (let i = 0; i < 5; i++) for (const label of ['a', 'b']) await put(`${label}/${i}.wav`);
    await mkdir(path.join(root, 'c'));
    await put('a/x.wav', 'RIFF????WAVE no');
    await put('a/y.m4a', 'x');
    await put('b/z.wav', wav(0.01, 8000));
    await put('stray.wav');
    expect(places(await inspect())).toEqual([
      'label.empty c',
      'audio.unreadable a/x.wav',
      'audio.format a/y.m4a',
      'audio.stray stray.wav',
      'audio.short b/z.wav',
      'audio.sampleRates',
    ]);
  });

  it('listens to compressed recordings too', async () => {
    const testdata = path.join(import.meta.dirname, '../../ml/audio/decode/testdata');
    const names = ['mono.mp3', 'vbr.mp3', 'stereo.flac', 'stereo.opus', 'flac.oga'];
    for (const name of names) await put(`a/${name}`, await readFile(path.join(testdata, name)));
    const cut = (await readFile(path.join(testdata, 'stereo.ogg'))).subarray(0, 60);
    await put('b/cut.ogg', cut);
    const report = await inspect();
    expect(places(report)).toEqual([
      'audio.unreadable b/cut.ogg',
      'label.few b/cut.ogg',
      'audio.sampleRates',
    ]);
    expect(report.stats).toMatchObject({ sampleRates: { 16000: 4, 48000: 1 } });
  });

  it('says that one label is not enough', async () => {
    await put('a/1.wav');
    expect(places(await inspect())).toEqual(['label.single']);
  });
});

describe('csv and tsv', () => {
  it('describes the columns', async () => {
    await put(
      't.csv',
      'length,colour,label\n1.5,red,a\n2.5,blue,b\n3.5,red,a\n۴٫۵,red,b\n0,red,a\n9,red,b\n1,x,a\n2,x,b\n3,x,a\n4,x,b\n',
    );
    const report = await inspect('t.csv');
    expect(report).toMatchObject({ format: 'csv', items: 10, problems: [] });
    expect(report.stats['columns']).toEqual([
      { name: 'length', kind: 'numeric', missing: 0, distinct: 10, min: 0, max: 9, mean: 3.1 },
      { name: 'colour', kind: 'text', missing: 0, distinct: 3, values: { red: 5, blue: 1, x: 4 } },
      { name: 'label', kind: 'text', missing: 0, distinct: 2, values: { a: 5, b: 5 } },
    ]);
    expect(report.stats['labels']).toEqual({ a: 5, b: 5 });
  });

  it('finds NaN, text among numbers, empty cells, ragged and repeated rows, on their lines', async () => {
    const good = Array.from({ length: 30 }, (_, i) => `${i},${i % 2 ? 'a' : 'b'}`).join('\n');
    await put('t.tsv', `x,label\n${good}\nNaN,a\nabc,b\n,a\n7\n3,a\n`.replaceAll(',', '\t'));
    const report = await inspect('t.tsv');
    expect(report.format).toBe('tsv');
    expect(places(report)).toEqual([
      'row.length 35',
      'cell.nan 32',
      'cell.notNumber 33',
      'row.duplicate 36',
      'cell.empty t.tsv',
      'cell.empty t.tsv',
    ]);
    expect(report.problems.find((one) => one.code === 'row.duplicate')?.message).toMatch(/line 5/);
  });

  it('counts lines through quoted line breaks', async () => {
    await put('t.csv', 'text,label\n"one\ntwo",a\nx,b\n\nx,b\n');
    const [problem] = (await inspect('t.csv')).problems.filter((one) => one.code === 'row.duplicate');
    expect(problem?.message).toMatch(/line 4/);
    expect(problem?.line).toBe(6);
  });

  it('looks at the sound that a column names', async () => {
    await put('wavs/1.wav');
    await put('t.csv', 'file,label\nwavs/1.wav,a\nwavs/2.wav,b\n../3.wav,a\n');
    const report = await inspect('t.csv');
    expect(
      report.problems.filter((one) => one.severity === 'error').map((one) => `${one.code} ${one.line ?? ''}`),
    ).toEqual(['path.outside 4', 'audio.missing 3']);
    expect(report.stats['seconds']).toBe(0.5);
  });

  it.each([
    ['', 'table.empty'],
    ['a,b\n', 'table.empty'],
    ['a,a,\n1,2,3\n', 'header.duplicate'],
    ['a,b\n"1,2\n', 'table.syntax'],
    ['\0\0\0', 'table.syntax'],
  ])('finds what is wrong with %j', async (text, code) => {
    await put('t.csv', text);
    expect(places(await inspect('t.csv')).join()).toContain(code);
  });

  it('keeps a hundred problems of a kind and counts the rest', async () => {
    await put('t.csv', `a\n${'same\n'.repeat(351)}`);
    const report = await inspect('t.csv');
    expect(report.problems).toHaveLength(101);
    expect(report.warnings).toBe(350);
    expect(report.problems.at(-1)?.message).toMatch(/250 more/);
  });
});

describe('jsonl', () => {
  it('reads objects line by line and names the lines that are none', async () => {
    await put(
      't.jsonl',
      '\ufeff{"text":"سلام","label":"a"}\n\n{"text":"خداحافظ","label":"b"}\n[1]\n{"text":\n{"__proto__":1}',
    );
    const report = await inspect('t.jsonl');
    expect(report).toMatchObject({ format: 'jsonl', items: 3 });
    expect(places(report).slice(0, 2)).toEqual(['json.shape 4', 'json.syntax 5']);
    expect(({} as Record<string, unknown>)['1']).toBeUndefined();
  });
});

describe('ljspeech', () => {
  it('matches lines with recordings', async () => {
    for (const id of ['a1', 'a2', 'a3']) await put(`wavs/${id}.wav`, wav(1, 22_050));
    await put('metadata.csv', 'a1|متن "یک|متن یک\na2|متن دو\na4|متن\na2|متن دو\n|x\na5\na1b|\n../../x|y\n');
    const report = await inspect();
    expect(report).toMatchObject({ format: 'ljspeech', items: 8 });
    expect(places(report)).toEqual([
      'id.empty 5',
      'row.length 6',
      'text.empty 7',
      'path.outside 8',
      'audio.missing 3',
      'audio.missing 6',
      'audio.missing 7',
      'id.duplicate 4',
      'audio.unlisted wavs/a3.wav',
      'text.latin 5',
      'text.latin 8',
    ]);
    expect(report.stats).toMatchObject({ seconds: 2, sampleRates: { 22050: 2 } });
    expect(report.stats['alphabet']).toContain('ی');
    expect((await inspect('metadata.csv')).path).toBe(root);
  });
});

describe('what is no data set', () => {
  it('says so, and what is one', async () => {
    expect(isStudioError(await failure('absent'), 'dataset.notFound')).toBe(true);
    expect(isStudioError(await failure(), 'dataset.unsupported')).toBe(true);
    await put('model.bin');
    const error = await failure('model.bin');
    expect(isStudioError(error, 'dataset.unsupported')).toBe(true);
    expect((error as Error).message).toMatch(/Goya reads .*LJSpeech/);
  });

  it('asks which of several tables, and takes the only one', async () => {
    await put('a.csv', 'x\n1\n');
    expect((await inspect()).format).toBe('csv');
    await put('b.csv', 'x\n1\n');
    expect((await failure()) as Error).toMatchObject({
      message: expect.stringMatching(/several tables \(a\.csv, b\.csv\)/) as string,
    });
  });

  it('holds a caller to the format it asks for', async () => {
    const file = await put('notes.txt', 'x\n1\n');
    expect(await inspect('notes.txt', 'csv')).toMatchObject({ format: 'csv', path: file, items: 1 });
    expect(isStudioError(await failure('notes.txt', 'folder-per-label'), 'dataset.unsupported')).toBe(true);
    expect(isStudioError(await failure('.', 'ljspeech'), 'dataset.unsupported')).toBe(true);
    expect(isStudioError(await failure('.', 'csv'), 'dataset.unsupported')).toBe(true);
  });
});

describe('a large table', () => {
  it('lets others in while it is read, and stops when asked', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `${i},text number ${i},${i % 3}`);
    await put('big.csv', `id,text,label\n${rows.join('\n')}\n`);
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const report = await inspect('big.csv');
    clearInterval(timer);
    expect(report.items).toBe(60_000);
    expect(report.problems).toEqual([]);
    expect(turns).toBeGreaterThan(5);
    const stop = new AbortController();
    const running = inspectDataset(path.join(root, 'big.csv'), { signal: stop.signal });
    setTimeout(() => stop.abort(), 5);
    await expect(running).rejects.toThrow();
  });
});
