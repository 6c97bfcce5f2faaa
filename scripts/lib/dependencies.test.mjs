import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dependenciesAreCurrent } from './dependencies.mjs';

let root;
const lock = (packages) => JSON.stringify({ lockfileVersion: 3, packages });
const write = async (name, text) => {
  await mkdir(path.dirname(path.join(root, name)), { recursive: true });
  await writeFile(path.join(root, name), text);
};

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-deps-'));
  await write(
    'package-lock.json',
    lock({
      '': { name: 'x' },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/only-elsewhere': { version: '1.0.0', optional: true },
    }),
  );
  await write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '1.0.0' } }));
  await write('node_modules/a/package.json', '{}');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('dependenciesAreCurrent', () => {
  it('is content with what is installed, optional packages of other platforms aside', () => {
    expect(dependenciesAreCurrent(root)).toBe(true);
  });

  it('sees a fresh clone', async () => {
    await rm(path.join(root, 'node_modules'), { recursive: true });
    expect(dependenciesAreCurrent(root)).toBe(false);
  });

  it('sees another version', async () => {
    await write('node_modules/.package-lock.json', lock({ 'node_modules/a': { version: '0.9.0' } }));
    expect(dependenciesAreCurrent(root)).toBe(false);
  });

  it('sees a folder that was deleted', async () => {
    await rm(path.join(root, 'node_modules/a'), { recursive: true });
    expect(dependenciesAreCurrent(root)).toBe(false);
  });
});
