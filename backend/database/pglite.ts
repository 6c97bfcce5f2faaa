/** PostgreSQL inside this process (PGlite), in a thread of its own, its data in a folder. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { StudioError } from '../../protocol/wire/errors';
import { backendKey, holdBackendLock } from './backendKey';
import type { DatabaseInfo, Row, Transaction } from './database';
import { errorCode, storageError, unavailable } from './errors';
import { FileLock } from './lock';
import { migrate, readMigrations } from './migrate';
import type { OpenedDatabase } from './opened';
import { builtEntry, resource } from './resources';
import { EngineStopped, type SqlEngine } from './sqlEngine';
import { unpackTemplate } from './template';
import { cleanParams } from './text';
import { ThreadedEngine } from './thread/threadedEngine';

export interface EmbeddedOptions {
  /** The database lives in `postgres/` in it, its lock beside that. */
  readonly storagePath: string;
  readonly log: Logger;
  /** Made by scripts/build/database.mjs; that of the build when absent. */
  readonly template?: string | undefined;
  /** For tests: refuses what would wait for the transaction that it stands in. Costs every promise of the process. */
  readonly guarded?: boolean | undefined;
}

/** PGlite's own, with `fsync` on, a shared buffer that fits a studio, and a log that does not grow without end. */
const startParams = [
  '--single',
  '-O',
  '-j',
  ...[
    'search_path=public',
    'exit_on_error=false',
    'log_checkpoints=false',
    'max_worker_processes=0',
    'max_parallel_workers=0',
    'max_parallel_workers_per_gather=0',
    'max_parallel_maintenance_workers=0',
    'io_method=sync',
    'wal_sync_method=fsync',
    'wal_level=minimal',
    'max_wal_senders=0',
    'shared_buffers=16MB',
    'max_wal_size=64MB',
    'min_wal_size=8MB',
    `goya.backend=${backendKey}`,
  ].flatMap((setting) => ['-c', setting]),
];

/** PGlite's major version of PostgreSQL, which a data directory must have. A test compares. */
export const engineVersion = '18';

/** Single-user PostgreSQL never checkpoints by itself: after this many statements the log's length is looked at. */
const statementsPerLook = 256;
const walLimit = 32 * 1024 * 1024;

/** Rejects with `database.locked` or `database.unavailable`. Never deletes anything. */
export async function openEmbedded(options: EmbeddedOptions): Promise<OpenedDatabase> {
  const { storagePath, log } = options;
  const folder = path.join(storagePath, 'postgres');
  let lock: FileLock | undefined;
  try {
    await mkdir(storagePath, { recursive: true });
    lock = await FileLock.acquire(path.join(storagePath, 'database.lock'));
    if (!existsSync(folder)) {
      log.info({ folder }, 'creating the embedded database');
      await unpackTemplate(options.template ?? resource('template.bin.br'), folder);
    }
    const db = new EmbeddedDatabase(await start(folder), folder, lock, log, options.guarded === true);
    const applied = await migrate(db, await readMigrations(resource('migrations')));
    if (applied.length > 0) log.info({ applied }, 'database migrated');
    await db.query(holdBackendLock);
    return db;
  } catch (error) {
    await lock?.release();
    throw storageError(error, folder) ?? error;
  }
}

async function start(folder: string): Promise<SqlEngine> {
  try {
    const entry = builtEntry('database.js');
    if (entry !== undefined) return await ThreadedEngine.start(entry, { folder, startParams });
    // From source there is no bundle that a thread could run.
    const { startEngine } = await import('./startEngine');
    return await startEngine(folder, startParams);
  } catch (error) {
    if (!(error instanceof EngineStopped)) throw error;
    const storage = stoppedByStorage(error, folder);
    if (storage !== undefined) throw storage;
    const version = (await readFile(path.join(folder, 'PG_VERSION'), 'utf8').catch(() => '')).trim();
    if (/^\d+$/.test(version) && version !== engineVersion) {
      throw unavailable(
        'incompatible',
        `The embedded database in ${folder} was made by PostgreSQL ${version}; this version of Goya contains ${engineVersion}. Use the version of Goya that made it, or move the folder away to begin with an empty database; nothing was changed.`,
        { cause: error, details: { folder, version } },
      );
    }
    throw unavailable(
      'damaged',
      `The embedded database in ${folder} does not start; its files seem damaged (${error.message}). Nothing was deleted: put back a copy of that folder, or move it away to begin with an empty database (models and trained files stay where they are).`,
      { cause: error, details: { folder } },
    );
  }
}

