import type { Settings } from '../../protocol/model/settings';
import type { Database } from '../database/database';
import { toJson } from '../database/text';
import { localUserId } from './rows';

/** The local user's settings: one row per section, so that two sections written at once do not undo each other. */
export class SettingsStore {
  constructor(private readonly db: Database) {}

  /** As stored, by section; the reader parses, since another version may have written it. */
  async get(): Promise<Record<string, unknown>> {
    const rows = await this.db.query('SELECT key, value FROM user_settings WHERE user_id = $1 ORDER BY key', [
      localUserId,
    ]);
    return Object.fromEntries(rows.map((row) => [row['key'] as string, row['value']]));
  }

  /** Afterwards exactly these sections are stored. */
  async replace(settings: Settings): Promise<void> {
    const sections = Object.entries(settings).filter(([, value]) => value !== undefined);
    await this.db.transaction(async (tx) => {
      await tx.query('DELETE FROM user_settings WHERE user_id = $1 AND NOT (key = ANY($2::text[]))', [
        localUserId,
        sections.map(([key]) => key),
      ]);
      await tx.query(
        `INSERT INTO user_settings (user_id, key, value)
         SELECT $1::uuid, key, value::jsonb FROM unnest($2::text[], $3::text[]) AS given (key, value)
         ON CONFLICT (user_id, key) DO UPDATE SET value = excluded.value`,
        [localUserId, sections.map(([key]) => key), sections.map(([, value]) => toJson(value))],
      );
    });
  }
}
