import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withLock } from './lock.mjs';

let folder;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'goya-lock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('withLock', () => {
  it('runs one at a time', async () => {
    const file = path.join(folder, 'a.lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(file, work, { pollMs: 1 })));
    expect(most).toBe(1);
  });

  it('gives the lock back when the work fails', async () => {
    const file = path.join(folder, 'b.lock');
    await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withLock(file, () => Promise.resolve('yes'))).resolves.toBe('yes');
  });

  it('takes over from a process that is gone', async () => {
    const file = path.join(folder, 'c.lock');
    await writeFile(file, JSON.stringify({ pid: 2 ** 30, host: os.hostname() }));
    await expect(withLock(file, () => readFile(file, 'utf8'))).resolves.toContain(String(process.pid));
  });

  it('takes over a lock that nobody touched for long', async () => {
    const file = path.join(folder, 'd.lock');
    await writeFile(file, JSON.stringify({ pid: 1, host: 'another-machine' }));
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(file, longAgo, longAgo);
    await expect(withLock(file, () => Promise.resolve(1))).resolves.toBe(1);
  });
});
