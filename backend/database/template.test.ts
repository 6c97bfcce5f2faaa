import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unpackTemplate } from './template';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-template-'));
});
afterEach(() => rm(folder, { recursive: true }));

function pack(header: unknown, bytes = ''): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return brotliCompressSync(Buffer.concat([length, text, Buffer.from(bytes)]));
}

it('lays out folders and files, for their owner only', async () => {
  const archive = path.join(folder, 'a');
  const files = [
    { path: 'global/pg_control', size: 3 },
    { path: 'empty', size: 0 },
    { path: 'b/c/d', size: 2 },
  ];
  await writeFile(archive, pack({ folders: ['global', 'b/c', 'nothing'], files }, 'abcde'));
  const target = path.join(folder, 'postgres');
  await unpackTemplate(archive, target);
  expect((await readdir(target, { recursive: true })).sort()).toEqual(
    ['b', 'b/c', 'b/c/d', 'empty', 'global', 'global/pg_control', 'nothing'].map(path.normalize).sort(),
  );
  expect(await readFile(path.join(target, 'global/pg_control'), 'utf8')).toBe('abc');
  expect(await readFile(path.join(target, 'b/c/d'), 'utf8')).toBe('de');
  if (process.platform !== 'win32') expect((await stat(target)).mode & 0o777).toBe(0o700);
});

it('leaves nothing under the final name when it fails, and begins anew the next time', async () => {
  const archive = path.join(folder, 'a');
  const target = path.join(folder, 'postgres');
  await writeFile(archive, pack({ folders: [], files: [{ path: 'no/such/folder', size: 1 }] }, 'x'));
  await expect(unpackTemplate(archive, target)).rejects.toThrow();
  expect(existsSync(target)).toBe(false);
  for (const broken of [Buffer.from('not brotli'), pack('not json')]) {
    await writeFile(archive, broken);
    await expect(unpackTemplate(archive, target)).rejects.toThrow();
  }
  await writeFile(
    archive,
    pack({ folders: ['global'], files: [{ path: 'global/pg_control', size: 1 }] }, 'x'),
  );
  await unpackTemplate(archive, target);
  expect(existsSync(path.join(target, 'global/pg_control'))).toBe(true);
  expect(existsSync(`${target}.new`)).toBe(false);
});
