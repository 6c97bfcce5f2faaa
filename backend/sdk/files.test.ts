import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeWav } from '../../ml/audio/wavWriter';
import { readAudioFile, readSoundHeader } from './audioFiles';
import { resolveBelow } from './labelledAudio';
import { mapParallel } from './parallel';
import { detectDelimiter, readTable } from './table';
import { TableError } from './tableError';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-files-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(name: string, content: string | Uint8Array): Promise<string> {
  const file = path.join(root, name);
  await writeFile(file, content);
  return file;
}

const wav = (length: number) => writeWav({ sampleRate: 8000, channels: [new Float32Array(length)] });

describe('audio headers', () => {
  it('answers faults instead of throwing them', async () => {
    expect(await readSoundHeader(path.join(root, 'absent.wav'))).toMatchObject({ missing: true });
    expect((await readSoundHeader(root)).fault).toMatch(/folder|cannot be read/);
    expect((await readSoundHeader(await put('a.wav', 'text'))).fault).toMatch(/wav/);
  });

  it('notices that a file has changed', async () => {
    const file = await put('a.wav', wav(800));
    expect((await readSoundHeader(file)).info?.seconds).toBe(0.1);
    await writeFile(file, wav(1600));
    await utimes(file, 1, 1);
    expect((await readSoundHeader(file)).info?.seconds).toBe(0.2);
  });

  it('reads past a long chunk before the sound', async () => {
    const plain = wav(80);
    const list = new Uint8Array(8 + 10_000);
    list.set(new TextEncoder().encode('LIST'));
    new DataView(list.buffer).setUint32(4, 10_000, true);
    const file = await put(
      'long.wav',
      new Uint8Array([...plain.subarray(0, 36), ...list, ...plain.subarray(36)]),
    );
    expect((await readSoundHeader(file)).info?.seconds).toBe(0.01);
    expect((await readAudioFile(file)).channels[0]).toHaveLength(80);
  });

  it('reads compressed sound as well as wav, by what a file holds and not by its name', async () => {
    const testdata = path.join(import.meta.dirname, '../../ml/audio/decode/testdata');
    for (const name of ['mono.mp3', 'stereo.flac', 'stereo.ogg', 'stereo.opus', 'flac.oga']) {
      const file = await put(`${name}.wav`, await readFile(path.join(testdata, name)));
      const { channels, sampleRate } = await readAudioFile(file);
      expect(channels[0]?.length).toBe(sampleRate);
      // The padding of an mp3 is in what its header tells.
      expect(Math.abs(((await readSoundHeader(file)).info?.seconds ?? 0) - 1)).toBeLessThan(0.1);
    }
  });

  it('names the file it could not decode', async () => {
    const file = await put('bad.wav', 'x');
    await expect(readAudioFile(file)).rejects.toThrow(/bad\.wav: /);
  });
});

describe('tables', () => {
  async function rows(text: string, delimiter = ',', quotes = true) {
    const found = [];
    for await (const row of readTable(await put('t.csv', text), { delimiter, quotes })) found.push(row);
    return found;
  }

  it('gives each row the line it begins in', async () => {
    expect(await rows('\ufeffa,b\r\n\r\n"x\ny",1\r\nz,2')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 3, cells: ['x\ny', '1'] },
      { line: 5, cells: ['z', '2'] },
    ]);
  });

  it('takes quotes as they are when told to', async () => {
    expect(await rows('1|"a\n2|b"', '|', false)).toEqual([
      { line: 1, cells: ['1', '"a'] },
      { line: 2, cells: ['2', 'b"'] },
    ]);
  });

  it('says where a quote is not closed, and rejects for a file that is not there', async () => {
    await expect(rows('a,b\n"x,1\n')).rejects.toThrow(TableError);
    const gone = readTable(path.join(root, 'absent.csv'), { delimiter: ',' });
    await expect(gone.next()).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['a,b;c,d', ','],
    ['a;b;c', ';'],
    ['a\tb', '\t'],
    ['a|b', '|'],
    ['alone', ','],
  ])('finds the delimiter of %j', async (text, delimiter) => {
    expect(await detectDelimiter(await put('t.csv', `${text}\n1,2,3,4\n`))).toBe(delimiter);
  });
});

it('keeps paths below their folder', () => {
  const folder = path.resolve('/data/set');
  expect(resolveBelow(folder, 'a/b.wav')).toBe(path.join(folder, 'a', 'b.wav'));
  expect(resolveBelow(folder, 'a\\b.wav')).toBe(path.join(folder, 'a', 'b.wav'));
  expect(resolveBelow(folder, 'a/../b.wav')).toBe(path.join(folder, 'b.wav'));
  expect(resolveBelow(folder, '..b.wav')).toBe(path.join(folder, '..b.wav'));
  for (const bad of ['../b.wav', 'a/../../b.wav', '/etc/passwd', '..', '.', '', '..\\b.wav', 'a\0.wav']) {
    expect(resolveBelow(folder, bad)).toBeUndefined();
  }
});

it('works on a few items at once, keeps their order and stops at the first failure', async () => {
  let active = 0;
  let most = 0;
  const work = async (n: number) => {
    most = Math.max(most, ++active);
    await new Promise((resolve) => setImmediate(resolve));
    active--;
    if (n === 99) throw new Error('broken');
    return n * 2;
  };
  const items = Array.from({ length: 20 }, (_, i) => i);
  expect(await mapParallel(items, 4, work)).toEqual(items.map((n) => n * 2));
  expect(most).toBe(4);
  await expect(mapParallel([1, 99, 3], 2, work)).rejects.toThrow('broken');
  await expect(mapParallel(items, 4, work, AbortSignal.abort())).rejects.toThrow();
});
