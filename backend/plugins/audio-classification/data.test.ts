import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../../ml/audio/wavWriter';
import { trainingOptions } from '../../sdk/options';
import { dataOptions, modelOptions } from './config';
import { findClips } from './data';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-clips-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const wav = (seconds = 0.2, sampleRate = 16_000) =>
  writeWav({ sampleRate, channels: [new Float32Array(Math.round(seconds * sampleRate)).fill(0.1)] });

async function put(name: string, content: string | Uint8Array = wav()): Promise<void> {
  const file = path.join(root, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, content);
}

/** Two labels of six good clips. */
async function good(): Promise<void> {
  for (let i = 0; i < 6; i++) for (const label of ['بله', 'خیر']) await put(`${label}/${i}.wav`);
}

const find = (data: object = {}, signal = new AbortController().signal, batchSize = 1) =>
  findClips(
    {
      data: dataOptions.parse({ path: '.', ...data }),
      model: modelOptions.parse({}),
      training: trainingOptions.parse({ batchSize }),
      resolve: (relative) => path.join(root, relative),
    },
    signal,
  );

const messages = async (data: object = {}) =>
  (await find(data)).problems.map((one) => `${one.severity} ${one.path} ${one.message}`);

it('warns of a batch larger than the training clips, and knows a smaller one', async () => {
  await good();
  const { problems } = await find({}, undefined, 64);
  expect(problems).toMatchObject([
    { path: '/training/batchSize', code: 'training.batch', fixes: [{ kind: 'set', value: 2 }] },
  ]);
});

describe('a folder for each label', () => {
  it('finds the clips without a problem, labels in code point order', async () => {
    await good();
    await put('.DS_Store', 'x');
    await put('notes.txt', 'x');
    const { clips, labels, problems } = await find();
    expect(problems).toEqual([]);
    expect(clips).toHaveLength(12);
    expect(labels).toEqual(['بله', 'خیر']);
  });

  it('names empty folders, formats that are not decoded, stray files and recordings that are none', async () => {
    await good();
    await mkdir(path.join(root, 'empty'));
    await put('بله/song.m4a', 'x');
    await put('lost.wav');
    await put('خیر/fake.wav', 'not sound at all');
    await put('خیر/cut.wav', wav().slice(0, 60));
    await put('خیر/silent.wav', wav(0));
    const found = await messages();
    expect(found).toEqual([
      expect.stringMatching(/^error .*The folder "empty" has no recording/),
      expect.stringMatching(/^warning .*song\.m4a.*Convert/),
      expect.stringMatching(/^warning .*lost\.wav/),
      expect.stringMatching(/^error .*cut\.wav: .*cut off/),
      expect.stringMatching(/^error .*fake\.wav: .*not a wav file/),
      expect.stringMatching(/^error .*silent\.wav: .*no sound/),
    ]);
  });

  it('says that one label is not enough', async () => {
    await put('one/a.wav');
    expect(await messages()).toEqual([expect.stringMatching(/^error .*at least two labels/)]);
  });

  it('says that one clip a label cannot be measured, and warns of few', async () => {
    await put('a/1.wav');
    await put('b/1.wav');
    expect(await messages()).toEqual([expect.stringMatching(/^error .*one clip only/)]);
    await put('a/2.wav');
    expect(await messages()).toEqual([expect.stringMatching(/^warning .*Fewer than 5 clips: a, b/)]);
  });

  it('says that there are no folders, and that the folder is missing', async () => {
    expect(await messages()).toEqual([expect.stringMatching(/^error .*no label folders/)]);
    expect(await messages({ path: 'absent' })).toEqual([
      expect.stringMatching(/^error .*absent does not exist/),
    ]);
  });

  it('warns of mixed and low sampling rates, and of clips longer than the window', async () => {
    await good();
    for (let i = 0; i < 20; i++) await put(`بله/long${i}.wav`, wav(2, 8000));
    expect(await messages()).toEqual([
      expect.stringMatching(/^warning \/data\/path .*20 at 8000 Hz, 12 at 16000 Hz/),
      expect.stringMatching(/^warning \/model\/sampleRate .*8000 Hz only/),
      expect.stringMatching(/^warning \/model\/seconds 20 of 32/),
    ]);
  });

  it('lists ten broken files and counts the others', async () => {
    await good();
    for (let i = 0; i < 15; i++) await put(`بله/bad${i}.wav`, 'x');
    const found = await messages();
    expect(found.filter((one) => one.includes('bad'))).toHaveLength(10);
    expect(found.at(-1)).toMatch(/5 more files/);
  });

  it('names a float file that holds no numbers', async () => {
    await good();
    await put(
      'بله/nan.wav',
      writeWav({ sampleRate: 16_000, channels: [Float32Array.of(0, NaN)] }, 'float32'),
    );
    expect((await messages()).join()).toMatch(/nan\.wav: Sample 1 of the wav file is not a finite number/);
  });

  it('stops when asked', async () => {
    await good();
    await expect(find({}, AbortSignal.abort())).rejects.toThrow();
  });
});

describe('a table', () => {
  it('takes the columns named, relative to the table', async () => {
    await good();
    const rows = Array.from({ length: 6 }, (_, i) => `بله\\${i}.wav,y\nخیر/${i}.wav,n`).join('\n');
    await put('clips.csv', `\ufeffwhere,what\n${rows}\n`);
    const { clips, labels, problems } = await find({ path: 'clips.csv', audio: 'where', label: 'what' });
    expect(problems).toEqual([]);
    expect(labels).toEqual(['n', 'y']);
    expect(clips[0]).toEqual({ file: path.join(root, 'بله', '0.wav'), label: 'y', line: 2 });
  });

  it('names absent columns with those there are', async () => {
    await put('clips.csv', 'where,what\na,b\n');
    expect(await messages({ path: 'clips.csv' })).toEqual([
      expect.stringMatching(/^error \/data\/audio .*no column "file"\. It has: where, what/),
      expect.stringMatching(/^error \/data\/label .*no column "label"/),
    ]);
  });

  it('names the lines with empty cells, files outside and missing files', async () => {
    await good();
    await put(
      'clips.csv',
      'file,label\n,a\nبله/0.wav,\n../out.wav,a\n/etc/passwd,a\nabsent.wav,b\nبله/1.wav,a\n',
    );
    expect(await messages({ path: 'clips.csv' })).toEqual([
      expect.stringMatching(/Line 2: The "file" cell is empty/),
      expect.stringMatching(/Line 3: The "label" cell is empty/),
      expect.stringMatching(/Line 4: .*outside/),
      expect.stringMatching(/Line 5: .*outside/),
      expect.stringMatching(/one clip only/),
      expect.stringMatching(/Line 6: .*absent\.wav: The file does not exist/),
    ]);
  });

  it('refuses broken quotes, UTF-16 and binary files', async () => {
    await put('clips.csv', 'file,label\n"a.wav,b\n');
    expect(await messages({ path: 'clips.csv' })).toEqual([
      expect.stringMatching(/\(line 2\): A cell begins with a quotation mark/),
    ]);
    await put('clips.csv', Buffer.from('\ufefffile,label\n', 'utf16le'));
    expect(await messages({ path: 'clips.csv' })).toEqual([expect.stringMatching(/UTF-16/)]);
    await put('clips.csv', wav());
    expect(await messages({ path: 'clips.csv' })).toEqual([expect.stringMatching(/not text/)]);
  });
});
