import { run as runSchema, type Run } from '../../protocol/model/run';
import type { Row } from '../database/database';
import { iso, isoOrNull, withoutNulls } from './rows';

/** What only the backend needs of a run. */
export interface RunDetails {
  readonly run: Run;
  /** The trainer's process while one runs. */
  readonly pid: number | undefined;
  /** The library's entry of its output, once it has one. */
  readonly modelId: string | undefined;
  /** What reproduces it: versions, seed, hash of the data. */
  readonly details: Readonly<Record<string, unknown>>;
}

export const runColumns = `id, name, task, status, progress, epoch, epochs, step, metrics, engine, engine_reason, config,
  config_path, output_path, error, pid, model_id, details, priority, eta_seconds, system, created_at, started_at, ended_at, seq`;

export function toRun(row: Row): Run {
  return runSchema.parse(
    withoutNulls({
      id: row['id'],
      name: row['name'],
      task: row['task'],
      state: row['status'],
      progress: row['progress'],
      epoch: row['epoch'],
      epochs: row['epochs'],
      step: row['step'],
      metrics: row['metrics'],
      engine: row['engine'],
      engineReason: row['engine_reason'],
      config: row['config'],
      priority: row['priority'],
      etaSeconds: row['eta_seconds'],
      system: row['system'],
      notice: (row['details'] as Record<string, unknown>)['notice'],
      environment: (row['details'] as Record<string, unknown>)['environment'],
      configPath: row['config_path'],
      outputPath: row['output_path'],
      error: row['error'],
      createdAt: iso(row['created_at']),
      startedAt: isoOrNull(row['started_at']),
      endedAt: isoOrNull(row['ended_at']),
      seq: row['seq'],
    }),
  );
}

export function toRunDetails(row: Row): RunDetails {
  return {
    run: toRun(row),
    pid: (row['pid'] as number | null) ?? undefined,
    modelId: (row['model_id'] as string | null) ?? undefined,
    details: row['details'] as Record<string, unknown>,
  };
}
