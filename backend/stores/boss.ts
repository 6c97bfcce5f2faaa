/** pg-boss over the one door to PostgreSQL, whichever of the two databases is behind it. */
import type PgBoss from 'pg-boss';
import type { Logger } from 'pino';
import type { Database, Queryable } from '../database/database';
import { toJson } from '../database/text';

/** Apart from Goya's own tables: pg-boss makes and migrates it. */
export const bossSchema = 'goya_queue';

/** What pg-boss runs one statement with. */
export function onQueryable(queryable: Queryable): PgBoss.Db {
  return {
    executeSql: async (sql, values) => ({
      rows: await queryable.query(sql, (values as readonly unknown[] | undefined)?.map(asParameter)),
    }),
  };
}

/** Its schema comes as one text of many statements between BEGIN and COMMIT. */
function onDatabase(db: Database): PgBoss.Db {
  const single = onQueryable(db);
  return {
    executeSql: async (sql, values) => {
      const script = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/.exec(sql)?.[1];
      if (script === undefined) return single.executeSql(sql, values);
      await db.transaction((tx) => tx.exec(script));
      return { rows: [] };
    },
  };
}

/** Objects are JSON to both drivers; arrays stay arrays. */
function asParameter(value: unknown): unknown {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject && !(value instanceof Date) ? toJson(value) : value;
}

/**
 * Loads pg-boss and brings its schema up to date. Without its timers: jobs expire by whether their backend lives, not by
 * a clock, finished ones are deleted at once, and nothing is polled.
 */
export async function startBoss(db: Database, log: Logger): Promise<PgBoss> {
  const { default: Boss } = await import('pg-boss');
  const boss = new Boss({ db: onDatabase(db), schema: bossSchema, schedule: false, supervise: false });
  boss.on('error', (error) => log.error({ err: error }, 'the queue of runs'));
  await boss.start();
  return boss;
}
