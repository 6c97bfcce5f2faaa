/** The embedded database in a thread of its own, as its user sees it. */
import { Worker } from 'node:worker_threads';
import type { Row } from '../database';
import { EngineStopped, type SqlEngine } from '../sqlEngine';
import { fromSent, type Answer, type Ask, type ThreadData } from './messages';

interface Waiting {
  resolve(rows: readonly unknown[]): void;
  reject(error: unknown): void;
}

/** For the garbage of statements: more is only held, not needed. */
const youngMegabytes = 4;

type Asked = Ask extends infer Each ? (Each extends Ask ? Omit<Each, 'id'> : never) : never;

export class ThreadedEngine implements SqlEngine {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;
  private lastWords: string | undefined;
  private ended = false;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (answer: Answer) => this.take(answer));
    worker.on('error', (error) => this.end(error.message));
    worker.on('exit', () => this.end('its thread ended'));
  }

  /** `entry`: `database.js` of the build. Rejects with `EngineStopped` when PostgreSQL does not start. */
  static async start(entry: string, workerData: ThreadData): Promise<ThreadedEngine> {
    // What PostgreSQL prints would land among the messages of the connection.
    const worker = new Worker(entry, {
      workerData,
      stdout: true,
      stderr: true,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    });
    worker.stdout.resume();
    worker.stderr.resume();
    const engine = new ThreadedEngine(worker);
    try {
      await new Promise((resolve, reject) => engine.waiting.set(0, { resolve, reject }));
      return engine;
    } catch (error) {
      await worker.terminate();
      throw engine.lastWords === undefined ? error : new EngineStopped(engine.lastWords, { cause: error });
    }
  }

  get stopped(): EngineStopped | undefined {
    return this.lastWords === undefined ? undefined : new EngineStopped(this.lastWords);
  }

  async query<R extends Row>(sql: string, params: unknown[]): Promise<{ readonly rows: R[] }> {
    return { rows: (await this.ask({ what: 'query', sql, params })) as R[] };
  }

  async exec(sql: string): Promise<void> {
    await this.ask({ what: 'exec', sql });
  }

  async close(): Promise<void> {
    await this.ask({ what: 'close' });
    await this.abandon();
  }

  async abandon(): Promise<void> {
    this.ended = true;
    await this.worker.terminate();
  }

  private ask(asked: Asked): Promise<readonly unknown[]> {
    if (this.stopped !== undefined) return Promise.reject(this.stopped);
    const id = (this.lastId += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ id, ...asked });
    });
  }

  private take({ id, rows = [], error, stopped }: Answer): void {
    if (stopped !== undefined) this.lastWords = stopped;
    const asked = this.waiting.get(id);
    this.waiting.delete(id);
    if (error === undefined) asked?.resolve(rows);
    else asked?.reject(fromSent(error));
  }

  /** Not by `close`: whatever it was, nothing more is to be had of it. */
  private end(reason: string): void {
    if (this.ended) return;
    this.lastWords ??= reason;
    for (const { reject } of this.waiting.values()) reject(new EngineStopped(this.lastWords));
    this.waiting.clear();
  }
}
