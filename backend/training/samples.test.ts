import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isSampled, readSamples, writeSamples } from './samples';

let folder: string;
let checkpoints: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-samples-'));
  checkpoints = path.join(folder, 'checkpoints');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const items = [{ input: 'سلام', truth: 'a', predicted: 'b', score: 0.75 }];

it('gives back what was written, by rising epoch', async () => {
  expect(await readSamples(checkpoints)).toEqual([]);
  for (const epoch of [10_000, 2, 1]) await writeSamples(checkpoints, { epoch, items });
  expect(await readSamples(checkpoints)).toEqual([1, 2, 10_000].map((epoch) => ({ epoch, items })));
  expect((await readdir(path.join(folder, 'samples'))).filter((name) => name.endsWith('.tmp'))).toEqual([]);
});

it('takes the newest of an epoch that was trained again', async () => {
  await writeSamples(checkpoints, { epoch: 1, items });
  await writeSamples(checkpoints, { epoch: 1, items: [] });
  expect(await readSamples(checkpoints)).toEqual([{ epoch: 1, items: [] }]);
});

it('leaves out a damaged epoch and keeps the others', async () => {
  await writeSamples(checkpoints, { epoch: 1, items });
  await writeFile(path.join(folder, 'samples', 'epoch-0002.json'), '{"epoch": 2');
  await writeFile(path.join(folder, 'samples', 'notes.txt'), 'x');
  expect((await readSamples(checkpoints)).map(({ epoch }) => epoch)).toEqual([1]);
});

it('says so when they cannot be written', async () => {
  await writeFile(path.join(folder, 'samples'), 'a file in the way');
  await expect(writeSamples(checkpoints, { epoch: 1, items })).rejects.toMatchObject({
    kind: 'training.outputFailed',
  });
});

it('samples every epoch of a short run and about 200 of a long one', () => {
  const count = (epochs: number): number =>
    Array.from({ length: epochs }, (_, i) => i + 1).filter((epoch) => isSampled(epoch, epochs)).length;
  expect(count(30)).toBe(30);
  expect(count(200)).toBe(200);
  expect(count(5000)).toBe(201);
  expect(isSampled(1, 5000) && isSampled(5000, 5000)).toBe(true);
});
