import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { safetensors } from '../../tests/fixtures/weightFiles';
import { openWeights } from '../../ml/weights/open';
import { openNodeFolder } from './nodeFolder';

const folder = mkdtempSync(path.join(tmpdir(), 'goya-weights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const file = (name: string): string => path.join(folder, name);

it('reads parts of a file, opened once', async () => {
  writeFileSync(file('a.bin'), Uint8Array.of(1, 2, 3, 4));
  const files = openNodeFolder(folder);
  const [first, second] = [await files.open('a.bin'), await files.open('a.bin')];
  expect(first).toBe(second);
  expect(first?.size).toBe(4);
  expect([...((await first?.read(1, 3)) ?? [])]).toEqual([2, 3]);
  await files.close();
  await expect(first?.read(0, 1)).rejects.toThrow();
});

it('reads what is larger than a piece whole, and tells where it ends', async () => {
  const bytes = Uint8Array.from({ length: 3 * 8 * 1024 * 1024 + 5 }, (_, i) => (i * 7 + (i >> 16)) % 251);
  writeFileSync(file('large.bin'), bytes);
  const files = openNodeFolder(folder);
  const source = await files.open('large.bin');
  const read = await source?.read(1, bytes.length - 1);
  expect(Buffer.compare(read ?? new Uint8Array(), bytes.subarray(1, -1))).toBe(0);
  truncateSync(file('large.bin'), 10_000_000);
  expect((await source?.read(0, bytes.length))?.length).toBe(10_000_000);
  await files.close();
});

it('has no file where there is a folder or nothing', async () => {
  mkdirSync(file('model.safetensors'), { recursive: true });
  const files = openNodeFolder(folder);
  expect(await files.open('model.safetensors')).toBeUndefined();
  expect(await files.open('none')).toBeUndefined();
  expect(await files.open('a.bin/within')).toBeUndefined();
  await expect(openWeights(files)).rejects.toMatchObject({ code: 'model.unsupported' });
  await files.close();
});

it('tells of a file that becomes shorter while it is read', async () => {
  const inner = path.join(folder, 'inner');
  mkdirSync(inner);
  const target = path.join(inner, 'model.safetensors');
  writeFileSync(target, safetensors({ a: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }, 16));
  const files = openNodeFolder(inner);
  const weights = await openWeights(files);
  truncateSync(target, 70);
  await expect(weights.read('a')).rejects.toMatchObject({ code: 'model.corrupt' });
  await files.close();
});
