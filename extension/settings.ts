/** VS Code's settings as the backend's `Settings`. Pure: the reader is passed in. */
import { engineChoices, settings as settingsSchema, type Settings } from '../protocol/model/settings';
import { StudioError } from '../protocol/wire/errors';
import { describeIssues } from '../protocol/wire/parse';
import { settingKeys, type SettingKey } from './contributions';
import { hubEndpoint } from './hubEndpoint';

/** Reads one `goya.*` setting; undefined when it is not set and has no default. */
export type ReadSetting = (key: SettingKey) => unknown;

/** What VS Code's own `http.*` settings say of the way to the network. */
export interface EditorNetwork {
  readonly proxy?: string;
  readonly noProxy?: readonly string[];
  readonly strictTls?: boolean;
  readonly proxyAuthorization?: string;
}

/**
 * Every setting is said, also the ones at their default: the backend keeps what it was told, and a setting that was
 * cleared must not live on there. An empty one falls back to the environment, then to the product's default.
 */
export function toSettings(
  read: ReadSetting,
  env: Readonly<Record<string, string | undefined>>,
  network: EditorNetwork = {},
): Settings {
  const text = (key: SettingKey): string => {
    const value = read(key);
    return typeof value === 'string' ? value.trim() : '';
  };
  const candidate = {
    hub: {
      endpoint: hubEndpoint(text(settingKeys.hubEndpoint), env),
      proxy: text(settingKeys.hubProxy) || (network.proxy?.trim() ?? ''),
      noProxy: [...(network.noProxy ?? [])],
      strictTls: network.strictTls ?? true,
      proxyAuthorization: network.proxyAuthorization?.trim() ?? '',
    },
    downloads: {
      parallelFiles: read(settingKeys.parallelFiles),
      parallelRanges: read(settingKeys.parallelRanges),
      bytesPerSecond: read(settingKeys.bytesPerSecond),
    },
    database: { url: text(settingKeys.databaseUrl) || env['DATABASE_URL']?.trim() || '' },
    training: {
      engine: read(settingKeys.trainingEngine) ?? engineChoices[0],
      maxParallelRuns: read(settingKeys.maxParallelRuns),
    },
    text: { lexicon: text(settingKeys.lexicon) },
  };
  const parsed = settingsSchema.safeParse(candidate);
  if (!parsed.success) {
    throw new StudioError(
      'settings.invalid',
      `A Goya setting is not valid: ${describeIssues(parsed.error)}.`,
    );
  }
  return parsed.data;
}

/** Settings that a running backend cannot take on: it is started again with them. */
export const restartingKeys: readonly SettingKey[] = [
  settingKeys.backendNodePath,
  settingKeys.databaseUrl,
  settingKeys.modelsPath,
  settingKeys.storagePath,
];
/** Settings that are the editor's own. */
const localKeys: readonly SettingKey[] = [settingKeys.language, settingKeys.notifications];

export type SettingsEffect = 'none' | 'update' | 'restart';

/** What a change of settings asks for; `affects` says whether a key changed. */
export function effectOf(affects: (key: SettingKey) => boolean): SettingsEffect {
  const changed = Object.values(settingKeys).filter(affects);
  if (changed.some((key) => restartingKeys.includes(key))) return 'restart';
  return changed.some((key) => !localKeys.includes(key)) ? 'update' : 'none';
}
