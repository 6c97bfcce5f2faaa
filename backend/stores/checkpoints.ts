import { checkpoint as checkpointSchema, type Checkpoint } from '../../protocol/model/run';
import type { Database, Queryable, Row } from '../database/database';
import { iso, withoutNulls } from './rows';

export type CheckpointInput = Omit<Checkpoint, 'id' | 'createdAt'>;

const columns = 'id, training_job_id, epoch, step, loss, accuracy, file_path, best, created_at';

export class CheckpointsStore {
  constructor(private readonly db: Database) {}

  /** Written again under the same path, it replaces its row. A new best one is the only best of its run. */
  async add(input: CheckpointInput): Promise<Checkpoint> {
    return this.db.transaction(async (tx) => {
      if (input.best) await clearBest(tx, input.runId);
      const [row] = await tx.query(
        `INSERT INTO checkpoints (training_job_id, epoch, step, loss, accuracy, file_path, best)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (training_job_id, file_path) DO UPDATE SET epoch = excluded.epoch, step = excluded.step,
           loss = excluded.loss, accuracy = excluded.accuracy, best = excluded.best, created_at = now()
         RETURNING ${columns}`,
        [input.runId, input.epoch, input.step, input.loss, input.accuracy ?? null, input.path, input.best],
      );
      return toCheckpoint(row as Row);
    });
  }

  /** In the order they were reached. */
  async list(runId: string): Promise<Checkpoint[]> {
    const rows = await this.db.query(
      `SELECT ${columns} FROM checkpoints WHERE training_job_id = $1 ORDER BY step, created_at, id`,
      [runId],
    );
    return rows.map(toCheckpoint);
  }

  /** The one furthest on: where a resumed run starts. */
  async latest(runId: string): Promise<Checkpoint | undefined> {
    const [row] = await this.db.query(
      `SELECT ${columns} FROM checkpoints WHERE training_job_id = $1 ORDER BY step DESC, created_at DESC LIMIT 1`,
      [runId],
    );
    return row && toCheckpoint(row);
  }

  async best(runId: string): Promise<Checkpoint | undefined> {
    const [row] = await this.db.query(
      `SELECT ${columns} FROM checkpoints WHERE training_job_id = $1 AND best`,
      [runId],
    );
    return row && toCheckpoint(row);
  }

  /** Undefined when that run has no such checkpoint; then nothing changes. */
  async setBest(runId: string, id: string): Promise<Checkpoint | undefined> {
    return this.db.transaction(async (tx) => {
      const [known] = await tx.query('SELECT id FROM checkpoints WHERE id = $1 AND training_job_id = $2', [
        id,
        runId,
      ]);
      if (known === undefined) return undefined;
      await clearBest(tx, runId);
      const [row] = await tx.query(`UPDATE checkpoints SET best = true WHERE id = $1 RETURNING ${columns}`, [
        id,
      ]);
      return toCheckpoint(row as Row);
    });
  }

  /** True when there was one. */
  async removeByPath(path: string): Promise<boolean> {
    const rows = await this.db.query('DELETE FROM checkpoints WHERE file_path = $1 RETURNING id', [path]);
    return rows.length > 0;
  }
}

async function clearBest(tx: Queryable, runId: string): Promise<void> {
  await tx.query('UPDATE checkpoints SET best = false WHERE training_job_id = $1 AND best', [runId]);
}

function toCheckpoint(row: Row): Checkpoint {
  return checkpointSchema.parse(
    withoutNulls({
      id: row['id'],
      runId: row['training_job_id'],
      epoch: row['epoch'],
      step: row['step'],
      loss: row['loss'],
      accuracy: row['accuracy'],
      path: row['file_path'],
      best: row['best'],
      createdAt: iso(row['created_at']),
    }),
  );
}
