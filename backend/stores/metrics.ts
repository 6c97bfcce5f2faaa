import type { MetricPoint } from '../../protocol/model/run';
import type { Database, Row } from '../database/database';
import { iso } from './rows';

export class MetricsStore {
  constructor(private readonly db: Database) {}

  /**
   * All points in one statement; a point of the same name, step and epoch replaces the older one. Values that are not
   * finite have no place on a curve and are left out; answers how many were written.
   */
  insertMany(runId: string, points: readonly MetricPoint[]): Promise<number> {
    return this.insert(runId, points, 'DO UPDATE SET value = excluded.value, at = excluded.at');
  }

  /** As `insertMany`, but what is there stays as it is. */
  insertMissing(runId: string, points: readonly MetricPoint[]): Promise<number> {
    return this.insert(runId, points, 'DO NOTHING');
  }

  private async insert(
    runId: string,
    points: readonly MetricPoint[],
    conflict: 'DO NOTHING' | 'DO UPDATE SET value = excluded.value, at = excluded.at',
  ): Promise<number> {
    // One statement may not touch a row twice: of equal keys the last one counts.
    const latest = new Map<string, MetricPoint>();
    for (const point of points) {
      if (Number.isFinite(point.value)) latest.set(`${point.step} ${point.epoch} ${point.name}`, point);
    }
    const unique = [...latest.values()];
    if (unique.length === 0) return 0;
    await this.db.query(
      `INSERT INTO metrics (training_job_id, name, step, epoch, value, at)
       SELECT $1::uuid, name, step, epoch, value, at
       FROM unnest($2::text[], $3::bigint[], $4::integer[], $5::double precision[], $6::timestamptz[])
         AS given (name, step, epoch, value, at)
       ON CONFLICT (training_job_id, name, step, epoch) ${conflict}`,
      [
        runId,
        unique.map((point) => point.name),
        unique.map((point) => point.step),
        unique.map((point) => point.epoch),
        unique.map((point) => point.value),
        unique.map((point) => point.at),
      ],
    );
    return unique.length;
  }

  /** In the order of their steps. `since`: only points recorded after that time, ISO 8601. */
  async list(runId: string, since?: string): Promise<MetricPoint[]> {
    const rows = await this.db.query(
      `SELECT step, epoch, name, value, at FROM metrics
       WHERE training_job_id = $1 AND ($2::timestamptz IS NULL OR at > $2::timestamptz)
       ORDER BY step, epoch, name`,
      [runId, since ?? null],
    );
    return rows.map(toPoint);
  }

  /**
   * As `list`; of a metric with more than `most` points little more than first, lowest, highest and last of `most / 4`
   * equal stretches, since the rest of a long history need not leave the database.
   */
  async listExtremes(runId: string, most: number, since?: string): Promise<MetricPoint[]> {
    const [long] = await this.db.query(
      `SELECT name FROM metrics WHERE training_job_id = $1 AND ($2::timestamptz IS NULL OR at > $2::timestamptz)
       GROUP BY name HAVING count(*) > $3::bigint LIMIT 1`,
      [runId, since ?? null, most],
    );
    if (long === undefined) return this.list(runId, since);
    const rows = await this.db.query(
      `WITH numbered AS (
         SELECT step, epoch, name, value, at,
           row_number() OVER (PARTITION BY name ORDER BY step, epoch) - 1 AS place,
           count(*) OVER (PARTITION BY name) AS total
         FROM metrics
         WHERE training_job_id = $1 AND ($2::timestamptz IS NULL OR at > $2::timestamptz)
       ), cut AS (
         SELECT *, CASE WHEN total <= $3::bigint THEN place ELSE place * ($3::bigint / 4) / total END AS stretch
         FROM numbered
       ), judged AS (
         SELECT *, min(value) OVER all_of AS low, max(value) OVER all_of AS high,
           min(place) OVER all_of AS first, max(place) OVER all_of AS last,
           lag(value) OVER (PARTITION BY name, stretch ORDER BY place) AS before
         FROM cut WINDOW all_of AS (PARTITION BY name, stretch)
       )
       SELECT step, epoch, name, value, at FROM judged
       WHERE place IN (first, last) OR (value IN (low, high) AND value IS DISTINCT FROM before)
       ORDER BY step, epoch, name`,
      [runId, since ?? null, most],
    );
    return rows.map(toPoint);
  }

  /** Drops what lies beyond a checkpoint, so that a run resumed from it continues one curve. */
  async removeAfter(runId: string, step: number): Promise<void> {
    await this.db.query('DELETE FROM metrics WHERE training_job_id = $1 AND step > $2', [runId, step]);
  }
}

function toPoint(row: Row): MetricPoint {
  return {
    step: row['step'] as number,
    epoch: row['epoch'] as number,
    name: row['name'] as string,
    value: row['value'] as number,
    at: iso(row['at']),
  };
}