/** A panic tells its cause in words only. */
function stoppedByStorage(error: EngineStopped, folder: string): StudioError | undefined {
  if (/No space left on device|quota exceeded/i.test(error.message))
    return storageError({ code: 'ENOSPC' }, folder);
  if (/Read-only file system/i.test(error.message)) return storageError({ code: 'EROFS' }, folder);
  if (/Permission denied/i.test(error.message)) return storageError({ code: 'EACCES' }, folder);
  return undefined;
}

class EmbeddedDatabase implements OpenedDatabase {
  broken = false;
  private closed = false;
  /** The end of the queue: one connection, so one statement or transaction at a time. */
  private last: Promise<unknown> = Promise.resolve();
  private statements = 0;
  private readonly inside: AsyncLocalStorage<{ open: boolean }> | undefined;

  constructor(
    private readonly pg: SqlEngine,
    private readonly folder: string,
    private readonly lock: FileLock,
    private readonly log: Logger,
    guarded: boolean,
  ) {
    if (guarded) this.inside = new AsyncLocalStorage();
  }

  async query<R extends Row = Row>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.inTurn(async () => {
      const rows = await this.run<R>(sql, params);
      await this.checkpointIfDue();
      return rows;
    });
  }

  async exec(sql: string): Promise<void> {
    await this.inTurn(() => this.runAll(sql));
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      const scope = { open: true };
      const check = (): void => {
        if (!scope.open) throw new Error('This transaction is over.');
      };
      const tx: Transaction = {
        query: async (sql, params = []) => {
          check();
          return this.run(sql, params);
        },
        exec: async (sql) => {
          check();
          await this.runAll(sql);
        },
      };
      await this.runAll('BEGIN');
      try {
        const result = await (this.inside === undefined ? work(tx) : this.inside.run(scope, () => work(tx)));
        scope.open = false;
        await this.runAll('COMMIT');
        return result;
      } catch (error) {
        scope.open = false;
        // After a panic the engine answers nothing any more, not even a rollback.
        if (!this.broken) await this.runAll('ROLLBACK');
        throw error;
      }
    });
  }

  async check(): Promise<DatabaseInfo> {
    const [row] = await this.query(`SELECT current_setting('server_version') AS version`);
    return { kind: 'embedded', version: String(row?.['version']) };
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.last.catch(() => undefined);
    // A broken engine must not write a last checkpoint; neither must one whose folder another process has taken.
    if (this.broken || this.lock.isLost) await this.pg.abandon?.();
    else await this.pg.close();
    await this.lock.release();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside?.getStore()?.open === true) {
      return Promise.reject(
        new Error(
          'Inside a transaction only its own queries may be awaited: on one connection this would wait for ever.',
        ),
      );
    }
    const turn = this.last.then(async () => {
      if (this.closed || this.broken)
        throw unavailable('closed', 'The embedded database is closed.', { retryable: true });
      await this.lock.verify();
      return work();
    });
    this.last = turn.catch(() => undefined);
    return turn;
  }

  private async run<R extends Row>(sql: string, params: readonly unknown[]): Promise<R[]> {
    this.statements += 1;
    try {
      return (await this.pg.query<R>(sql, cleanParams(params))).rows;
    } catch (error) {
      throw this.judge(error);
    }
  }

  private async runAll(sql: string): Promise<void> {
    try {
      await this.pg.exec(sql);
    } catch (error) {
      throw this.judge(error);
    }
  }

  /** What the caller can act on, out of what the engine threw. */
  private judge(error: unknown): unknown {
    const stopped = this.pg.stopped;
    if (stopped !== undefined) {
      if (!this.broken)
        this.log.error({ err: error, reason: stopped.message }, 'the embedded database stopped');
      this.broken = true;
      return (
        stoppedByStorage(stopped, this.folder) ??
        unavailable(
          'closed',
          `The embedded database stopped (${stopped.message}); the next call opens it again.`,
          {
            cause: error,
            retryable: true,
          },
        )
      );
    }
    const code = errorCode(error);
    // The engine's user may do anything: this code only comes from the file system.
    const storage = storageError(code === '42501' ? { code: 'EACCES' } : error, this.folder);
    if (storage !== undefined) return storage;
    if (code?.startsWith('XX') === true || code === '58030') {
      return unavailable(
        'damaged',
        `The embedded database in ${this.folder} could not be read or written (${(error as Error).message}). Check the disk; nothing was deleted.`,
        { cause: error, details: { folder: this.folder } },
      );
    }
    return error;
  }

  /** Keeps the log, and with it the time to recover after a crash, short. */
  private async checkpointIfDue(): Promise<void> {
    if (this.statements < statementsPerLook) return;
    this.statements = 0;
    const [row] = await this.run(
      'SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), checkpoint_lsn) > $1::bigint AS due FROM pg_control_checkpoint()',
      [walLimit],
    );
    if (row?.['due'] === true) await this.runAll('CHECKPOINT');
  }
}
