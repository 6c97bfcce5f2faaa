/** The one door to PostgreSQL. Two implementations, one behaviour: the whole test suite runs on each. */

export type Row = Record<string, unknown>;

export interface Queryable {
  /** One statement, parameters as `$1…`; never text pasted into SQL. int8 arrives as number, timestamps as Date, JSONB parsed. */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

export interface DatabaseInfo {
  readonly kind: 'embedded' | 'server';
  readonly version: string;
}

export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it throws. Nothing slow inside: the embedded database has one connection. */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
  /** Several statements without parameters: migrations only. */
  exec(sql: string): Promise<void>;
  /** Rejects with `database.unavailable` when it does not answer. */
  check(): Promise<DatabaseInfo>;
  close(): Promise<void>;
}
