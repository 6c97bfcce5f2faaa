import { isStudioError, type StudioError } from '../../protocol/wire/errors';
import type { Database, DatabaseInfo, Row, Transaction } from './database';
import { unavailable } from './errors';
import type { OpenedDatabase } from './opened';

/** Milliseconds during which a failed opening answers for the calls that follow; doubled with each failure. */
const firstPause = 500;
const longestPause = 30_000;

interface Failure {
  readonly error: StudioError;
  readonly until: number;
  readonly pause: number;
}

/**
 * A database that is still being opened, or that has to be opened again: calls wait for the opening. When it fails they
 * reject with its error; a later call tries again, ever less often.
 */
export class DeferredDatabase implements Database {
  /** Resolves once, when the database is open for the first time; never rejects. */
  readonly opened: Promise<void>;
  private announce!: () => void;
  private current: Promise<OpenedDatabase> | undefined;
  private failure: Failure | undefined;
  private closed = false;

  constructor(private readonly open: () => Promise<OpenedDatabase>) {
    this.opened = new Promise((resolve) => (this.announce = resolve));
  }

  /** Begins to open it now rather than at the first call. */
  start(): void {
    this.database().catch(() => undefined);
  }

  async query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<R[]> {
    return (await this.database()).query<R>(sql, params);
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    return (await this.database()).transaction(work);
  }

  async exec(sql: string): Promise<void> {
    await (await this.database()).exec(sql);
  }

  async check(): Promise<DatabaseInfo> {
    return (await this.database()).check();
  }

  /** Waits for an opening under way, so that nothing stays open or locked. */
  async close(): Promise<void> {
    this.closed = true;
    const opened = await this.current?.catch(() => undefined);
    await opened?.close();
  }

  private async database(): Promise<OpenedDatabase> {
    if (this.closed) throw unavailable('closed', 'The database is closed.');
    if (this.failure !== undefined && Date.now() < this.failure.until) throw this.failure.error;
    const attempt = (this.current ??= this.tryOpen());
    const opened = await attempt;
    if (!opened.broken) return opened;
    // Of several calls that find it broken, the first one opens it again.
    if (this.current === attempt) {
      this.current = opened.close().then(() => this.tryOpen());
    }
    return this.database();
  }

  private async tryOpen(): Promise<OpenedDatabase> {
    try {
      const opened = await this.open();
      this.failure = undefined;
      this.announce();
      return opened;
    } catch (error) {
      const pause = Math.min((this.failure?.pause ?? firstPause / 2) * 2, longestPause);
      this.failure = { error: asUnavailable(error), until: Date.now() + pause, pause };
      this.current = undefined;
      throw this.failure.error;
    }
  }
}

function asUnavailable(error: unknown): StudioError {
  if (isStudioError(error)) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return unavailable('closed', `The database could not be opened (${reason}); the log has the details.`, {
    cause: error,
    retryable: true,
  });
}
