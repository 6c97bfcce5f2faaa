/** Rows are looked at, changed, taken back and written: on files as people have them. */
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import type { DatasetFilter, DatasetSort } from '../../protocol/model/datasetRows';
import { readSpeechData } from '../sdk/speechData';
import { DatasetDesk } from './desk';

let root: string;
let desk: DatasetDesk;
const { signal } = new AbortController();
const watched = { signal };

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-desk-'));
  desk = new DatasetDesk(path.join(root, 'storage'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const file = (name: string) => path.join(root, name);
async function put(name: string, content: string | Uint8Array): Promise<string> {
  await mkdir(path.dirname(file(name)), { recursive: true });
  await writeFile(file(name), content);
  return file(name);
}

async function ljspeech(text: string, ids: readonly string[] = ['a', 'b', 'c']): Promise<string> {
  for (const [i, id] of ids.entries()) {
    const samples = new Float32Array(8000 * (i + 1)).fill(0.1 + i / 100);
    await put(`set/wavs/${id}.wav`, writeWav({ sampleRate: 8000, channels: [samples] }));
  }
  await put('set/metadata.csv', text);
  return file('set');
}

async function rows(target: string, sort?: DatasetSort, filter?: DatasetFilter) {
  const answer = await desk.rows({ path: target, offset: 0, limit: 100, sort, filter }, watched);
  return { ...answer, texts: answer.rows.map(({ text }) => text), ids: answer.rows.map(({ id }) => id) };
}

describe('rows', () => {
  it('come sorted and filtered, with what was found in them', async () => {
    const set = await ljspeech('a|سلام دنيا\nb|سال ۱۴۰۲\nc|خوب\n');
    expect((await rows(set)).rows[0]).toMatchObject({ row: 0, line: 1, seconds: 1, codes: ['text.letters'] });
    expect((await rows(set, { by: 'seconds', descending: true })).ids).toEqual(['c', 'b', 'a']);
    expect((await rows(set, { by: 'text' })).ids).toEqual(['c', 'b', 'a']);
    expect((await rows(set, undefined, { code: 'text.digits' })).ids).toEqual(['b']);
    expect((await rows(set, undefined, { search: 'سلام' })).total).toBe(1);
    expect((await desk.rows({ path: set, offset: 1, limit: 1 }, watched)).rows.map(({ id }) => id)).toEqual([
      'b',
    ]);
  });
});

describe('changes', () => {
  it('are undone and done again, survive a restart and touch no file of the data set', async () => {
    const before = 'a|سلام دنيا\nb|سال ۱۴۰۲\nc|خوب\n';
    const set = await ljspeech(before);
    await desk.edit(
      {
        path: set,
        edits: [
          { row: 0, text: 'سلام دنیا' },
          { row: 2, verdict: 'rejected' },
        ],
      },
      watched,
    );
    const now = await rows(set);
    expect(now.rows[0]).toMatchObject({ text: 'سلام دنیا', original: 'سلام دنيا', codes: [] });
    expect(now.rows[2]).toMatchObject({ verdict: 'rejected' });
    expect(now.changes).toMatchObject({ changed: 1, rejected: 1, canUndo: true, canRedo: false });

    desk = new DatasetDesk(path.join(root, 'storage'));
    expect((await rows(set)).texts[0]).toBe('سلام دنیا');
    expect(await desk.undo({ path: set }, watched)).toMatchObject({ changed: 0, rejected: 0, canRedo: true });
    expect((await rows(set)).rows[0]).toMatchObject({ text: 'سلام دنيا', codes: ['text.letters'] });
    expect(await desk.redo({ path: set }, watched)).toMatchObject({ changed: 1, rejected: 1 });
    // A new step takes the place of those that were taken back.
    await desk.undo({ path: set }, watched);
    await desk.edit({ path: set, edits: [{ row: 1, verdict: 'accepted' }] }, watched);
    expect(await desk.redo({ path: set }, watched)).toMatchObject({
      changed: 0,
      accepted: 1,
      canRedo: false,
    });
    expect(await readFile(file('set/metadata.csv'), 'utf8')).toBe(before);
  });

  it('are read by training, and a step that a crash cut short is no step', async () => {
    const set = await ljspeech('a|یک\nb|دو\nc|سه\n');
    await desk.edit(
      {
        path: set,
        edits: [
          { row: 0, text: 'چهار' },
          { row: 1, verdict: 'rejected' },
        ],
      },
      watched,
    );
    await appendFile(file('set/.goya/metadata.csv.changes.jsonl'), '\n{"step":[{"id":"c","fie');
    const texts: string[] = [];
    for await (const { text } of readSpeechData(set)) texts.push(text);
    expect(texts).toEqual(['چهار', 'سه']);
    desk = new DatasetDesk(path.join(root, 'storage'));
    await desk.edit({ path: set, edits: [{ row: 2, text: 'پنج' }] }, watched);
    expect((await rows(set)).texts).toEqual(['چهار', 'دو', 'پنج']);
  });

  it('set every text right that a filter leaves, as one step', async () => {
    const set = await ljspeech('a|كتاب  علي\nb|سال 1402\nc|خوب\n');
    const answer = await desk.normalize({ path: set, fixes: ['letters', 'spaces', 'digits'] }, watched);
    expect(answer).toMatchObject({ rows: 2, changed: 2 });
    expect((await rows(set)).texts).toEqual(['کتاب علی', 'سال ۱۴۰۲', 'خوب']);
    expect(await desk.undo({ path: set }, watched)).toMatchObject({ changed: 0 });
  });

  it('of another window are taken in', async () => {
    const set = await ljspeech('a|یک\nb|دو\nc|سه\n');
    await rows(set);
    const other = new DatasetDesk(path.join(root, 'storage'));
    await other.edit({ path: set, edits: [{ row: 0, text: 'نو' }] }, watched);
    expect((await rows(set)).texts[0]).toBe('نو');
  });
});

describe('writing', () => {
  it('changes the texts and nothing else, keeps the old file, and starts anew', async () => {
    const before = '\ufeffa|خام|سلام دنيا\r\n\r\nb|دو\r\nc|سه';
    const set = await ljspeech(before);
    await desk.edit(
      {
        path: set,
        edits: [
          { row: 0, text: 'سلام دنیا' },
          { row: 1, verdict: 'rejected' },
        ],
      },
      watched,
    );
    const preview = await desk.preview({ path: set, dropRejected: true }, watched);
    const wanted = '\ufeffa|خام|سلام دنیا\r\n\r\nc|سه';
    expect(await readFile(preview.preview, 'utf8')).toBe(wanted);
    expect(await readFile(file('set/metadata.csv'), 'utf8')).toBe(before);
    const written = await desk.write({ path: set, dropRejected: true }, watched);
    expect(written).toMatchObject({ changedRows: 1, removedRows: 1 });
    expect(await readFile(file('set/metadata.csv'), 'utf8')).toBe(wanted);
    expect(await readFile(written.backup, 'utf8')).toBe(before);
    expect((await rows(set)).changes).toMatchObject({ changed: 0, rejected: 0, canUndo: false });
    expect((await readdir(file('set'))).sort()).toEqual(['.goya', 'metadata.csv', 'wavs']);
  });

  it('knows quotes, line breaks inside them, and JSON', async () => {
    await put('w/1.wav', writeWav({ sampleRate: 8000, channels: [new Float32Array(8000).fill(0.1)] }));
    const csv = await put('t.csv', 'file,text,n\nw/1.wav,"یک ""نقل""\nدو",1\nw/1.wav,سه,2\n');
    await desk.edit(
      {
        path: csv,
        edits: [
          { row: 0, text: 'الف "ب"' },
          { row: 1, text: 'ج, د' },
        ],
      },
      watched,
    );
    await desk.write({ path: csv }, watched);
    expect(await readFile(csv, 'utf8')).toBe('file,text,n\nw/1.wav,"الف ""ب""",1\nw/1.wav,"ج, د",2\n');
    const json = await put('t.jsonl', '{"n": 1.0, "sentence" :"یک", "audio":"w/1.wav"}\n');
    await desk.edit({ path: json, edits: [{ row: 0, text: 'دو "سه"' }] }, watched);
    await desk.write({ path: json }, watched);
    expect(await readFile(json, 'utf8')).toBe('{"n": 1.0, "sentence" :"دو \\"سه\\"", "audio":"w/1.wav"}\n');
  });

  it('refuses a file that another program changed, one that is not UTF-8, and a folder that is read-only', async () => {
    const set = await ljspeech('a|یک\nb|دو\nc|سه\n');
    await desk.edit({ path: set, edits: [{ row: 0, text: 'نو' }] }, watched);
    const writing = desk.write({ path: set }, watched);
    await writing;
    await desk.edit({ path: set, edits: [{ row: 0, text: 'کهنه' }] }, watched);
    await appendFile(file('set/metadata.csv'), 'd|چهار\n');
    // The table is read anew, and the change is still for its row.
    await desk.write({ path: set }, watched);
    expect(await readFile(file('set/metadata.csv'), 'utf8')).toBe('a|کهنه\nb|دو\nc|سه\nd|چهار\n');
    const odd = await put(
      'odd/metadata.csv',
      Buffer.concat([Buffer.from('a|یک\nb|'), Buffer.from([0xff, 0x41, 0x0a])]),
    );
    await put('odd/wavs/a.wav', 'x');
    await desk.edit({ path: file('odd'), edits: [{ row: 0, text: 'دو' }] }, watched);
    await expect(desk.write({ path: file('odd') }, watched)).rejects.toMatchObject({
      kind: 'dataset.writeFailed',
    });
    expect((await readFile(odd)).includes(0xff)).toBe(true);
  });
});

it('says what a fix makes of lines, of one or of all, and changes nothing', async () => {
  const set = await ljspeech('a|كتاب\nb|دو\nc|علي\n');
  const all = await desk.fixes({ path: file('set/metadata.csv'), fix: 'letters' }, watched);
  expect(all).toEqual({
    file: file('set/metadata.csv'),
    edits: [
      { line: 1, lines: 1, before: 'a|كتاب', after: 'a|کتاب' },
      { line: 3, lines: 1, before: 'c|علي', after: 'c|علی' },
    ],
  });
  const one = await desk.fixes({ path: set, fix: 'letters', line: 3 }, watched);
  expect(one.edits.map(({ line }) => line)).toEqual([3]);
});
