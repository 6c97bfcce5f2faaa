/** The embedded database among processes and on bad disks. */
import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import fs from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { withoutPermissions } from '../fixtures/permissions';
import type { Database } from '../../backend/database/database';
import { DeferredDatabase } from '../../backend/database/deferred';
import { openDatabase } from '../../backend/database/open';
import type { OpenedDatabase } from '../../backend/database/opened';
import { engineVersion } from '../../backend/database/pglite';
import { RunsStore } from '../../backend/stores/runs';
import { databaseTemplate } from '../../scripts/build/database.mjs';
import { bundleForNode } from '../fixtures/bundle';
import { silent } from '../fixtures/databases';
import { eventually } from '../fixtures/eventually';

const child = path.resolve(import.meta.dirname, '../../node_modules/.cache/goya-database-child.mjs');
let template: string;
let storagePath: string;
const opened: OpenedDatabase[] = [];
const children: ChildProcessWithoutNullStreams[] = [];

beforeAll(async () => {
  template = await databaseTemplate();
  await bundleForNode('tests/fixtures/databaseChild.ts', child);
});
afterAll(() => rm(child, { force: true }));
beforeEach(async () => {
  storagePath = await mkdtemp(path.join(tmpdir(), 'goya-embedded-'));
});
afterEach(async () => {
  for (const process of children.splice(0)) process.kill('SIGKILL');
  await Promise.all(opened.splice(0).map((db) => db.close()));
  await rm(storagePath, { recursive: true, force: true, maxRetries: 5 });
});

async function open(): Promise<OpenedDatabase> {
  const db = await openDatabase({ storagePath, log: silent, template });
  opened.push(db);
  return db;
}

function start(mode: 'write' | 'hold'): {
  process: ChildProcessWithoutNullStreams;
  out: () => string;
  err: () => string;
} {
  const process = spawn(globalThis.process.execPath, [child, storagePath, template, mode]);
  children.push(process);
  const said = { out: '', err: '' };
  process.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  process.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  return { process, out: () => said.out, err: () => said.err };
}

async function killed(process: ChildProcessWithoutNullStreams): Promise<void> {
  const ended = new Promise((resolve) => process.once('exit', resolve));
  process.kill('SIGKILL');
  await ended;
}

describe('two processes on one folder', () => {
  it('refuses the second with database.locked, naming the first', async () => {
    const holder = start('hold');
    await eventually(() => holder.out().includes('open'), { timeoutMs: 30_000 });
    const error: unknown = await open().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ kind: 'database.locked', details: { pid: holder.process.pid } });
    expect((error as Error).message).toContain(`process ${holder.process.pid!}`);

    await killed(holder.process);
    expect((await (await open()).check()).kind).toBe('embedded');
    const second = start('hold');
    await eventually(() => second.process.exitCode !== null, { timeoutMs: 30_000 });
    expect(JSON.parse(second.err())).toMatchObject({ kind: 'database.locked' });
  });

  it('waits behind a DeferredDatabase until the other has closed', async () => {
    const first = await open();
    const db = new DeferredDatabase(() => openDatabase({ storagePath, log: silent, template }));
    await expect(db.check()).rejects.toMatchObject({ kind: 'database.locked' });
    await first.close();
    await eventually(() => db.check(), { timeoutMs: 20_000, everyMs: 100 });
    await db.close();
  });
});

describe('kill -9', () => {
  it('loses no committed row, three times in a row', async () => {
    let total = 0;
    for (const atLeast of [1, 25, 60]) {
      const writer = start('write');
      await eventually(() => writer.out().split('\n').length > atLeast, { timeoutMs: 60_000, everyMs: 5 });
      await killed(writer.process);
      const committed = writer.out().split('\n').filter(Boolean).length;
      const db = await open();
      const rows = await db.query('SELECT step FROM training_jobs ORDER BY created_at');
      // The last one may have been committed without having been said.
      expect(rows.length - total).toBeGreaterThanOrEqual(committed);
      expect(rows.length - total).toBeLessThanOrEqual(committed + 1);
      expect(await db.query('SELECT id FROM training_jobs WHERE config IS NULL')).toEqual([]);
      total = rows.length;
      await db.close();
      opened.length = 0;
    }
  });

  it('leaves no half of a database when the first opening is killed', async () => {
    const first = start('hold');
    await eventually(async () => (await readdir(storagePath)).some((name) => name.startsWith('postgres')), {
      timeoutMs: 30_000,
      everyMs: 1,
    });
    await killed(first.process);
    expect((await (await open()).check()).kind).toBe('embedded');
  });
});

describe('upkeep', () => {
  it('keeps the write-ahead log short by itself', async () => {
    const db = await open();
    await db.query(`INSERT INTO models (name, file_path) VALUES ('m', '/m')`);
    for (let round = 0; round < 600; round++) {
      // 250 kB that do not compress.
      const metadata = JSON.stringify({ noise: randomBytes(125_000).toString('hex') });
      await db.query('UPDATE models SET metadata = $1::jsonb', [metadata]);
    }
    const wal = path.join(storagePath, 'postgres', 'pg_wal');
    let size = 0;
    for (const name of await readdir(wal)) size += (await stat(path.join(wal, name))).size;
    expect(size).toBeLessThan(100e6);
  });
});

