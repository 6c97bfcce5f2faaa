/** The one door to PostgreSQL. Two implementations, one behaviour: the whole test suite runs on each. */

export type Row = Record<string, unknown>;

export interface Queryable {
  /**
   * One statement, parameters as `$1…`; never text pasted into SQL. int8 arrives as number, timestamps as Date, JSONB
   * parsed. JSONB goes in as text (`toJson`); NUL characters, which PostgreSQL cannot store, become U+FFFD.
   */
  query<R extends Row = Row>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

export interface Transaction extends Queryable {
  /** Several statements without parameters: migrations only. */
  exec(sql: string): Promise<void>;
}

export interface DatabaseInfo {
  readonly kind: 'embedded' | 'server';
  readonly version: string;
}

export interface Database extends Queryable {
  /** Commits when `work` resolves, rolls back when it throws. Nothing slow inside: the embedded database has one connection. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Several statements without parameters: migrations only. */
  exec(sql: string): Promise<void>;
  /** Rejects with `database.unavailable` when it does not answer. */
  check(): Promise<DatabaseInfo>;
  close(): Promise<void>;
}
