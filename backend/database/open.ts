import type { Logger } from 'pino';
import type { OpenedDatabase } from './opened';

export interface OpenDatabaseOptions {
  /** Of a PostgreSQL server; absent or empty: the embedded database. */
  readonly url?: string | undefined;
  /** Absolute folder of the embedded database and its lock. */
  readonly storagePath: string;
  readonly log: Logger;
  /** For tests from source: the embedded database's template. */
  readonly template?: string | undefined;
  /** For tests: the embedded database refuses what would wait for the transaction that it stands in. */
  readonly guarded?: boolean | undefined;
}

/** Opens, migrates, and rejects with `database.unavailable` or `database.locked`. Loads only the engine that is used. */
export async function openDatabase(options: OpenDatabaseOptions): Promise<OpenedDatabase> {
  const { url, storagePath, log, template, guarded } = options;
  if (url !== undefined && url !== '') {
    const { openServer } = await import('./postgres');
    return openServer({ url, log });
  }
  const { openEmbedded } = await import('./pglite');
  return openEmbedded({ storagePath, log, template, guarded });
}
