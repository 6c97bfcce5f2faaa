/**
 * What the person set: the persisted settings, under those that the client gave for this session. Defaults from the
 * environment come in where a value is used, so that `settings/get` answers only what was chosen.
 */
import { sessionOnlyHubKeys, settings as settingsSchema, type Settings } from '../../protocol/model/settings';
import { TypedEmitter } from '../events';
import type { DatabaseUrlFile } from '../database/urlFile';
import type { SettingsStore } from '../stores/settings';

interface SettingsEvents extends Record<string, unknown[]> {
  changed: [settings: Settings];
}

export interface SettingsServiceOptions {
  readonly store: SettingsStore;
  /** From `initialize`. */
  readonly session: Settings;
  /** The address of a database cannot live in that database (nor its password in a shared one): it has a file. */
  readonly databaseUrl: DatabaseUrlFile;
}

export class SettingsService extends TypedEmitter<SettingsEvents> {
  private readonly store: SettingsStore;
  private readonly databaseUrl: DatabaseUrlFile;
  private session: Settings;
  private persisted: Settings = {};
  private loaded = false;
  /** Asked for several times a request. */
  private merged: Settings | undefined;

  constructor(options: SettingsServiceOptions) {
    super();
    this.store = options.store;
    this.session = options.session;
    this.databaseUrl = options.databaseUrl;
  }

  /** The settings in force now; before the database is open, those of the session. */
  current(): Settings {
    return (this.merged ??= mergeSettings(this.persisted, this.session));
  }

  /** Reads the persisted settings; a stored value that this version does not know is left out, not fatal. */
  async load(): Promise<void> {
    const parsed = settingsSchema.safeParse(await this.store.get());
    const url = await this.databaseUrl.read();
    this.persisted = mergeSettings(
      parsed.success ? parsed.data : {},
      url === undefined ? {} : { database: { url } },
    );
    this.merged = undefined;
    this.loaded = true;
    this.emit('changed', this.current());
  }

  async get(): Promise<Settings> {
    await this.load();
    return this.current();
  }

  async update(change: Settings): Promise<Settings> {
    // Whoever listens knows what was in force before this.
    if (!this.loaded) await this.load();
    const stored = settingsSchema.safeParse(await this.store.get());
    const { database, ...others } = change;
    const next = mergeSettings(stored.success ? stored.data : {}, withoutSessionOnly(others));
    if (database?.url !== undefined) await this.databaseUrl.write(database.url);
    await this.store.replace(next);
    await this.load();
    this.session = mergeSettings(this.session, change);
    this.merged = undefined;
    this.emit('changed', this.current());
    return this.current();
  }
}

function withoutSessionOnly(change: Settings): Settings {
  if (change.hub === undefined) return change;
  const hub = Object.fromEntries(
    Object.entries(change.hub).filter(([key]) => !sessionOnlyHubKeys.some((only) => only === key)),
  );
  return { ...change, hub };
}

/** `change` over `base`, section by section and key by key. */
export function mergeSettings(base: Settings, change: Settings): Settings {
  const merged: Record<string, unknown> = { ...base };
  for (const [section, values] of Object.entries(change)) {
    if (values === undefined) continue;
    const defined = Object.entries(values).filter(([, value]) => value !== undefined);
    merged[section] = { ...(merged[section] as object | undefined), ...Object.fromEntries(defined) };
  }
  return merged;
}
