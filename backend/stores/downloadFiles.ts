import type { Queryable, Row } from '../database/database';
import { assignments, withoutNulls } from './rows';

export type DownloadFileState = 'pending' | 'downloading' | 'completed' | 'failed';

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
}

export interface DownloadFilePatch {
  readonly state?: DownloadFileState | undefined;
  readonly bytesDone?: number | undefined;
  readonly sha256?: string | undefined;
  readonly etag?: string | undefined;
}

export async function insertFiles(
  db: Queryable,
  downloadId: string,
  files: readonly DownloadFileInput[],
): Promise<void> {
  await db.query(
    `INSERT INTO download_files (download_id, path, size_bytes, sha256, etag)
     SELECT $1::uuid, path, size_bytes, sha256, etag
     FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[]) AS given (path, size_bytes, sha256, etag)`,
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
    `SELECT path, size_bytes, status, bytes_downloaded, sha256, etag FROM download_files
     WHERE download_id = $1 ORDER BY path`,
    [downloadId],
  );
  return rows.map(toFile);
}

/** Undefined when that download has no such file. */
export async function patchFile(
  db: Queryable,
  downloadId: string,
  path: string,
  patch: DownloadFilePatch,
): Promise<DownloadFile | undefined> {
  const set = assignments(
    { status: patch.state, bytes_downloaded: patch.bytesDone, sha256: patch.sha256, etag: patch.etag },
    3,
  );
  const [row] = await db.query(
    `UPDATE download_files SET ${set.sql || 'status = status'} WHERE download_id = $1 AND path = $2
     RETURNING path, size_bytes, status, bytes_downloaded, sha256, etag`,
    [downloadId, path, ...set.params],
  );
  return row && toFile(row);
}

function toFile(row: Row): DownloadFile {
  return withoutNulls({
    path: row['path'],
    size: row['size_bytes'],
    state: row['status'],
    bytesDone: row['bytes_downloaded'],
    sha256: row['sha256'],
    etag: row['etag'],
  }) as unknown as DownloadFile;
}
