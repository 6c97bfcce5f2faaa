import type { Queryable } from '../database/database';

/** How new each row of a table is: its `seq` by its id. */
export async function listHeads(
  db: Queryable,
  table: 'download_queue' | 'models',
): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query(`SELECT id, seq FROM ${table}`);
  return new Map(rows.map((row) => [row['id'] as string, row['seq'] as number]));
}
