import type { Database } from './database';

/** A database that was opened once and may break for good: then it is to be opened again. */
export interface OpenedDatabase extends Database {
  readonly broken: boolean;
}
