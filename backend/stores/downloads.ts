import type { Failure } from '../../protocol/model/common';
import type { Download, DownloadState } from '../../protocol/model/download';
import type { Model } from '../../protocol/model/model';
import { StudioError } from '../../protocol/wire/errors';
import type { Database, Queryable, Row } from '../database/database';
import { toJson } from '../database/text';
import {
  downloadColumns,
  downloadSource,
  selectDownload,
  toDownload,
  toDownloadRequest,
  type DownloadRequest,
} from './downloadRows';
import {
  insertFiles,
  listFiles,
  saveOutcomes,
  saveLive,
  type DownloadFile,
  type DownloadFileInput,
  type DownloadFileOutcome,
} from './downloadFiles';
import { DownloadClaims, releaseColumns } from './downloadClaims';
import { listHeads } from './heads';
import { reorderDownloads, type QueuePlace } from './downloadOrder';
import { patchModel, upsertModel, type ModelInput, type ModelPatch } from './models';
import { assignments, claimColumns, isUniqueViolation, localUserId, mapGiven } from './rows';

export interface DownloadInput {
  readonly repoId: string;
  /** The full hash that `revision` stood for. */
  readonly commit: string;
  readonly revision?: string | undefined;
  readonly include?: readonly string[] | undefined;
  readonly exclude?: readonly string[] | undefined;
  /** Absolute folder that the files land in. */
  readonly path: string;
  readonly files: readonly DownloadFileInput[];
  /** What is known of the model beforehand; `name` defaults to the repository's. */
  readonly model?: Partial<Omit<ModelInput, 'path' | 'repoId' | 'commit'>> | undefined;
}

/** Absent: left as it is. Null: cleared. */
export interface DownloadPatch {
  readonly state?: DownloadState | undefined;
  readonly bytesDone?: number | undefined;
  readonly bytesTotal?: number | undefined;
  readonly filesDone?: number | undefined;
  readonly filesTotal?: number | undefined;
  readonly bytesPerSecond?: number | undefined;
  readonly etaSeconds?: number | null | undefined;
  readonly error?: Failure | null | undefined;
  /** Puts it behind all others. */
  readonly last?: true | undefined;
}

/** What must hold for a change to be made. */
export interface UpdateGuard {
  /** The states it may be in now. */
  readonly from?: readonly DownloadState[] | undefined;
  /** `free`: no other backend that lives has it; `own`: this one has. */
  readonly claim?: 'free' | 'own' | undefined;
}

const unfinished: readonly DownloadState[] = ['queued', 'downloading', 'paused'];

export class DownloadsStore {
  readonly claims: DownloadClaims;

  constructor(private readonly db: Database) {
    this.claims = new DownloadClaims(db);
  }

  /**
   * Puts a download and its files into the queue, with the model's row as `downloading`, in one transaction.
   * An unfinished download of the same commit into the same folder is answered instead (`created: false`); one of
   * another commit rejects with `download.invalidState`.
   */
  async create(input: DownloadInput): Promise<{ download: Download; model: Model; created: boolean }> {
    try {
      return await this.db.transaction((tx) => insertDownload(tx, input));
    } catch (error) {
      if (!isUniqueViolation(error, 'download_queue_unfinished_key')) throw error;
      return this.unfinishedInFolder(input, error);
    }
  }

  private async unfinishedInFolder(
    input: DownloadInput,
    cause: unknown,
  ): Promise<{ download: Download; model: Model; created: boolean }> {
    const rows = await this.db.query(
      `${selectDownload} WHERE m.file_path = $1 AND d.status = ANY($2::text[])`,
      [input.path, unfinished],
    );
    const download = rows[0] && toDownload(rows[0]);
    const model = rows[0] && (await patchModel(this.db, rows[0]['model_id'] as string, {}));
    if (download?.commit === input.commit && model) return { download, model, created: false };
    throw new StudioError(
      'download.invalidState',
      `${input.path} is the folder of another unfinished download (${download?.repoId ?? input.repoId} at ${download?.commit.slice(0, 8) ?? 'another commit'}); finish or cancel that one first.`,
      { details: { path: input.path, id: download?.id }, retryable: true, cause },
    );
  }

  /** Rejects with `download.notFound`. */
  async get(id: string): Promise<Download> {
    return found(await this.find(id), id);
  }

  async find(id: string): Promise<Download | undefined> {
    const [row] = await this.db.query(`${selectDownload} WHERE d.id = $1`, [id]);
    return row && toDownload(row);
  }

  /** What was asked for, beside what clients see. Rejects with `download.notFound`. */
  async request(id: string): Promise<DownloadRequest> {
    const [row] = await this.db.query(`${selectDownload} WHERE d.id = $1`, [id]);
    return found(row && toDownloadRequest(row), id);
  }

