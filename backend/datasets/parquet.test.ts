/** Parquet as the hub ships it; the files were written by Apache Arrow 24 (snappy, zstd, gzip; two row groups). */
import { copyFile, cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { wavInfo } from '../../ml/audio/wav';
import { DatasetDesk } from './desk';
import { inspectDataset } from './inspect';

const fixtures = path.resolve(import.meta.dirname, '../../tests/fixtures/parquet');
const { signal } = new AbortController();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-parquet-'));
  await cp(fixtures, path.join(root, 'set', 'data'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const set = () => path.join(root, 'set');
const shard = (name: string) => path.join(set(), 'data', name);

it('reads a folder of shards: sound, texts, speakers, splits', async () => {
  const { report, index } = await inspectDataset(set(), { signal });
  expect(report).toMatchObject({ format: 'parquet', items: 5, path: set() });
  expect(report.stats).toMatchObject({ seconds: 2, sampleRates: { 8000: 4 }, splits: { test: 1, train: 4 } });
  expect(report.problems.map(({ code }) => code)).toEqual(['audio.missing', 'text.letters']);
  expect(index.rows.map(({ id, text, speaker }) => [id, text, speaker])).toEqual([
    ['e.wav', 'آزمون', 'anna'],
    ['a.wav', 'سلام دنيا', 'anna'],
    ['b.wav', 'خوب، "نقل"', 'ben'],
    ['c.wav', 'بی صدا', 'ben'],
    ['d.wav', 'سه', 'anna'],
  ]);
});

it('gives out the sound of a row, and keeps what is changed beside the data', async () => {
  const desk = new DatasetDesk(path.join(root, 'storage'));
  const { path: clip } = await desk.clip({ path: set(), row: 2 }, { signal });
  expect(wavInfo(await readFile(clip))).toMatchObject({ sampleRate: 8000, seconds: 0.5 });
  await expect(desk.clip({ path: set(), row: 3 }, { signal })).rejects.toMatchObject({
    kind: 'dataset.notFound',
  });
  const changes = await desk.edit({ path: set(), edits: [{ row: 1, text: 'سلام دنیا' }] }, { signal });
  expect(changes).toMatchObject({ changed: 1, writable: false });
  await expect(desk.write({ path: set() }, { signal })).rejects.toMatchObject({
    kind: 'dataset.unsupported',
  });
});

it('names a file that is cut short or no Parquet at all, and reads the others', async () => {
  await truncate(shard('train-00001-of-00002.parquet'), 4000);
  await writeFile(shard('other.parquet'), 'PAR1 and so on');
  const { report } = await inspectDataset(set(), { signal });
  const broken = report.problems.filter(({ code }) => code === 'parquet.unreadable');
  expect(broken.map(({ file }) => path.basename(file ?? ''))).toEqual([
    'other.parquet',
    'train-00001-of-00002.parquet',
  ]);
  expect(report.items).toBe(4);
});

it('takes one file alone', async () => {
  await copyFile(shard('test-00000-of-00001.parquet'), path.join(root, 'one.parquet'));
  const { report } = await inspectDataset(path.join(root, 'one.parquet'), { signal });
  expect(report).toMatchObject({ format: 'parquet', items: 1, problems: [] });
});
