import type { Row } from './database';

/** One PostgreSQL of this process's own, in this thread or in another: one statement at a time. */
export interface SqlEngine {
  query<R extends Row>(sql: string, params: unknown[]): Promise<{ readonly rows: R[] }>;
  exec(sql: string): Promise<unknown>;
  close(): Promise<void>;
  /** Lets go of it without a last word to its folder, where that can be. */
  abandon?(): Promise<void>;
  /** Undefined while it is alive. */
  readonly stopped: EngineStopped | undefined;
}

/** The engine panicked or trapped: it will never answer again. `message` is what PostgreSQL said last. */
export class EngineStopped extends Error {
  override readonly name = 'EngineStopped';
}
