import type { Failure } from '../../protocol/model/common';
import type { Run, RunState, RunSystem } from '../../protocol/model/run';
import { StudioError } from '../../protocol/wire/errors';
import type { Database, Queryable } from '../database/database';
import { toJson } from '../database/text';
import { assignments, claimColumns, localUserId, mapGiven } from './rows';
import { runColumns, toRun, toRunDetails, type RunDetails } from './runRows';

export interface RunInput {
  /** Made up here when absent; given when folders are named after it beforehand. */
  readonly id?: string | undefined;
  readonly name: string;
  readonly task: string;
  readonly epochs: number;
  readonly config: Readonly<Record<string, unknown>>;
  readonly configPath?: string | undefined;
  readonly outputPath?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly priority?: number | undefined;
}

/** Absent: left as it is. Null: cleared. */
export interface RunPatch {
  readonly state?: RunState | undefined;
  readonly progress?: number | undefined;
  readonly epoch?: number | undefined;
  readonly epochs?: number | undefined;
  readonly step?: number | undefined;
  /** Laid over what is there: the newest value of each name stays. Numbers that are not finite are left out. */
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly engine?: string | undefined;
  readonly engineReason?: string | null | undefined;
  readonly outputPath?: string | null | undefined;
  readonly error?: Failure | null | undefined;
  readonly pid?: number | null | undefined;
  readonly modelId?: string | null | undefined;
  readonly priority?: number | undefined;
  readonly etaSeconds?: number | null | undefined;
  readonly system?: RunSystem | null | undefined;
  /** Laid over what is there. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** ISO 8601. */
  readonly startedAt?: string | null | undefined;
  readonly endedAt?: string | null | undefined;
}

/** States in which a run is one backend's. */
const claiming: ReadonlySet<RunState> = new Set(['queued', 'running']);

export class RunsStore {
  constructor(private readonly db: Database) {}

  /** `queued`. `on`: inside a transaction. */
  async create(input: RunInput, on: Queryable = this.db): Promise<Run> {
    const [row] = await on.query(
      `INSERT INTO training_jobs (id, user_id, name, task, epochs, config, config_path, output_path, details, priority)
       VALUES (coalesce($1::uuid, gen_random_uuid()), $2, $3, $4, $5, $6::jsonb, $7, $8, $9::jsonb, $10)
       RETURNING ${runColumns}`,
      [
        input.id ?? null,
        localUserId,
        input.name,
        input.task,
        input.epochs,
        toJson(input.config),
        input.configPath ?? null,
        input.outputPath ?? null,
        toJson(input.details ?? {}),
        input.priority ?? 0,
      ],
    );
    return toRun(row ?? {});
  }

  /** Rejects with `training.notFound`. */
  async get(id: string): Promise<Run> {
    return found(await this.find(id), id);
  }

  async find(id: string): Promise<Run | undefined> {
    const [row] = await this.db.query(`SELECT ${runColumns} FROM training_jobs WHERE id = $1`, [id]);
    return row && toRun(row);
  }

  /** Rejects with `training.notFound`. */
  async details(id: string): Promise<RunDetails> {
    const [row] = await this.db.query(`SELECT ${runColumns} FROM training_jobs WHERE id = $1`, [id]);
    return found(row && toRunDetails(row), id);
  }

  /** Oldest first. */
  async list(filter: { state?: RunState | undefined } = {}): Promise<Run[]> {
    const rows = await this.db.query(
      `SELECT ${runColumns} FROM training_jobs WHERE $1::text IS NULL OR status = $1 ORDER BY created_at, id`,
      [filter.state ?? null],
    );
    return rows.map(toRun);
  }