  /** In the order of the queue, which is that of their arrival unless somebody changed it. */
  async list(filter: { state?: DownloadState | undefined } = {}): Promise<Download[]> {
    const rows = await this.db.query(
      `${selectDownload} WHERE $1::text IS NULL OR d.status = $1 ORDER BY d.position, d.id`,
      [filter.state ?? null],
    );
    return rows.map(toDownload);
  }

  /** How new each row is. */
  heads(): Promise<ReadonlyMap<string, number>> {
    return listHeads(this.db, 'download_queue');
  }

  /** Those of them that are there. */
  async some(ids: readonly string[]): Promise<Download[]> {
    const rows = await this.db.query(`${selectDownload} WHERE d.id = ANY($1::uuid[])`, [ids]);
    return rows.map(toDownload);
  }

  /** The queued, downloading or paused download of a repository at a commit. */
  async findActive(repoId: string, commit: string): Promise<Download | undefined> {
    const [row] = await this.db.query(
      `${selectDownload} WHERE m.repo_id = $1 AND d.commit_hash = $2 AND d.status = ANY($3::text[])
       ORDER BY d.created_at DESC LIMIT 1`,
      [repoId, commit, unfinished],
    );
    return row && toDownload(row);
  }

  /** The newest download of a repository at a commit, whatever its state. */
  async findLatest(repoId: string, commit: string): Promise<Download | undefined> {
    const [row] = await this.db.query(
      `${selectDownload} WHERE m.repo_id = $1 AND d.commit_hash = $2 ORDER BY d.created_at DESC, d.id LIMIT 1`,
      [repoId, commit],
    );
    return row && toDownload(row);
  }

  /**
   * Rejects with `download.notFound`, or with `download.invalidState` when the guard does not hold: a change of state
   * that raced another one is refused rather than lost.
   */
  async update(id: string, patch: DownloadPatch, guard: UpdateGuard = {}): Promise<Download> {
    const download = await patchDownload(this.db, id, patch, guard);
    if (download !== undefined) return download;
    const current = await this.get(id);
    throw new StudioError(
      'download.invalidState',
      `The download of ${current.repoId} is ${current.state}${patch.state === undefined ? '' : ` and cannot become ${patch.state}`}.`,
      { details: { id, state: current.state } },
    );
  }

  /** Answers the downloads whose place changed; none when it was there, or has ended. */
  async reorder(id: string, place: QueuePlace): Promise<Download[]> {
    return reorderDownloads(this.db, id, place);
  }

  /** Takes further files of the same commit in. */
  async addFiles(id: string, files: readonly DownloadFileInput[]): Promise<Download> {
    return this.db.transaction(async (tx) => {
      await insertFiles(tx, id, files);
      await tx.query(
        `UPDATE download_queue SET
           bytes_total = (SELECT sum(size_bytes) FROM download_files WHERE download_id = $1),
           files_total = (SELECT count(*) FROM download_files WHERE download_id = $1)
         WHERE id = $1`,
        [id],
      );
      const [row] = await tx.query(`${selectDownload} WHERE d.id = $1`, [id]);
      return found(row && toDownload(row), id);
    });
  }

  /** The download completed and its model ready at that commit, in one transaction. */
  async complete(id: string, model: ModelPatch = {}): Promise<{ download: Download; model: Model }> {
    return this.db.transaction(async (tx) => {
      const [row] = await tx.query(
        `UPDATE download_queue SET status = 'completed', bytes_downloaded = bytes_total, files_done = files_total,
           progress = 1, bytes_per_second = 0, eta_seconds = NULL, error = NULL, ${releaseColumns}
         WHERE id = $1 RETURNING model_id, commit_hash, bytes_total`,
        [id],
      );
      const { model_id: modelId, commit_hash: commit, bytes_total: sizeBytes } = found(row, id);
      const ready = await patchModel(tx, modelId as string, {
        commit: commit as string,
        sizeBytes: sizeBytes as number,
        ...model,
        status: 'ready',
      });
      await tx.query(
        `UPDATE download_files SET status = CASE status WHEN 'present' THEN status ELSE 'completed' END,
           bytes_downloaded = size_bytes, error = NULL WHERE download_id = $1`,
        [id],
      );
      const [changed] = await tx.query(`${selectDownload} WHERE d.id = $1`, [id]);
      return { download: toDownload(changed as Row), model: ready as Model };
    });
  }

  /** In the order of their paths. */
  async files(id: string): Promise<DownloadFile[]> {
    return listFiles(this.db, id);
  }

  /** What became of its files; those left out stay as they are on record. */
  async saveFiles(id: string, outcomes: readonly DownloadFileOutcome[]): Promise<void> {
    await saveOutcomes(this.db, id, outcomes);
  }

  /** The same while this backend works on them, for others to see; nothing is written once it does not. */
  async saveLiveFiles(id: string, outcomes: readonly DownloadFileOutcome[]): Promise<void> {
    await saveLive(this.db, id, outcomes);
  }

