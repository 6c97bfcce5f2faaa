import { download as downloadSchema, type Download } from '../../protocol/model/download';
import type { Row } from '../database/database';
import { iso, withoutNulls } from './rows';

/** What a download was asked for, beside what clients see. */
export interface DownloadRequest {
  readonly download: Download;
  readonly modelId: string;
  readonly revision: string;
  readonly include: readonly string[] | undefined;
  readonly exclude: readonly string[] | undefined;
}

export const downloadColumns = `d.id, d.model_id, m.repo_id, d.commit_hash, m.file_path, d.status, d.bytes_downloaded,
  d.bytes_total, d.files_done, d.files_total, d.bytes_per_second, d.eta_seconds, d.error, d.revision, d.include,
  d.exclude, d.position, d.created_at, d.updated_at, d.seq`;

/** `d` is the queue, or the rows that a statement changed. */
export const downloadSource = 'd JOIN models m ON m.id = d.model_id';

export const selectDownload = `SELECT ${downloadColumns} FROM download_queue ${downloadSource}`;

export function toDownload(row: Row): Download {
  return downloadSchema.parse(
    withoutNulls({
      id: row['id'],
      repoId: row['repo_id'] ?? '',
      commit: row['commit_hash'],
      path: row['file_path'],
      state: row['status'],
      bytesDone: row['bytes_downloaded'],
      bytesTotal: row['bytes_total'],
      filesDone: row['files_done'],
      filesTotal: row['files_total'],
      bytesPerSecond: row['bytes_per_second'],
      etaSeconds: row['eta_seconds'],
      error: row['error'],
      position: row['position'],
      createdAt: iso(row['created_at']),
      updatedAt: iso(row['updated_at']),
      seq: row['seq'],
    }),
  );
}

export function toDownloadRequest(row: Row): DownloadRequest {
  return {
    download: toDownload(row),
    modelId: row['model_id'] as string,
    revision: row['revision'] as string,
    include: (row['include'] as string[] | null) ?? undefined,
    exclude: (row['exclude'] as string[] | null) ?? undefined,
  };
}