/** All files of a data directory but those that PostgreSQL itself takes away and makes again. */
async function names(data: string): Promise<string[]> {
  return (await readdir(data, { recursive: true })).filter(
    (name) => !['postmaster.pid', 'pg_internal.init'].includes(path.basename(name)),
  );
}

describe('bad disks', () => {
  /** Every write to a file fails, as on a full or read-only disk; the failure is at the edge to the system. */
  function failWrites(code: string): () => void {
    const original = fs.writeSync;
    fs.writeSync = () => {
      throw Object.assign(new Error(code), { code });
    };
    syncBuiltinESMExports();
    return () => {
      fs.writeSync = original;
      syncBuiltinESMExports();
    };
  }

  it.each([
    ['a statement', (db: Database) => db.query(`UPDATE training_jobs SET name = 'lost'`)],
    [
      'the commit of a transaction',
      (db: Database) => db.transaction((tx) => tx.query(`UPDATE training_jobs SET name = 'lost'`)),
    ],
  ])(
    'tells a full disk at %s, loses nothing that was saved, and goes on when there is room',
    async (_, change) => {
      const db = new DeferredDatabase(() => openDatabase({ storagePath, log: silent, template }));
      const runs = new RunsStore(db);
      await runs.create({ name: 'before', task: 't', epochs: 1, config: {} });
      const restore = failWrites('ENOSPC');
      try {
        const full = { kind: 'database.unavailable', retryable: true, details: { reason: 'diskFull' } };
        await expect(change(db)).rejects.toMatchObject(full);
        await expect(change(db)).rejects.toMatchObject({ kind: 'database.unavailable' });
      } finally {
        restore();
      }
      await eventually(() => runs.create({ name: 'after', task: 't', epochs: 1, config: {} }), {
        timeoutMs: 20_000,
        everyMs: 100,
      });
      expect((await runs.list()).map(({ name }) => name)).toEqual(['before', 'after']);
      await db.close();
    },
  );

  it('tells a folder that became read-only', async () => {
    const db = await open();
    const restore = failWrites('EROFS');
    try {
      await expect(
        db.query(`INSERT INTO models (name, file_path) VALUES ($1, 'x')`, ['z'.repeat(9000)]),
      ).rejects.toMatchObject({
        kind: 'database.unavailable',
      });
    } finally {
      restore();
    }
  });

  it('tells a storage folder that cannot be made', async () => {
    const file = path.join(storagePath, 'file');
    await writeFile(file, '');
    await expect(
      openDatabase({ storagePath: path.join(file, 'x'), log: silent, template }),
    ).rejects.toMatchObject({
      kind: 'database.unavailable',
    });
  });

  it.skipIf(withoutPermissions)('tells a storage folder without write access', async () => {
    await chmod(storagePath, 0o500);
    await expect(open()).rejects.toMatchObject({
      kind: 'database.unavailable',
      details: { reason: 'readOnly' },
    });
    await chmod(storagePath, 0o700);
  });

  it('names the version of PostgreSQL that a folder needs when it is another one', async () => {
    const db = await open();
    expect((await db.check()).version.split('.')[0]).toBe(engineVersion);
    await db.close();
    await writeFile(path.join(storagePath, 'postgres', 'PG_VERSION'), '17\n');
    await expect(open()).rejects.toMatchObject({
      kind: 'database.unavailable',
      details: { reason: 'incompatible', version: '17' },
    });
  });

  it.each([
    [
      'the control file is garbage',
      (data: string) => writeFile(path.join(data, 'global/pg_control'), 'garbage'.repeat(1200)),
    ],
    ['the log is gone', (data: string) => rm(path.join(data, 'pg_wal'), { recursive: true })],
    ['the version file is empty', (data: string) => writeFile(path.join(data, 'PG_VERSION'), '')],
    ['the catalogue is gone', (data: string) => rm(path.join(data, 'base'), { recursive: true })],
  ])('names a damaged folder and deletes nothing when %s', async (_, damage) => {
    const first = await open();
    await first.close();
    const data = path.join(storagePath, 'postgres');
    await damage(data);
    const before = await names(data);
    const error: unknown = await open().catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      kind: 'database.unavailable',
      details: { reason: 'damaged', folder: data },
    });
    expect((error as Error).message).toContain('Nothing was deleted');
    expect(await names(data)).toEqual(expect.arrayContaining(before));
    expect(process.exitCode ?? 0).toBe(0);
    // The lock is free again: after the folder has been moved away there is a new, empty database.
    await cp(data, `${data}.away`, { recursive: true });
    await rm(data, { recursive: true });
    expect((await (await open()).check()).kind).toBe('embedded');
    await mkdir(data, { recursive: true });
  });
});
