/** A PostgreSQL server behind a pool of connections. */
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import type { DatabaseInfo, Row, Transaction } from './database';
import { backendKey } from './backendKey';
import { unavailable } from './errors';
import { migrate, readMigrations } from './migrate';
import type { OpenedDatabase } from './opened';
import { Presence } from './presence';
import { resource } from './resources';
import { parseServerAddress, type ServerAddress } from './serverAddress';
import { isConnectionLoss, refusesTls, serverError } from './serverErrors';
import { cleanParams } from './text';

export interface ServerOptions {
  /** `postgres://user:password@host:5432/database?sslmode=…` */
  readonly url: string;
  readonly log: Logger;
  readonly poolSize?: number | undefined;
  /** Milliseconds to wait for a connection. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds after which the server gives a statement up. */
  readonly statementTimeout?: number | undefined;
}

const defaults = { poolSize: 10, connectTimeout: 5000, statementTimeout: 30_000 };
/** The driver's list of types has no arrays. */
const int8Array = 1016;
/** gen_random_uuid() came with 13. */
const oldestVersion = 130_000;

/** Rejects with `database.unavailable`, naming the host and never the password. */
export async function openServer(options: ServerOptions): Promise<OpenedDatabase> {
  const address = parseServerAddress(options.url);
  const db = await connect(address, options);
  try {
    await refuseOldServer(db, address);
    const applied = await migrate(db, await readMigrations(resource('migrations')));
    if (applied.length > 0) options.log.info({ server: address.name, applied }, 'database migrated');
    await db.appear();
    return db;
  } catch (error) {
    await db.close();
    throw error;
  }
}

/** The first connection, with TLS or without as the address allows. */
async function connect(address: ServerAddress, options: ServerOptions): Promise<ServerDatabase> {
  let last: unknown;
  for (const ssl of address.ssl) {
    const config = connection(address, ssl, options);
    const presence = new Presence(() => new pg.Client(config), options.log);
    const db = new ServerDatabase(makePool(config, address, options), presence, address, options);
    try {
      await db.probe();
      return db;
    } catch (error) {
      await db.close();
      last = error;
      const tlsAtFault = ssl === false ? isTlsDemand(error) : refusesTls(error);
      if (!tlsAtFault) break;
    }
  }
  throw serverError(last, address) ?? last;
}

/** A server whose pg_hba.conf takes only encrypted connections. */
function isTlsDemand(error: unknown): boolean {
  return error instanceof Error && /no encryption|SSL off/i.test(error.message);
}

/** What every connection is made with. `goya.*`: how the schema tells backends apart. */
function connection(address: ServerAddress, ssl: ServerAddress['ssl'][number], options: ServerOptions) {
  const statementTimeout = options.statementTimeout ?? defaults.statementTimeout;
  const types = new pg.TypeOverrides();
  types.setTypeParser(pg.types.builtins.INT8, Number);
  types.setTypeParser(int8Array, (text): unknown =>
    JSON.parse(`[${text.slice(1, -1)}]`.replaceAll('NULL', 'null')),
  );
  return {
    host: address.host,
    port: address.port,
    database: address.database,
    user: address.user,
    password: address.password,
    ssl,
    application_name: address.applicationName,
    options: `-c goya.backend=${backendKey} -c goya.machine=${hostname().replace(/[^\w.-]/g, '_')}`,
    connectionTimeoutMillis: options.connectTimeout ?? defaults.connectTimeout,
    keepAlive: true,
    statement_timeout: statementTimeout,
    idle_in_transaction_session_timeout: statementTimeout,
    // The server gives up first; this is for a line that went dead without a word.
    query_timeout: statementTimeout + 5000,
    types,
  } satisfies pg.ClientConfig;
}

