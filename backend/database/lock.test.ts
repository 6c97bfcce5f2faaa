import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../../tests/fixtures/eventually';
import { FileLock, type LockTimes } from './lock';

const quick: LockTimes = { heartbeat: 20, stale: 5000, staleWhenAlive: 60_000 };
let folder: string;
let file: string;
const children: ChildProcess[] = [];
const locks: FileLock[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-lock-'));
  file = path.join(folder, 'database.lock');
});
afterEach(async () => {
  await Promise.all(locks.splice(0).map((lock) => lock.release()));
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function acquire(times: LockTimes = quick): Promise<FileLock> {
  const lock = await FileLock.acquire(file, times);
  locks.push(lock);
  return lock;
}

interface Written {
  pid: number;
  hostname: string;
  scope: string;
  processStart?: string;
  token: string;
  since: string;
}

/** What a holder of this machine would have written, changed as the test wants. */
async function writtenBy(change: Partial<Written>, ageMs = 0): Promise<void> {
  await rm(file, { force: true });
  const lock = await FileLock.acquire(file, quick);
  const own = JSON.parse(await readFile(file, 'utf8')) as Written;
  await lock.release();
  await writeFile(file, JSON.stringify({ ...own, token: 'theirs', ...change }));
  const at = new Date(Date.now() - ageMs);
  await utimes(file, at, at);
}

async function deadPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await new Promise((resolve) => child.once('exit', resolve));
  return child.pid!;
}

function livePid(): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  children.push(child);
  return child.pid!;
}

describe('FileLock', () => {
  it('is held by one, who is named to the others, and free again after release', async () => {
    const lock = await acquire();
    const error: unknown = await acquire().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      kind: 'database.locked',
      retryable: true,
      details: { pid: process.pid, hostname: hostname(), file },
    });
    expect((error as Error).message).toContain(`process ${process.pid}`);
    expect((error as Error).message).toContain(file);
    await lock.release();
    await lock.release();
    await acquire();
  });

  it('touches its file while held', async () => {
    await acquire();
    const at = new Date(0);
    await utimes(file, at, at);
    await eventually(async () => (await stat(file)).mtimeMs > 0);
  });

  it('takes over at once from a process that is gone', async () => {
    await writtenBy({ pid: await deadPid() });
    const before = Date.now();
    const lock = await acquire({ heartbeat: 60_000, stale: 600_000, staleWhenAlive: 600_000 });
    expect(Date.now() - before).toBeLessThan(5000);
    await lock.verify();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ pid: process.pid });
  });

  it('gives a dead holder’s lock to one of many who ask', async () => {
    await writtenBy({ pid: await deadPid() });
    const settled = await Promise.allSettled(Array.from({ length: 8 }, () => acquire()));
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const attempt of settled) {
      if (attempt.status === 'rejected') expect(attempt.reason).toMatchObject({ kind: 'database.locked' });
    }
  });

  it('leaves a live process its lock, though its heartbeat is late', async () => {
    const pid = livePid();
    // Its start is not known: a system without /proc.
    await writtenBy({ pid, processStart: undefined as never }, quick.stale * 1.5);
    await expect(acquire()).rejects.toMatchObject({ kind: 'database.locked', details: { pid } });
  });

  it.runIf(process.platform === 'linux')('sees that a pid belongs to another program by now', async () => {
    await writtenBy({ pid: livePid(), processStart: '1' });
    await acquire();
  });

  it('takes over from a pid that lives but has been silent for very long', async () => {
    await writtenBy({ pid: livePid(), processStart: undefined as never }, quick.staleWhenAlive * 2);
    await acquire();
  });

  it('believes another machine while its heartbeat is fresh, and not when it has stopped', async () => {
    await writtenBy({ scope: 'elsewhere', hostname: 'elsewhere', pid: await deadPid() });
    const error: unknown = await acquire().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'database.locked', details: { hostname: 'elsewhere' } });
    expect((error as Error).message).toContain('on elsewhere');
    await writtenBy({ scope: 'elsewhere', pid: await deadPid() }, quick.stale * 2);
    await acquire();
  });

  it('believes a heartbeat it sees, whatever the clocks say', async () => {
    await writtenBy({ scope: 'elsewhere', pid: 1 }, quick.stale * 50);
    const beating = setInterval(() => {
      const at = new Date(Date.now() - quick.stale * 50);
      void utimes(file, at, at);
    }, 10);
    await expect(acquire()).rejects.toMatchObject({ kind: 'database.locked' });
    clearInterval(beating);
  });

  it('takes over a file that nobody finished writing, once it is old', async () => {
    await writeFile(file, '{"pid":');
    await expect(acquire()).rejects.toMatchObject({ kind: 'database.locked' });
    const at = new Date(Date.now() - quick.stale * 2);
    await utimes(file, at, at);
    await acquire();
  });

  it('is not stopped by a takeover that another process died in', async () => {
    await writtenBy({ pid: await deadPid() });
    await mkdir(`${file}.takeover`);
    const at = new Date(Date.now() - quick.stale * 2);
    await utimes(`${file}.takeover`, at, at);
    await acquire();
  });

  it('notices that it lost its lock, and leaves the new holder’s alone', async () => {
    const lock = await acquire();
    const own = JSON.parse(await readFile(file, 'utf8')) as Written;
    await writeFile(file, JSON.stringify({ ...own, token: 'theirs' }));
    await eventually(() => lock.isLost);
    await expect(lock.verify()).rejects.toMatchObject({ kind: 'database.locked' });
    await lock.release();
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ token: 'theirs' });
  });

  it('writes its file again when somebody deleted it', async () => {
    const lock = await acquire();
    await rm(file);
    await eventually(() => stat(file));
    await lock.verify();
    await expect(acquire()).rejects.toMatchObject({ kind: 'database.locked' });
  });
});
