import { cp, mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parquetOf, spokenParquet, type SpokenRow } from '../../tests/fixtures/parquetFile';
import { spellWav } from '../../tests/fixtures/tones';
import { DatasetDesk } from '../datasets/desk';
import { ParquetFile } from './data/parquetFile';
import type { RowFault } from './data/row';
import { clipsIn, findRecordings } from './recordings';
import { readSpeechData, type SpeechDataOptions, type SpeechRow } from './speechData';

/** Written by Apache Arrow; the third row of the first shard has no sound. */
const fixtures = path.resolve(import.meta.dirname, '../../tests/fixtures/parquet');
const { signal } = new AbortController();
let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-parquet-'));
  await cp(fixtures, path.join(root, 'set', 'data'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const at = (...parts: string[]) => path.join(root, ...parts);
const clips = () => at('cache', 'clips');

async function read(name = 'set', options: SpeechDataOptions = {}) {
  const rows: SpeechRow[] = [];
  const faults: RowFault[] = [];
  for await (const row of readSpeechData(at(name), { ...options, onFault: (fault) => faults.push(fault) }))
    rows.push(row);
  return { rows, faults };
}
const row = (text: string, speaker?: string): SpokenRow => ({
  ...{ sound: spellWav('اب'), text },
  ...(speaker === undefined ? {} : { speaker }),
});

it('reads the rows of the shards to learn from, with their speakers, and says which split it left', async () => {
  const { rows, faults } = await read();
  expect(
    rows.map(({ id, text, speaker, line, durationSeconds }) => [id, text, speaker, line, durationSeconds]),
  ).toEqual([
    ['a.wav', 'سلام دنيا', 'anna', 1, 0.5],
    ['b.wav', 'خوب، "نقل"', 'ben', 2, 0.5],
    ['d.wav', 'سه', 'anna', 4, 0.5],
  ]);
  expect(faults.map(({ code, line }) => [code, line])).toEqual([
    ['parquet.splits', undefined],
    ['audio.missing', 3],
  ]);
  const one = await read('set/data/test-00000-of-00001.parquet');
  expect(one.rows.map(({ id }) => id)).toEqual(['e.wav']);
  expect(one.faults).toEqual([]);
});

it('is not read again while nothing has changed, and is when something has', async () => {
  const file = at('one.parquet');
  await writeFile(file, spokenParquet([row('سلام'), row('')]));
  const first = await read('one.parquet');
  expect(first.rows.map(({ sound }) => sound?.byteLength)).toEqual([spellWav('اب').byteLength]);
  const again = await read('one.parquet');
  // What was remembered has no sound with it.
  expect(again.rows).toEqual(first.rows.map((one) => ({ ...one, sound: undefined })));
  expect(again.faults).toEqual(first.faults);
  await writeFile(file, spokenParquet([row('خوب'), row('دو')]));
  await utimes(file, new Date(), new Date(Date.now() + 5000));
  expect((await read('one.parquet')).rows.map(({ text }) => text)).toEqual(['خوب', 'دو']);
});

it("puts the chosen speaker's sound into files once, and forgets those of long ago", async () => {
  await mkdir(at('cache', 'clips', 'old'), { recursive: true });
  const longAgo = new Date(Date.now() - 40 * 86_400_000);
  await utimes(at('cache', 'clips', 'old'), longAgo, longAgo);
  const { rows } = await read('set', { clipsPath: clips(), speaker: 'anna' });
  const [a, b, d] = rows.map(({ audioPath }) => audioPath);
  expect(b).toMatch(/parquet#2$/);
  const wav = await readFile(a ?? '');
  expect(wav.subarray(0, 4).toString()).toBe('RIFF');
  expect(path.extname(d ?? '')).toBe('.wav');
  expect(await readdir(clips())).not.toContain('old');
  // One that was cut short is written again; what is whole stays.
  await truncate(d ?? '', 10);
  await writeFile(a ?? '', Buffer.alloc(wav.byteLength));
  await read('set', { clipsPath: clips(), speaker: 'anna' });
  expect((await readFile(d ?? '')).byteLength).toBeGreaterThan(10);
  expect((await readFile(a ?? '')).every((byte) => byte === 0)).toBe(true);
});

it('obeys what was changed in the grid, also of a single file', async () => {
  const desk = new DatasetDesk(at('storage'));
  await writeFile(at('one.parquet'), spokenParquet([row('یک'), row('دو'), row('سه')]));
  const edits = [
    { row: 0, text: 'چهار' },
    { row: 2, verdict: 'rejected' as const },
  ];
  await desk.edit({ path: at('one.parquet'), edits }, { signal });
  for (const options of [{}, {}, { clipsPath: clips() }])
    expect((await read('one.parquet', options)).rows.map(({ text }) => text)).toEqual(['چهار', 'دو']);
});

it('names files that are damaged, or have no sound or no texts', async () => {
  await writeFile(at('set', 'data', 'train-00001-of-00002.parquet'), 'PAR1 and so on');
  const damaged = await read();
  expect(damaged.rows).toHaveLength(2);
  expect(damaged.faults.find(({ code }) => code === 'parquet.unreadable')?.message).toMatch(/train-00001/);
  const sound = [spellWav('اب')];
  await writeFile(at('mute.parquet'), parquetOf([{ name: 'sentence', values: ['سلام'] }]));
  await writeFile(
    at('wordless.parquet'),
    parquetOf([
      { name: 'audio', values: sound },
      { name: 'words', values: ['x'] },
    ]),
  );
  const failure = { kind: 'dataset.unsupported' };
  await expect(read('mute.parquet')).rejects.toMatchObject({
    ...failure,
    message: expect.stringMatching(/no column of sound.*: sentence/) as string,
  });
  await expect(read('wordless.parquet')).rejects.toMatchObject({
    ...failure,
    message: expect.stringMatching(/no column of texts.*: audio, words/) as string,
  });
});

it('says where sound cannot be put', async () => {
  await mkdir(at('cache'));
  await writeFile(clips(), 'a file');
  await expect(read('set', { clipsPath: clips() })).rejects.toMatchObject({ kind: 'dataset.writeFailed' });
  const place = {
    path: at('set'),
    at: '/data/path',
    speaker: undefined,
    clipsPath: clipsIn(at('cache')),
    signal,
  };
  const { problems } = await findRecordings(place, (recording) => ({ recording }));
  expect(problems.at(-1)?.message).toMatch(/cannot be put into/);
});

it('stops when it is told to, and closes its file', async () => {
  const stop = new AbortController();
  await writeFile(at('one.parquet'), spokenParquet(Array.from({ length: 600 }, (_, i) => row(`متن ${i}`))));
  const reading = async () => {
    for await (const { line } of readSpeechData(at('one.parquet'), { signal: stop.signal }))
      if (line === 3) stop.abort();
  };
  await expect(reading()).rejects.toThrow();
  const opened = await ParquetFile.open(at('one.parquet'));
  expect(opened.rows).toBe(600);
  await opened.close();
});
