/** The order in which downloads come to their turn: a place of its own for each row, the lowest first. */
import type { Download } from '../../protocol/model/download';
import type { Database } from '../database/database';
import { downloadColumns, downloadSource, toDownload } from './downloadRows';

/** Zero-based among the unfinished ones; beyond the end is the end. */
export type QueuePlace = number | 'first' | 'last';

/** Moves `id` before or behind others by handing their places round. Answers the downloads whose place changed. */
export async function reorderDownloads(db: Database, id: string, place: QueuePlace): Promise<Download[]> {
  return db.transaction(async (tx) => {
    const rows = await tx.query(
      `SELECT id, position FROM download_queue WHERE status IN ('queued', 'downloading', 'paused')
       ORDER BY position, id FOR UPDATE`,
    );
    const before = rows.map((row) => row['id'] as string);
    const others = before.filter((other) => other !== id);
    if (others.length === before.length) return [];
    const index = place === 'first' ? 0 : place === 'last' ? others.length : place;
    const after = [...others.slice(0, index), id, ...others.slice(index)];
    const moved = after.flatMap((each, at) =>
      each === before[at] ? [] : [{ id: each, position: rows[at]?.['position'] as number }],
    );
    const changed = await tx.query(
      `WITH d AS (
         UPDATE download_queue q SET position = given.position
         FROM unnest($1::uuid[], $2::bigint[]) AS given (id, position) WHERE q.id = given.id RETURNING q.*)
       SELECT ${downloadColumns} FROM ${downloadSource} ORDER BY d.position`,
      [moved.map((row) => row.id), moved.map((row) => row.position)],
    );
    return changed.map(toDownload);
  });
}
