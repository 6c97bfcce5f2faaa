/**
 * Which backend works on which download. Several may share a server: one that is queued or under way belongs to the
 * backend that claimed it for as long as that one lives; one that rests was let go (backend 0 of the same machine).
 */
import type { Download } from '../../protocol/model/download';
import { backendLockClass } from '../database/backendKey';
import type { Database } from '../database/database';
import { downloadColumns, downloadSource, selectDownload, toDownload } from './downloadRows';
import { claimColumns } from './rows';

const open = `d.status IN ('queued', 'downloading')`;

/** Lets go of a row unless another backend that lives has it. */
export const releaseColumns =
  'claimed_by = CASE WHEN is_abandoned(claimed_by, claimed_on) THEN 0 ELSE claimed_by END';

export class DownloadClaims {
  constructor(private readonly db: Database) {}

  /** Whether other backends may see the same rows. */
  async isShared(): Promise<boolean> {
    const [row] = await this.db.query('SELECT current_backend() IS NOT NULL AS shared');
    return row?.['shared'] === true;
  }

  /** Whether another backend that shares this database lives. */
  async hasCompany(): Promise<boolean> {
    const [row] = await this.db.query(
      `SELECT EXISTS (
         SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
           AND classid = $1::oid AND objid <> current_backend()::oid) AS company`,
      [backendLockClass],
    );
    return row?.['company'] === true;
  }

  /**
   * Queued or unfinished downloads that nobody alive works on, in the order of the queue. `foreign`: without those
   * that this backend has itself.
   */
  async abandoned({ foreign = false } = {}): Promise<Download[]> {
    const rows = await this.db.query(
      `${selectDownload} WHERE ${open} AND is_abandoned(d.claimed_by, d.claimed_on)
         AND NOT ($1 AND d.claimed_by IS NOT DISTINCT FROM current_backend())
       ORDER BY d.position, d.id`,
      [foreign],
    );
    return rows.map(toDownload);
  }

  /** Makes those of them this backend's that nobody else was faster with, all as `queued`. */
  async claim(ids: readonly string[]): Promise<Download[]> {
    if (ids.length === 0) return [];
    const rows = await this.db.query(
      `WITH d AS (
         UPDATE download_queue d SET status = 'queued', bytes_per_second = 0, eta_seconds = NULL, ${claimColumns}
         WHERE d.id = ANY($1::uuid[]) AND ${open} AND is_abandoned(d.claimed_by, d.claimed_on) RETURNING *)
       SELECT ${downloadColumns} FROM ${downloadSource} ORDER BY d.position, d.id`,
      [ids],
    );
    return rows.map(toDownload);
  }

  /** Those of them that are still to be worked on, and by this backend. */
  async held(ids: readonly string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const rows = await this.db.query(
      `SELECT d.id FROM download_queue d
       WHERE d.id = ANY($1::uuid[]) AND ${open} AND d.claimed_by IS NOT DISTINCT FROM current_backend()`,
      [ids],
    );
    return new Set(rows.map((row) => row['id'] as string));
  }

  /** Whether no other backend that lives has its hands on it. */
  async isFree(id: string): Promise<boolean> {
    const [row] = await this.db.query(
      'SELECT is_abandoned(claimed_by, claimed_on) AS free FROM download_queue WHERE id = $1',
      [id],
    );
    return row === undefined || row['free'] === true;
  }

  /** Says that this backend's connections for it have ended. */
  async release(id: string): Promise<void> {
    await this.db.query(
      'UPDATE download_queue SET claimed_by = 0 WHERE id = $1 AND claimed_by = current_backend()',
      [id],
    );
  }
}
