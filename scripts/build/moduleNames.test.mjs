import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { nameModules } from './moduleNames.mjs';

it('names chunks as modules, and every mention of them, and nothing else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'goya-modules-'));
  try {
    await mkdir(path.join(folder, 'chunks'));
    await writeFile(
      path.join(folder, 'main.js'),
      'import{a}from"./chunks/chunk-A.js";import("./disk.js");a("b.js")',
    );
    await writeFile(path.join(folder, 'chunks', 'chunk-A.js'), 'export{a}from"./chunk-B.js"');
    await writeFile(path.join(folder, 'chunks', 'chunk-B.js'), 'export const a=eval');
    const metafile = { outputs: { 'dist/chunks/chunk-A.js': {}, 'dist/main.js': {} } };
    expect(Object.keys((await nameModules(folder, metafile)).outputs)).toEqual([
      'dist/chunks/chunk-A.mjs',
      'dist/main.js',
    ]);
    expect((await readdir(path.join(folder, 'chunks'))).sort()).toEqual(['chunk-A.mjs', 'chunk-B.mjs']);
    expect(await readFile(path.join(folder, 'main.js'), 'utf8')).toBe(
      'import{a}from"./chunks/chunk-A.mjs";import("./disk.js");a("b.js")',
    );
    expect(await readFile(path.join(folder, 'chunks', 'chunk-A.mjs'), 'utf8')).toBe(
      'export{a}from"./chunk-B.mjs"',
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
