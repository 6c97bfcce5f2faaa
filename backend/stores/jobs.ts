/**
 * The queue of runs: one pg-boss job, with the run's id, for each run that waits or runs. Each backend has a queue of its
 * own, so that a run stays with the window that started it for as long as that lives; `RunsStore.claimQueued` hands on
 * those of a dead one.
 */
import type PgBoss from 'pg-boss';
import type { Logger } from 'pino';
import type { Run } from '../../protocol/model/run';
import type { Database, Queryable } from '../database/database';
import { bossSchema, onQueryable, startBoss } from './boss';

interface Open {
  readonly boss: PgBoss;
  readonly queue: string;
}

export class JobsStore {
  private opening: Promise<Open> | undefined;

  constructor(
    private readonly db: Database,
    private readonly log: Logger,
  ) {}

  /** Whether another backend may share the database, and with it leave work behind. */
  async isShared(): Promise<boolean> {
    return (await this.db.check()).kind === 'server';
  }

  /** What `change` answers as queued gets its job with it, or neither happens. */
  async enqueue(change: (tx: Queryable) => Promise<Run>): Promise<Run> {
    const open = await this.open();
    return this.db.transaction(async (tx) => {
      const run = await change(tx);
      await add(open, tx, run);
      return run;
    });
  }

  /** Gives runs that are queued a job where they have none: those of an older version or of a dead backend. */
  async ensure(runs: readonly Run[]): Promise<void> {
    if (runs.length === 0) return;
    const open = await this.open();
    const rows = await this.db.query(
      `SELECT id FROM ${bossSchema}.job WHERE name = $1 AND id = ANY($2::uuid[]) AND state < 'active'`,
      [open.queue, runs.map((run) => run.id)],
    );
    const known = new Set(rows.map((row) => row['id']));
    // One by one: equals start in the order of their transactions.
    for (const run of runs.filter((one) => !known.has(one.id))) {
      await this.db.transaction((tx) => add(open, tx, run));
    }
  }

  /**
   * Takes the job that is next, and no other backend does. `begin` makes its run `running` in the same transaction, or
   * answers undefined for one that no longer waits: then the job is dropped and the next one taken.
   */
  async take(begin: (tx: Queryable, runId: string) => Promise<Run | undefined>): Promise<Run | undefined> {
    if (!(await this.isWaiting())) return undefined;
    const { boss, queue } = await this.open();
    for (;;) {
      const taken = await this.db.transaction(async (tx) => {
        const db = onQueryable(tx);
        const job = await next(boss, queue, db);
        if (job === undefined) return { run: undefined, more: false };
        const run = await begin(tx, job.id);
        if (run === undefined) await boss.deleteJob(queue, job.id, { db });
        return { run, more: run === undefined };
      });
      if (!taken.more) return taken.run;
    }
  }

  /** The run's place among those that wait, without losing its turn among equals. */
  async prioritize(runId: string, priority: number, change: (tx: Queryable) => Promise<Run>): Promise<Run> {
    const { queue } = await this.open();
    return this.db.transaction(async (tx) => {
      const run = await change(tx);
      await tx.query(
        `UPDATE ${bossSchema}.job SET priority = $3 WHERE name = $1 AND id = $2 AND state < 'active'`,
        [queue, runId, priority],
      );
      return run;
    });
  }

  /** The run waits and runs no more. */
  async remove(runId: string): Promise<void> {
    const { boss, queue } = await this.open();
    await boss.deleteJob(queue, runId);
  }

  /** Deletes jobs of runs that are over, and the queues of dead backends, whose runs have been claimed. */
  async sweep(): Promise<void> {
    const [made] = await this.db.query(`SELECT to_regclass('${bossSchema}.job') IS NOT NULL AS made`);
    if (made?.['made'] !== true) return;
    await this.db.query(
      `DELETE FROM ${bossSchema}.job WHERE NOT EXISTS (
         SELECT 1 FROM training_jobs WHERE training_jobs.id = job.id AND status IN ('queued', 'running', 'stopping'))`,
    );
    const dead = await this.db.query(
      `SELECT name FROM ${bossSchema}.queue, LATERAL (
         SELECT substring(name from '^runs-([0-9]+)-')::integer AS backend, substring(name from '^runs-[0-9]+-(.*)$') AS machine
       ) AS owner
       WHERE backend <> current_backend() AND is_abandoned(backend, machine)`,
    );
    if (dead.length === 0) return;
    const { boss } = await this.open();
    for (const row of dead) {
      const name = String(row['name']);
      // A queue with jobs is not deleted.
      await this.db.query(`DELETE FROM ${bossSchema}.job WHERE name = $1`, [name]);
      await boss.deleteQueue(name);
    }
  }

  /** Cheap, and needs no pg-boss: most sessions train nothing. */
  private async isWaiting(): Promise<boolean> {
    const rows = await this.db.query(
      `SELECT 1 FROM training_jobs WHERE status = 'queued' AND claimed_by = current_backend() LIMIT 1`,
    );
    return rows.length > 0;
  }

  private async open(): Promise<Open> {
    this.opening ??= this.start();
    try {
      return await this.opening;
    } catch (error) {
      this.opening = undefined;
      throw error;
    }
  }

  private async start(): Promise<Open> {
    const boss = await startBoss(this.db, this.log);
    const [row] = await this.db.query('SELECT current_backend() AS backend, current_machine() AS machine');
    const machine = String(row?.['machine']);
    // The embedded database has one owner, and moves with its folder.
    const queue = machine === '' ? 'runs' : `runs-${String(row?.['backend'])}-${machine}`;
    await boss.createQueue(queue);
    return { boss, queue };
  }
}

/** The highest priority, and of those the oldest; taken with the end of the transaction behind `db`. */
async function next(boss: PgBoss, queue: string, db: PgBoss.Db): Promise<{ id: string } | undefined> {
  let failure: { readonly error: unknown } | undefined;
  // pg-boss takes every failure of this one for an empty queue.
  const observed: PgBoss.Db = {
    executeSql: (sql, values) =>
      db.executeSql(sql, values).catch((error: unknown) => {
        failure = { error };
        throw error;
      }),
  };
  const [job] = await boss.fetch(queue, { batchSize: 1, ignoreStartAfter: true, db: observed });
  if (failure !== undefined) throw failure.error;
  return job;
}

/** In place of one it may still have: a run is queued again when it is resumed. */
async function add({ boss, queue }: Open, tx: Queryable, run: Run): Promise<void> {
  const db = onQueryable(tx);
  await boss.deleteJob(queue, run.id, { db });
  await boss.send(queue, {}, { id: run.id, priority: run.priority ?? 0, db });
}
