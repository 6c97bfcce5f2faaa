import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import type { RowFault } from './data/row';
import { readSpeechData, type SpeechDataOptions, type SpeechRow } from './speechData';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-speech-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const wav = (seconds: number) =>
  writeWav({ sampleRate: 8000, channels: [new Float32Array(8000 * seconds).fill(0.1)] });

async function put(name: string, content: string | Uint8Array = wav(0.5)): Promise<void> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function read(name = '.', options: SpeechDataOptions = {}) {
  const rows: SpeechRow[] = [];
  const faults: string[] = [];
  const onFault = ({ code, line }: RowFault) => faults.push(`${code} ${line ?? ''}`);
  for await (const row of readSpeechData(path.join(root, name), { ...options, onFault })) rows.push(row);
  return { rows, faults };
}

it('reads LJSpeech: the normalised text where there is one', async () => {
  await put('wavs/a.wav');
  await put('wavs/b.wav', wav(1));
  await put('metadata.csv', 'a|سلام ۲|سلام دو\nb|"خوب"\nc|نیست\nb|\n../x|y\n');
  const { rows, faults } = await read();
  expect(rows).toEqual([
    {
      id: 'a',
      audioPath: path.join(root, 'wavs', 'a.wav'),
      text: 'سلام دو',
      durationSeconds: 0.5,
      sampleRate: 8000,
      kind: 'wav',
      line: 1,
    },
    {
      id: 'b',
      audioPath: path.join(root, 'wavs', 'b.wav'),
      text: '"خوب"',
      durationSeconds: 1,
      sampleRate: 8000,
      kind: 'wav',
      line: 2,
    },
  ]);
  expect(faults).toEqual(['audio.missing 3', 'text.empty 4', 'path.outside 5']);
});

it('reads Common Voice: the validated rows of a release, or the table asked for, with speakers', async () => {
  await put('clips/one.wav');
  await put('clips/two.mp3', 'no sound');
  const header = 'client_id\tpath\tsentence\tup_votes\n';
  await put('validated.tsv', `${header}anna\tone.wav\tیک "نقل\t2\nben\ttwo\tدو\t2\n`);
  await put('train.tsv', `${header}ben\tone.wav\tدیگر\t2\n`);
  const { rows, faults } = await read();
  expect(rows).toMatchObject([{ id: 'one', text: 'یک "نقل', speaker: 'anna', line: 2 }]);
  expect(faults).toEqual(['audio.unreadable 3']);
  expect((await read('train.tsv')).rows).toMatchObject([{ text: 'دیگر', speaker: 'ben' }]);
});

it('reads CSV and JSON lines by the names of their columns', async () => {
  await put('audio/one.wav');
  await put('t.csv', 'speaker,file_name,transcription\nA,audio/one.wav,"یک، دو"\n,audio/one.wav,سه\n');
  const csv = await read('t.csv');
  expect(csv.rows).toMatchObject([
    { id: 'one', text: 'یک، دو', speaker: 'A', line: 2 },
    { text: 'سه', line: 3 },
  ]);
  expect(csv.rows[1]).not.toHaveProperty('speaker');
  await put('t.jsonl', '{"audio":{"path":"audio/one.wav"},"sentence":"یک"}\nno\n{"sentence":"دو"}\n');
  const json = await read('t.jsonl');
  expect(json.rows).toMatchObject([{ id: 'one', text: 'یک', line: 1 }]);
  expect(json.faults).toEqual(['json.syntax 2', 'id.empty 3']);
});

it('takes mp3, as Common Voice ships it', async () => {
  const frame = [0xff, 0xfb, 0x90, 0x00, ...new Array<number>(413).fill(0)];
  await put('clips/a.mp3', Uint8Array.from([...frame, ...frame]));
  await put('train.tsv', 'client_id\tpath\tsentence\nx\ta.mp3\tیک\n');
  expect((await read()).rows).toMatchObject([{ kind: 'mp3' }]);
});

it('refuses data without texts, and stops when told', async () => {
  await put('a/1.wav');
  await put('b/1.wav');
  await expect(read()).rejects.toMatchObject({ kind: 'dataset.unsupported' });
  await put('t.csv', 'path,text\na/1.wav,x\n');
  await expect(read('t.csv', { signal: AbortSignal.abort() })).rejects.toThrow();
});
