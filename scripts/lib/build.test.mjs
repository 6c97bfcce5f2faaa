import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sourceKey } from './build.mjs';

let root;
beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'goya-build-'));
  await mkdir(path.join(root, 'ml', 'deep'), { recursive: true });
  await writeFile(path.join(root, 'ml', 'deep', 'a.ts'), 'one');
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe('sourceKey', () => {
  it('stays while nothing changes and changes with a file, a new file and a time', async () => {
    const keys = [await sourceKey(root, ['ml'])];
    expect(await sourceKey(root, ['ml'])).toBe(keys[0]);
    await writeFile(path.join(root, 'ml', 'deep', 'a.ts'), 'three');
    keys.push(await sourceKey(root, ['ml']));
    await writeFile(path.join(root, 'ml', 'b.ts'), '');
    keys.push(await sourceKey(root, ['ml']));
    await utimes(path.join(root, 'ml', 'b.ts'), new Date(0), new Date(0));
    keys.push(await sourceKey(root, ['ml']));
    expect(new Set(keys).size).toBe(4);
  });

  it('does without folders that are not there', async () => {
    await expect(sourceKey(root, ['nowhere'])).resolves.toMatch(/^[0-9a-f]{64}$/);
  });
});
