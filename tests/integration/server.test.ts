/** A PostgreSQL server that restarts, refuses, is somewhere else or speaks another TLS than asked for. */
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { DeferredDatabase } from '../../backend/database/deferred';
import { openDatabase } from '../../backend/database/open';
import type { OpenedDatabase } from '../../backend/database/opened';
import { openServer } from '../../backend/database/postgres';
import { RunsStore } from '../../backend/stores/runs';
import { closeSharedServer, sharedServer, silent } from '../fixtures/databases';
import { eventually } from '../fixtures/eventually';
import { skipPostgres, type TestServer } from '../fixtures/postgres';

const opened: OpenedDatabase[] = [];
async function open(url: string): Promise<OpenedDatabase> {
  const db = await openDatabase({ url, storagePath: tmpdir(), log: silent });
  opened.push(db);
  return db;
}
afterEach(async () => {
  await Promise.all(opened.splice(0).map((db) => db.close()));
});

async function failure(url: string): Promise<Error & { details: Record<string, unknown> }> {
  const error: unknown = await open(url).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ kind: 'database.unavailable' });
  return error as Error & { details: Record<string, unknown> };
}

const input = { name: 'r', task: 't', epochs: 1, config: {} };

describe.skipIf(skipPostgres())('a PostgreSQL server', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await sharedServer();
  });
  afterAll(closeSharedServer);

  it.each(['fast', 'immediate'] as const)(
    'goes on after the server was stopped (%s) and started',
    async (how) => {
      const url = await server.createDatabase();
      const runs = new RunsStore(await open(url));
      const kept = await runs.create(input);
      await server.down(how);
      await expect(runs.list()).rejects.toMatchObject({
        kind: 'database.unavailable',
        retryable: true,
        details: { reason: 'unreachable' },
      });
      await server.up();
      expect(await eventually(() => runs.list())).toEqual([kept]);
    },
  );

  it('waits a moment for a server that restarts, so that nobody notices', async () => {
    const runs = new RunsStore(await open(await server.createDatabase()));
    await server.down();
    const waiting = runs.create(input);
    await server.up();
    expect((await waiting).state).toBe('queued');
  });

  it('rolls back and says so when the connection dies inside a transaction', async () => {
    const url = await server.createDatabase();
    const db = await open(url);
    const work = db.transaction(async (tx) => {
      await tx.query(`INSERT INTO models (name, file_path) VALUES ('m', '/m')`);
      const [row] = await tx.query('SELECT pg_backend_pid() AS pid');
      await server.admin(`SELECT pg_terminate_backend(${String(row?.['pid'])})`);
      await tx.query('SELECT 1');
    });
    await expect(work).rejects.toMatchObject({ kind: 'database.unavailable', retryable: true });
    expect(await db.query('SELECT 1 FROM models')).toEqual([]);
  });

  it('survives that idle connections are cut', async () => {
    const db = await open(await server.createDatabase());
    await Promise.all([1, 2, 3, 4].map(() => db.query('SELECT pg_sleep(0.01)')));
    await server.admin(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'goya'`,
    );
    expect(await eventually(() => db.query('SELECT 1 AS one'))).toEqual([{ one: 1 }]);
  });

  it('opens no more connections than its pool has', async () => {
    const url = await server.createDatabase();
    const db = await openServer({ url, log: silent, poolSize: 3 });
    opened.push(db);
    const counts = await Promise.all(
      Array.from({ length: 20 }, () =>
        db.query(
          'SELECT count(*) AS n, pg_sleep(0.02) IS NULL AS slept FROM pg_stat_activity WHERE datname = current_database()',
        ),
      ),
    );
    // And one that shows the backend alive.
    expect(Math.max(...counts.map(([row]) => row?.['n'] as number))).toBeLessThanOrEqual(3 + 1);
  });

  it('gives a statement up after its time, and goes on', async () => {
    const url = await server.createDatabase();
    const db = await openServer({ url, log: silent, statementTimeout: 200 });
    opened.push(db);
    await expect(db.query('SELECT pg_sleep(20)')).rejects.toMatchObject({ kind: 'database.unavailable' });
    expect(await db.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('lets several processes migrate one empty database at once', async () => {
    const url = await server.createDatabase();
    const all = await Promise.all([1, 2, 3, 4].map(() => open(url)));
    const versions = await all[0]!.query('SELECT version FROM schema_migrations');
    expect(versions.length).toBeGreaterThan(0);
  });

  it('hands a queued thing to one of two processes', async () => {
    const url = await server.createDatabase();
    const [one, two] = [await open(url), await open(url)];
    const runs = new RunsStore(one);
    const { id } = await runs.create(input);
    const both = await Promise.allSettled([
      runs.patch(id, { state: 'running' }, ['queued']),
      new RunsStore(two).patch(id, { state: 'running' }, ['queued']),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('leaves alone what a live backend has, and takes it up when that one dies', async () => {
    const url = await server.createDatabase();
    const db = await open(url);
    const runs = new RunsStore(db);
    const { id } = await runs.create(input);
    await runs.patch(id, { state: 'running' });
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query('SELECT pg_advisory_lock(71190, 42)');
    await db.query('UPDATE training_jobs SET claimed_by = 42');
    expect(await runs.interruptUnfinished()).toEqual([]);
    await other.end();
    expect(await eventually(async () => (await runs.interruptUnfinished()).length)).toBe(1);
  });

  it('shows itself alive, again after the server was restarted', async () => {
    const db = await open(await server.createDatabase());
    const alive = async (): Promise<boolean> => {
      const [row] = await db.query(
        `SELECT count(*) AS n FROM pg_locks
         WHERE locktype = 'advisory' AND classid = 71190 AND objid = current_backend()::oid
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      return row?.['n'] === 1;
    };
    expect(await alive()).toBe(true);
    await server.down('immediate');
    await server.up();
    await eventually(alive);
  });

  it('says that user or password are refused, without the password', async () => {
    const wrong = server.url('postgres').replace(/:[^:@]+@/, ':geheim123@');
    const error = await failure(wrong);
    expect(error.details['reason']).toBe('refused');
    expect(error.message).toContain(`127.0.0.1:${server.port}`);
    expect(error.message).toContain('goya');
    expect(JSON.stringify({ message: error.message, details: error.details })).not.toContain('geheim123');
  });

  it('says that the password is missing', async () => {
    expect((await failure(server.url('postgres').replace(/:[^:@]+@/, '@'))).message).toContain('password');
  });

  it('says that the database does not exist', async () => {
    const error = await failure(server.url('nowhere'));
    expect(error.message).toContain('no database nowhere');
    expect(error.details).toMatchObject({ reason: 'refused', code: '3D000' });
  });

  it('says that the user may not make tables', async () => {
    const url = await server.createDatabase();
    await server.admin(`DROP ROLE IF EXISTS guest`);
    await server.admin(`CREATE ROLE guest LOGIN PASSWORD 'guest'`);
    const error = await failure(url.replace(/\/\/[^@]+@/, '//guest:guest@'));
    expect(error.message).toContain('grant');
    expect(error.details['reason']).toBe('refused');
  });

  it('goes without TLS where the server has none, unless TLS was demanded', async () => {
    const url = await server.createDatabase();
    expect((await (await open(url)).check()).kind).toBe('server');
    expect((await (await open(`${url}?sslmode=prefer`)).check()).kind).toBe('server');
    expect((await failure(`${url}?sslmode=require`)).message).toContain('does not speak TLS');
  });

  it('uses TLS when the server has it, and checks the certificate when asked to', async () => {
    const url = await server.createDatabase();
    await server.enableTls();
    const encrypted = async (mode: string): Promise<unknown> => {
      const db = await open(`${url}${mode}`);
      const [row] = await db.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
      return row?.['ssl'];
    };
    expect(await encrypted('')).toBe(true);
    expect(await encrypted('?sslmode=require')).toBe(true);
    expect(await encrypted('?sslmode=disable')).toBe(false);
    const refused = await failure(`${url}?sslmode=verify-full`);
    expect(refused.message).toContain('certificate');
    expect(await encrypted(`?sslmode=verify-ca&sslrootcert=${server.certificate}`)).toBe(true);
  });
});

