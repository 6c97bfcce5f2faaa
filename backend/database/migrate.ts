import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '../../protocol/wire/errors';
import type { Database, Queryable } from './database';
import { errorCode } from './errors';

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}

/** Any constant: processes that migrate one server wait for each other on it. */
const advisoryLock = 7_011_909_120;

/** `0001_initial.sql`, `0002_….sql`, … without a gap, in order. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort();
  return Promise.all(
    files.map(async (file, index) => {
      const [, number, name] = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file) ?? [];
      if (name === undefined || Number(number) !== index + 1) {
        throw new Error(`Migration ${file} should be number ${index + 1}, named like 0001_initial.sql.`);
      }
      return { version: index + 1, name, sql: await readFile(path.join(folder, file), 'utf8') };
    }),
  );
}

/**
 * Brings the schema up to date; each migration in a transaction of its own. Answers the versions applied here.
 * Rejects with `database.unavailable` for a database that a newer Goya has migrated: nothing is touched then.
 */
export async function migrate(db: Database, migrations: readonly Migration[]): Promise<number[]> {
  const newest = migrations.at(-1)?.version ?? 0;
  const current = await currentVersion(db);
  if (current > newest) throw tooNew(current, newest);
  const applied: number[] = [];
  for (const migration of migrations.slice(current)) {
    if (await apply(db, migration)) applied.push(migration.version);
  }
  return applied;
}

const undefinedTable = '42P01';

/** 0 for a database without anything of ours. */
async function currentVersion(db: Queryable): Promise<number> {
  try {
    const [row] = await db.query('SELECT coalesce(max(version), 0) AS version FROM schema_migrations');
    return (row?.['version'] as number | undefined) ?? 0;
  } catch (error) {
    if (errorCode(error) === undefinedTable) return 0;
    throw error;
  }
}

/** False when another process was faster. */
async function apply(db: Database, migration: Migration): Promise<boolean> {
  return db.transaction(async (tx) => {
    await tx.query('SET LOCAL statement_timeout = 0');
    await tx.query('SELECT pg_advisory_xact_lock($1::bigint)', [advisoryLock]);
    if (migration.version === 1) {
      await tx.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
        version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    }
    if ((await currentVersion(tx)) >= migration.version) return false;
    await tx.exec(migration.sql);
    await tx.query('INSERT INTO schema_migrations (version, name) VALUES ($1, $2)', [
      migration.version,
      migration.name,
    ]);
    return true;
  });
}

function tooNew(current: number, newest: number): StudioError {
  return new StudioError(
    'database.unavailable',
    `The database was made by a newer version of Goya (schema ${current}, this version knows ${newest}). Update Goya, or use another database; nothing was changed.`,
    { details: { reason: 'tooNew', schema: current, supported: newest } },
  );
}