  /** Completed, failed and cancelled downloads, and the models that never arrived. Answers the ids of both. */
  async removeFinished(): Promise<{ downloadIds: string[]; modelIds: string[] }> {
    return this.db.transaction(async (tx) => {
      const downloads = await tx.query(
        `DELETE FROM download_queue WHERE status IN ('completed', 'failed', 'cancelled') RETURNING id`,
      );
      return { downloadIds: ids(downloads), modelIds: await removeOrphans(tx) };
    });
  }

  /** One download, and its model if that never arrived. Rejects with `download.notFound`. */
  async remove(id: string): Promise<{ modelIds: string[] }> {
    return this.db.transaction(async (tx) => {
      const [row] = await tx.query('DELETE FROM download_queue WHERE id = $1 RETURNING id', [id]);
      found(row, id);
      return { modelIds: await removeOrphans(tx) };
    });
  }
}

async function insertDownload(
  tx: Queryable,
  input: DownloadInput,
): Promise<{ download: Download; model: Model; created: boolean }> {
  const [installed] = await tx.query(
    `SELECT id FROM models WHERE file_path = $1 AND status <> 'downloading'`,
    [input.path],
  );
  // What is installed stays in the library as it is until the newer files are all there.
  const kept = installed && (await patchModel(tx, installed['id'] as string, { repoId: input.repoId }));
  const model =
    kept ??
    (await upsertModel(
      tx,
      {
        name: input.repoId.split('/').at(-1) ?? input.repoId,
        type: 'other',
        ...input.model,
        path: input.path,
        repoId: input.repoId,
        commit: input.commit,
      },
      'downloading',
    ));
  const [row] = await tx.query(
    `WITH d AS (
       INSERT INTO download_queue (model_id, user_id, revision, commit_hash, include, exclude, bytes_total, files_total)
       VALUES ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8) RETURNING *)
     SELECT ${downloadColumns} FROM ${downloadSource}`,
    [
      model.id,
      localUserId,
      input.revision ?? 'main',
      input.commit,
      mapGiven(input.include, toJson) ?? null,
      mapGiven(input.exclude, toJson) ?? null,
      input.files.reduce((sum, file) => sum + file.size, 0),
      input.files.length,
    ],
  );
  const download = toDownload(row as Row);
  await insertFiles(tx, download.id, input.files);
  return { download, model, created: true };
}

async function patchDownload(
  db: Queryable,
  id: string,
  patch: DownloadPatch,
  { from, claim }: UpdateGuard,
): Promise<Download | undefined> {
  const set = assignments(
    {
      status: patch.state,
      bytes_downloaded: patch.bytesDone,
      bytes_total: patch.bytesTotal,
      files_done: patch.filesDone,
      files_total: patch.filesTotal,
      bytes_per_second: patch.bytesPerSecond,
      eta_seconds: patch.etaSeconds,
      error: mapGiven(patch.error, toJson),
    },
    4,
  );
  const sets = [
    patch.last === true ? "position = nextval('download_position_seq')" : '',
    patch.state === undefined ? '' : claiming.has(patch.state) ? claimColumns : releaseColumns,
    set.sql,
  ].filter(Boolean);
  const [row] = await db.query(
    `WITH ${patch.state === undefined ? inNoHurry : ''} d AS (
       UPDATE download_queue SET ${sets.join(', ') || 'status = status'}
       WHERE id = $1 AND ($2::text[] IS NULL OR status = ANY($2::text[])) AND CASE $3
         WHEN 'free' THEN is_abandoned(claimed_by, claimed_on)
         WHEN 'own' THEN claimed_by IS NOT DISTINCT FROM current_backend()
         ELSE true END
       RETURNING *)
     SELECT ${downloadColumns} FROM ${downloadSource}${patch.state === undefined ? ' CROSS JOIN in_no_hurry' : ''}`,
    [id, from ?? null, claim ?? 'any', ...set.params],
  );
  return row && toDownload(row);
}

/**
 * How far a download is, is known from the disk as well: nothing waits until such a row is durable. With the embedded
 * database that wait would be the whole backend's.
 */
const inNoHurry = `in_no_hurry AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),`;

const claiming: ReadonlySet<DownloadState> = new Set(['queued', 'downloading']);

/** Models that only a download would have made real, and that no download is left for. */
async function removeOrphans(tx: Queryable): Promise<string[]> {
  return ids(
    await tx.query(
      `DELETE FROM models m WHERE m.status = 'downloading'
         AND NOT EXISTS (SELECT 1 FROM download_queue d WHERE d.model_id = m.id) RETURNING id`,
    ),
  );
}

function ids(rows: readonly Row[]): string[] {
  return rows.map((row) => row['id'] as string);
}

function found<T>(value: T | undefined, id: string): T {
  if (value !== undefined) return value;
  throw new StudioError('download.notFound', `There is no download ${id}; list the downloads again.`, {
    details: { id },
  });
}