  /**
   * Rejects with `training.notFound`, or with `training.invalidState` when it is in none of the states `from`: a
   * change of state that raced another one is refused rather than lost. `on`: inside a transaction.
   */
  async patch(
    id: string,
    patch: RunPatch,
    from?: readonly RunState[],
    on: Queryable = this.db,
  ): Promise<Run> {
    const set = assignments(plainColumns(patch), 5);
    const claim = patch.state !== undefined && claiming.has(patch.state) ? `, ${claimColumns}` : '';
    const [row] = await on.query(
      `UPDATE training_jobs SET metrics = metrics || $3::jsonb, details = details || $4::jsonb
         ${claim} ${set.sql === '' ? '' : `, ${set.sql}`}
       WHERE id = $1 AND ($2::text[] IS NULL OR status = ANY($2::text[])) RETURNING ${runColumns}`,
      [id, from ?? null, toJson(finite(patch.metrics)), toJson(patch.details ?? {}), ...set.params],
    );
    if (row !== undefined) return toRun(row);
    const [known] = await on.query(`SELECT ${runColumns} FROM training_jobs WHERE id = $1`, [id]);
    const current = found(known && toRun(known), id);
    throw new StudioError(
      'training.invalidState',
      `The run “${current.name}” is ${current.state}${patch.state === undefined ? '' : ` and cannot become ${patch.state}`}.`,
      { details: { id, state: current.state } },
    );
  }

  /** From `queued` to `running`; undefined for a run that does not wait (any more). */
  async begin(id: string, on: Queryable = this.db): Promise<Run | undefined> {
    const [row] = await on.query(
      `UPDATE training_jobs SET status = 'running', started_at = coalesce(started_at, now()), ${claimColumns}
       WHERE id = $1 AND status = 'queued' RETURNING ${runColumns}`,
      [id],
    );
    return row && toRun(row);
  }

  /**
   * At start, before anything runs: what a crash left running or stopping is `interrupted`. Runs of another backend that
   * shares this server and lives are left alone, and so are those of `except`. Answers those that changed.
   */
  async interruptUnfinished(except: readonly string[] = []): Promise<Run[]> {
    const rows = await this.db.query(
      `UPDATE training_jobs SET status = 'interrupted', pid = NULL, eta_seconds = NULL, system = NULL,
         ended_at = coalesce(ended_at, now())
       WHERE status IN ('running', 'stopping') AND is_abandoned(claimed_by, claimed_on) AND id <> ALL($1::uuid[])
       RETURNING ${runColumns}`,
      [except],
    );
    return rows.map(toRun).sort(oldestFirst);
  }

  /** At start: the queued runs that are this backend's to take up, oldest first; no other backend takes them then. */
  async claimQueued(): Promise<Run[]> {
    const rows = await this.db.query(
      `UPDATE training_jobs SET ${claimColumns}
       WHERE status = 'queued' AND is_abandoned(claimed_by, claimed_on) RETURNING ${runColumns}`,
    );
    return rows.map(toRun).sort(oldestFirst);
  }

  /** With its metrics and checkpoint rows; answers it as it was. Rejects with `training.notFound`. */
  async remove(id: string): Promise<Run> {
    const [row] = await this.db.query(`DELETE FROM training_jobs WHERE id = $1 RETURNING ${runColumns}`, [
      id,
    ]);
    return found(row && toRun(row), id);
  }
}

function oldestFirst(a: Run, b: Run): number {
  return a.createdAt.localeCompare(b.createdAt);
}

function plainColumns(patch: RunPatch): Record<string, unknown> {
  return {
    status: patch.state,
    progress: patch.progress,
    epoch: patch.epoch,
    epochs: patch.epochs,
    step: patch.step,
    engine: patch.engine,
    engine_reason: patch.engineReason,
    output_path: patch.outputPath,
    error: mapGiven(patch.error, toJson),
    pid: patch.pid,
    model_id: patch.modelId,
    priority: patch.priority,
    eta_seconds: patch.etaSeconds,
    system: mapGiven(patch.system, toJson),
    started_at: patch.startedAt,
    ended_at: patch.endedAt,
  };
}

function finite(metrics: Readonly<Record<string, number>> = {}): Record<string, number> {
  return Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));
}

function found<T>(value: T | undefined, id: string): T {
  if (value !== undefined) return value;
  throw new StudioError('training.notFound', `There is no training run ${id}; list the runs again.`, {
    details: { id },
  });
}
