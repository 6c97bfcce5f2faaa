import {
  model as modelSchema,
  type Model,
  type ModelStatus,
  type ModelType,
} from '../../protocol/model/model';
import { StudioError } from '../../protocol/wire/errors';
import type { Database, Queryable, Row } from '../database/database';
import { toJson } from '../database/text';
import { listHeads } from './heads';
import { assignments, iso, mapGiven, withoutNulls } from './rows';

export interface ModelInput {
  readonly name: string;
  readonly type: ModelType;
  /** Absolute folder: the model's identity in the library. */
  readonly path: string;
  readonly repoId?: string | undefined;
  readonly commit?: string | undefined;
  readonly sizeBytes?: number | undefined;
  readonly architecture?: string | undefined;
  readonly format?: string | undefined;
  readonly licence?: string | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Absent: left as it is. Null: cleared. `metadata` replaces the whole object. */
export interface ModelPatch {
  readonly name?: string | undefined;
  readonly type?: ModelType | undefined;
  readonly repoId?: string | undefined;
  readonly commit?: string | null | undefined;
  readonly sizeBytes?: number | undefined;
  readonly architecture?: string | null | undefined;
  readonly format?: string | null | undefined;
  readonly licence?: string | null | undefined;
  readonly status?: ModelStatus | undefined;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

const columns = `id, name, type, repo_id, commit_hash, status, file_path, size_bytes, architecture, format, licence,
  metadata, created_at, seq`;

export class ModelsStore {
  constructor(private readonly db: Database) {}

  /** Oldest first. */
  async list(
    filter: { type?: ModelType | undefined; status?: ModelStatus | undefined } = {},
  ): Promise<Model[]> {
    const rows = await this.db.query(
      `SELECT ${columns} FROM models
       WHERE ($1::text IS NULL OR type = $1) AND ($2::text IS NULL OR status = $2) ORDER BY created_at, id`,
      [filter.type ?? null, filter.status ?? null],
    );
    return rows.map(toModel);
  }

  /** Rejects with `model.notFound`. */
  async get(id: string): Promise<Model> {
    return found(await this.find(id), id);
  }

  async find(id: string): Promise<Model | undefined> {
    const [row] = await this.db.query(`SELECT ${columns} FROM models WHERE id = $1`, [id]);
    return row && toModel(row);
  }

  /** How new each row is. */
  heads(): Promise<ReadonlyMap<string, number>> {
    return listHeads(this.db, 'models');
  }

  /** Those of them that are there. */
  async some(ids: readonly string[]): Promise<Model[]> {
    const rows = await this.db.query(`SELECT ${columns} FROM models WHERE id = ANY($1::uuid[])`, [ids]);
    return rows.map(toModel);
  }

  async findByPath(path: string): Promise<Model | undefined> {
    const [row] = await this.db.query(`SELECT ${columns} FROM models WHERE file_path = $1`, [path]);
    return row && toModel(row);
  }

  async findByRepo(repoId: string): Promise<Model[]> {
    const rows = await this.db.query(
      `SELECT ${columns} FROM models WHERE repo_id = $1 ORDER BY created_at, id`,
      [repoId],
    );
    return rows.map(toModel);
  }

  /** A folder that was on disk already; importing it again renews its facts. */
  async upsertImported(input: ModelInput): Promise<Model> {
    return upsertModel(this.db, input, 'ready');
  }

  /** The output of a run, which then points to it. */
  async upsertTrained(runId: string, input: ModelInput): Promise<Model> {
    return this.db.transaction(async (tx) => {
      const model = await upsertModel(tx, { ...input, metadata: { ...input.metadata, runId } }, 'ready');
      await tx.query('UPDATE training_jobs SET model_id = $2 WHERE id = $1', [runId, model.id]);
      return model;
    });
  }

  /** Rejects with `model.notFound`. */
  async update(id: string, patch: ModelPatch): Promise<Model> {
    return found(await patchModel(this.db, id, patch), id);
  }

  async setStatus(id: string, status: ModelStatus): Promise<Model> {
    return this.update(id, { status });
  }

  /** Its downloads go with it: their ids are answered, for `removed` events. Rejects with `model.notFound`. */
  async remove(id: string): Promise<{ model: Model; downloadIds: string[] }> {
    return this.db.transaction(async (tx) => {
      const downloads = await tx.query('DELETE FROM download_queue WHERE model_id = $1 RETURNING id', [id]);
      const [row] = await tx.query(`DELETE FROM models WHERE id = $1 RETURNING ${columns}`, [id]);
      return {
        model: found(row && toModel(row), id),
        downloadIds: downloads.map((download) => download['id'] as string),
      };
    });
  }
}

/** Inserts, or renews the row of the same folder. */
export async function upsertModel(db: Queryable, input: ModelInput, status: ModelStatus): Promise<Model> {
  const [row] = await db.query(
    `INSERT INTO models (name, type, repo_id, commit_hash, status, file_path, size_bytes, architecture, format,
       licence, metadata)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::jsonb)
     ON CONFLICT (file_path) DO UPDATE SET name = excluded.name, type = excluded.type, repo_id = excluded.repo_id,
       commit_hash = excluded.commit_hash, status = excluded.status, size_bytes = excluded.size_bytes,
       architecture = excluded.architecture, format = excluded.format, licence = excluded.licence,
       metadata = excluded.metadata
     RETURNING ${columns}`,
    [
      input.name,
      input.type,
      input.repoId ?? null,
      input.commit ?? null,
      status,
      input.path,
      input.sizeBytes ?? 0,
      input.architecture ?? null,
      input.format ?? null,
      input.licence ?? null,
      toJson(input.metadata ?? {}),
    ],
  );
  return toModel(row as Row);
}

export async function patchModel(db: Queryable, id: string, patch: ModelPatch): Promise<Model | undefined> {
  const set = assignments(
    {
      name: patch.name,
      type: patch.type,
      repo_id: patch.repoId,
      commit_hash: patch.commit,
      size_bytes: patch.sizeBytes,
      architecture: patch.architecture,
      format: patch.format,
      licence: patch.licence,
      status: patch.status,
      metadata: mapGiven(patch.metadata, toJson),
    },
    2,
  );
  const sql =
    set.params.length === 0
      ? `SELECT ${columns} FROM models WHERE id = $1`
      : `UPDATE models SET ${set.sql} WHERE id = $1 RETURNING ${columns}`;
  const [row] = await db.query(sql, [id, ...set.params]);
  return row && toModel(row);
}

function found(model: Model | undefined, id: string): Model {
  if (model !== undefined) return model;
  throw new StudioError('model.notFound', `There is no model ${id} in the library; list the models again.`, {
    details: { id },
  });
}

function toModel(row: Row): Model {
  return modelSchema.parse(
    withoutNulls({
      id: row['id'],
      name: row['name'],
      type: row['type'],
      repoId: row['repo_id'],
      commit: row['commit_hash'],
      path: row['file_path'],
      sizeBytes: row['size_bytes'],
      architecture: row['architecture'],
      format: row['format'],
      licence: row['licence'],
      status: row['status'],
      metadata: row['metadata'],
      createdAt: iso(row['created_at']),
      seq: row['seq'],
    }),
  );
}