function makePool(config: pg.ClientConfig, address: ServerAddress, options: ServerOptions): pg.Pool {
  const pool = new pg.Pool({
    ...config,
    max: options.poolSize ?? defaults.poolSize,
    idleTimeoutMillis: 30_000,
  });
  pool.on('error', (error) => {
    options.log.warn({ server: address.name, reason: error.message }, 'an idle database connection was lost');
  });
  return pool;
}

async function refuseOldServer(db: ServerDatabase, address: ServerAddress): Promise<void> {
  const [row] = await db.query(
    `SELECT current_setting('server_version') AS name, current_setting('server_version_num')::int AS number`,
  );
  if ((row?.['number'] as number) >= oldestVersion) return;
  throw unavailable(
    'tooOld',
    `The PostgreSQL server ${address.name} is version ${String(row?.['name'])}; Goya needs 13 or newer.`,
  );
}

class ServerDatabase implements OpenedDatabase {
  /** Never for good: the pool makes new connections. */
  readonly broken = false;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly pool: pg.Pool,
    private readonly presence: Presence,
    private readonly address: ServerAddress,
    private readonly options: ServerOptions,
  ) {}

  /** One connection, tried once, with the driver's own error. */
  async probe(): Promise<void> {
    (await this.pool.connect()).release();
  }

  /** From now on other backends leave alone what this one claims. */
  async appear(): Promise<void> {
    try {
      await this.presence.start();
    } catch (error) {
      throw serverError(error, this.address) ?? error;
    }
  }

  async query<R extends Row = Row>(sql: string, params: readonly unknown[] = []): Promise<R[]> {
    return this.withClient(async (client) => (await client.query<R>(sql, cleanParams(params))).rows);
  }

  async exec(sql: string): Promise<void> {
    await this.withClient((client) => client.query(sql));
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.withClient(async (client) => {
      let open = true;
      const run = (sql: string, params?: unknown[]): Promise<pg.QueryResult<Row>> => {
        if (!open) throw new Error('This transaction is over.');
        return client.query<Row>(sql, params);
      };
      const tx: Transaction = {
        query: async <R extends Row>(sql: string, params: readonly unknown[] = []) =>
          (await run(sql, cleanParams(params))).rows as R[],
        exec: async (sql) => {
          await run(sql);
        },
      };
      await client.query('BEGIN');
      try {
        const result = await work(tx);
        open = false;
        await client.query('COMMIT');
        return result;
      } catch (error) {
        open = false;
        if (!isConnectionLoss(error)) await client.query('ROLLBACK');
        throw error;
      }
    });
  }

  async check(): Promise<DatabaseInfo> {
    const [row] = await this.query(`SELECT current_setting('server_version') AS version`);
    return { kind: 'server', version: String(row?.['version']) };
  }

  async close(): Promise<void> {
    this.closing ??= this.presence.stop().then(() => this.pool.end());
    await this.closing;
  }

  private async withClient<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.acquire();
    let lost: Error | undefined;
    // Between two queries of a transaction nobody else listens, and an unheard error would end the process.
    const onError = (error: Error): void => {
      lost = error;
    };
    client.on('error', onError);
    try {
      return await work(client);
    } catch (error) {
      if (isConnectionLoss(error)) lost = error as Error;
      throw serverError(error, this.address) ?? error;
    } finally {
      client.off('error', onError);
      client.release(lost);
    }
  }

  /** A connection; while the server restarts, tried again for as long as a connection may take. */
  private async acquire(): Promise<pg.PoolClient> {
    const deadline = Date.now() + (this.options.connectTimeout ?? defaults.connectTimeout);
    for (let pause = 50; ; pause = Math.min(pause * 2, 1000)) {
      if (this.closing !== undefined) throw unavailable('closed', 'The database is closed.');
      try {
        return await this.pool.connect();
      } catch (error) {
        if (!isConnectionLoss(error) || Date.now() + pause > deadline) {
          throw serverError(error, this.address) ?? error;
        }
        await wait(pause);
      }
    }
  }
}