describe('no server there', () => {
  const silentServers: { server: Server; sockets: Socket[] }[] = [];
  afterEach(() => {
    for (const { server, sockets } of silentServers.splice(0)) {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });

  it('names the host and port that refuse, at once, and never the password', async () => {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const before = Date.now();
    const error = await failure(`postgres://me:geheim123@127.0.0.1:${port}/d`);
    expect(Date.now() - before).toBeLessThan(4000);
    expect(error.message).toContain(`127.0.0.1:${port}/d`);
    expect(error.details['reason']).toBe('unreachable');
    expect(JSON.stringify([error.message, error.details, String(error.cause)])).not.toContain('geheim123');
  });

  it('gives up on a host that accepts and says nothing', async () => {
    const sockets: Socket[] = [];
    const mute = createServer((socket) => sockets.push(socket));
    silentServers.push({ server: mute, sockets });
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    const url = `postgres://me@127.0.0.1:${port}/d?sslmode=disable`;
    await expect(openServer({ url, log: silent, connectTimeout: 300 })).rejects.toMatchObject({
      kind: 'database.unavailable',
      retryable: true,
    });
  });

  it('names a host that does not exist', async () => {
    const error = await failure('postgres://me:geheim123@no-such-host.invalid/d');
    expect(error.message).toContain('no-such-host.invalid:5432/d');
  });

  it('opens behind a DeferredDatabase once the server is there', async () => {
    let url = 'postgres://me@127.0.0.1:9/d';
    const db = new DeferredDatabase(() => openDatabase({ url, storagePath: tmpdir(), log: silent }));
    await expect(db.check()).rejects.toMatchObject({ kind: 'database.unavailable' });
    if (skipPostgres()) return;
    const server = await sharedServer();
    url = await server.createDatabase();
    expect((await eventually(() => db.check(), { everyMs: 100 })).kind).toBe('server');
    await db.close();
    await closeSharedServer();
  });
});
