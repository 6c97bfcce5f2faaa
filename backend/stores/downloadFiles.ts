import type { Failure } from '../../protocol/model/common';
import { toJson } from '../database/text';
import type { Queryable, Row } from '../database/database';
import { withoutNulls } from './rows';

/**
 * What is on record of a file; while a download runs, its job knows better and records it for other backends only.
 * `present`: it was there before.
 */
export type DownloadFileState = 'pending' | 'downloading' | 'completed' | 'failed' | 'present';

export interface DownloadFileInput {
  /** Within the repository, with forward slashes. */
  readonly path: string;
  readonly size: number;
  readonly sha256?: string | undefined;
  readonly etag?: string | undefined;
}

export interface DownloadFile {
  readonly path: string;
  readonly size: number;
  readonly state: DownloadFileState;
  readonly bytesDone: number;
  readonly sha256?: string;
  readonly etag?: string;
  readonly error?: Failure;
}

/** What became of a file. */
export interface DownloadFileOutcome {
  readonly path: string;
  readonly state: DownloadFileState;
  readonly bytesDone: number;
  readonly error?: Failure | undefined;
}

export async function insertFiles(
  db: Queryable,
  downloadId: string,
  files: readonly DownloadFileInput[],
): Promise<void> {
  await db.query(
    `INSERT INTO download_files (download_id, path, size_bytes, sha256, etag)
     SELECT $1::uuid, path, size_bytes, sha256, etag
     FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) AS given (path, size_bytes, sha256, etag)
     ON CONFLICT DO NOTHING`,
    [
      downloadId,
      files.map((file) => file.path),
      files.map((file) => file.size),
      files.map((file) => file.sha256 ?? null),
      files.map((file) => file.etag ?? null),
    ],
  );
}

/** In the order of their paths. */
export async function listFiles(db: Queryable, downloadId: string): Promise<DownloadFile[]> {
  const rows = await db.query(
    `SELECT path, size_bytes, status, bytes_downloaded, sha256, etag, error FROM download_files
     WHERE download_id = $1 ORDER BY path`,
    [downloadId],
  );
  return rows.map(toFile);
}

/** Writes what became of many files at once; rows that say so already are not touched. */
export async function saveOutcomes(
  db: Queryable,
  downloadId: string,
  outcomes: readonly DownloadFileOutcome[],
): Promise<void> {
  await writeOutcomes(db, downloadId, outcomes, 'true');
}

/** The same while the download runs in this backend: what is written when it stops must have the last word. */
export async function saveLive(
  db: Queryable,
  downloadId: string,
  outcomes: readonly DownloadFileOutcome[],
): Promise<void> {
  await writeOutcomes(
    db,
    downloadId,
    outcomes,
    `EXISTS (SELECT 1 FROM download_queue q
       WHERE q.id = $1 AND q.status = 'downloading' AND q.claimed_by = current_backend())`,
  );
}

async function writeOutcomes(
  db: Queryable,
  downloadId: string,
  outcomes: readonly DownloadFileOutcome[],
  condition: string,
): Promise<void> {
  if (outcomes.length === 0) return;
  await db.query(
    `UPDATE download_files f SET status = given.status, bytes_downloaded = given.bytes, error = given.error::jsonb
     FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[]) AS given (path, status, bytes, error)
     WHERE f.download_id = $1 AND f.path = given.path AND ${condition} AND
       (f.status, f.bytes_downloaded, f.error) IS DISTINCT FROM (given.status, given.bytes, given.error::jsonb)`,
    [
      downloadId,
      outcomes.map((file) => file.path),
      outcomes.map((file) => file.state),
      outcomes.map((file) => file.bytesDone),
      outcomes.map((file) => (file.error === undefined ? null : toJson(file.error))),
    ],
  );
}

function toFile(row: Row): DownloadFile {
  return withoutNulls({
    path: row['path'],
    size: row['size_bytes'],
    state: row['status'],
    bytesDone: row['bytes_downloaded'],
    sha256: row['sha256'],
    etag: row['etag'],
    error: row['error'],
  }) as unknown as DownloadFile;
}
