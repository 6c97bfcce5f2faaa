/** PostgreSQL inside this process (PGlite), its data in a folder. Imported only when no server is set: it costs 100 MB. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import type { Logger } from 'pino';
import { isStudioError } from '../../protocol/wire/errors';
import type { DatabaseInfo, Row, Transaction } from './database';
import { DurableFs } from './durableFs';
import { errorCode, storageError, unavailable } from './errors';
import { FileLock } from './lock';
import { migrate, readMigrations } from './migrate';
import type { OpenedDatabase } from './opened';
import { resource } from './resources';
import { unpackTemplate } from './template';
import { cleanParams } from './text';

export interface EmbeddedOptions {
  /** The database lives in `postgres/` in it, its lock beside that. */
  readonly storagePath: string;
  readonly log: Logger;
  /** Made by scripts/build/database.mjs; that of the build when absent. */
  readonly template?: string | undefined;
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
  ].flatMap((setting) => ['-c', setting]),
];

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
    const db = new EmbeddedDatabase(await start(folder), folder, lock, log);
    const applied = await migrate(db, await readMigrations(resource('migrations')));
    if (applied.length > 0) log.info({ applied }, 'database migrated');
    return db;
  } catch (error) {
    await lock?.release();
    throw storageError(error, folder) ?? error;
  }
}

async function start(folder: string): Promise<PGlite> {
  const said: string[] = [];
  const exitCode = process.exitCode;
  try {
    return await PGlite.create({
      fs: new DurableFs(folder),
      startParams,
      ...(await engineFiles()),
      onStderr: (line) => {
        said.push(line);
        return false;
      },
    });
  } catch (error) {
    const reason = said.filter((line) => /(PANIC|FATAL):/.test(line)).at(-1) ?? said.at(-1);
    const full = said.some((line) => line.includes('No space left on device'));
    if (full) throw Object.assign(new Error(reason, { cause: error }), { code: 'ENOSPC' });
    const detail =
      reason === undefined ? '' : ` PostgreSQL said: ${reason.replace(/^.*?(PANIC|FATAL): +/, '')}.`;
    throw unavailable(
      'damaged',
      `The embedded database in ${folder} does not start; its files seem damaged.${detail} Nothing was deleted: put back a copy of that folder, or move it away to begin with an empty database (models and trained files stay where they are).`,
      { cause: error, details: { folder } },
    );
  } finally {
    // Emscripten writes the process's exit code when a start fails; the process goes on.
    process.exitCode = exitCode;
  }
}

/** Node has it; the library types of this project do not. */
const compiler = (globalThis as unknown as { WebAssembly: { compile(code: Uint8Array): Promise<never> } })
  .WebAssembly;

/** The build lays the engine beside the code; from source PGlite finds its own. */
async function engineFiles(): Promise<Pick<PGliteOptions, 'pgliteWasmModule' | 'fsBundle'>> {
  const wasm = builtFile('pglite.wasm');
  const data = builtFile('pglite.data');
  if (wasm === undefined || data === undefined) return {};
  const [pgliteWasmModule, bundle] = await Promise.all([
    readFile(wasm).then((bytes) => compiler.compile(bytes)),
    readFile(data),
  ]);
  return { pgliteWasmModule, fsBundle: new Blob([bundle]) };
}

function builtFile(name: string): string | undefined {
  try {
    return resource(name);
  } catch {
    return undefined;
  }
}

class EmbeddedDatabase implements OpenedDatabase {
  broken = false;
  private closed = false;
  /** The end of the queue: one connection, so one statement or transaction at a time. */
  private last: Promise<unknown> = Promise.resolve();
  private statements = 0;
  private readonly inside = new AsyncLocalStorage<{ open: boolean }>();

  constructor(
    private readonly pg: PGlite,
    private readonly folder: string,
    private readonly lock: FileLock,
    private readonly log: Logger,
  ) {}

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
        const result = await this.inside.run(scope, () => work(tx));
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
    if (!this.broken && !this.lock.isLost) await this.pg.close();
    await this.lock.release();
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.inside.getStore()?.open === true) {
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
    if (isStudioError(error)) return error;
    const severity = (error as { severity?: unknown }).severity;
    const code = errorCode(error);
    if (severity === 'PANIC' || severity === 'FATAL' || code === undefined) {
      this.broken = true;
      this.log.error({ err: error }, 'the embedded database broke');
    }
    const storage = storageError(code === '42501' ? { code: 'EACCES' } : error, this.folder);
    if (storage !== undefined) return storage;
    if (code?.startsWith('XX') === true || code === '58030') {
      return unavailable(
        'damaged',
        `The embedded database in ${this.folder} could not be read or written (${(error as Error).message}). Check the disk; nothing was deleted.`,
        { cause: error, details: { folder: this.folder } },
      );
    }
    if (!this.broken) return error;
    return unavailable('closed', 'The embedded database stopped; it is opened again by the next call.', {
      cause: error,
      retryable: true,
    });
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
