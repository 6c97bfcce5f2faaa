import { mkdtemp, readdir, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PackedFrames } from './features';
import { cached, forgetOld } from './frameCache';

let folder: string;
let audio: string;
let heard = 0;
const hear = (): Promise<PackedFrames> => {
  heard++;
  return Promise.resolve(PackedFrames.pack(Float32Array.from([1, -2, 3, 0.5, 0, 4]), 3));
};
const ask = (fingerprint = 'a'): Promise<PackedFrames> =>
  cached(path.join(folder, 'cache'), fingerprint, audio, hear);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-frames-'));
  audio = path.join(folder, 'a.wav');
  await writeFile(audio, 'sound');
  heard = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('keeps what was heard, to a part in 32 767 of the largest number', async () => {
  const first = await ask();
  const again = await ask();
  expect(heard).toBe(1);
  expect(again).toEqual(first);
  expect([again.frames, again.width]).toEqual([2, 3]);
  [1, -2, 3, 0.5, 0, 4].forEach((value, i) => {
    expect(Math.abs((again.unpack()[i] ?? NaN) - value)).toBeLessThanOrEqual(4 / 32_767);
  });
});

it('hears again with another model, another sound, and where the file is cut', async () => {
  await ask();
  await ask('b');
  expect(heard).toBe(2);
  await writeFile(audio, 'another');
  await ask();
  expect(heard).toBe(3);
  for (const name of await readdir(path.join(folder, 'cache')))
    await truncate(path.join(folder, 'cache', name), 20);
  expect((await ask()).frames).toBe(2);
  expect(heard).toBe(4);
});

it('forgets what nobody asked for in a month', async () => {
  await ask();
  const [name = ''] = await readdir(path.join(folder, 'cache'));
  await forgetOld(path.join(folder, 'cache'));
  await ask();
  expect(heard).toBe(1);
  const old = new Date(Date.now() - 31 * 86_400_000);
  await utimes(path.join(folder, 'cache', name), old, old);
  await forgetOld(path.join(folder, 'cache'));
  await ask();
  expect(heard).toBe(2);
});
