import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Settings } from '../../protocol/model/settings';
import { DatabaseUrlFile } from '../database/urlFile';
import type { SettingsStore } from '../stores/settings';
import { mergeSettings, SettingsService } from './settings';

let folder: string;
let stored: unknown;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-settings-'));
  stored = {};
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function service(session: Settings = {}): SettingsService {
  const store = {
    get: () => Promise.resolve(stored),
    replace: (value: Settings) => {
      stored = value;
      return Promise.resolve(value);
    },
  } as unknown as SettingsStore;
  return new SettingsService({ store, session, databaseUrl: new DatabaseUrlFile(folder) });
}

describe('settings', () => {
  it('merge key by key', () => {
    expect(
      mergeSettings(
        { downloads: { parallelFiles: 2, bytesPerSecond: 5 } },
        { downloads: { parallelFiles: 4 } },
      ),
    ).toEqual({ downloads: { parallelFiles: 4, bytesPerSecond: 5 } });
  });

  it('of the session win over the persisted ones, and an update over both', async () => {
    stored = { training: { engine: 'cpu', maxParallelRuns: 3 } };
    const settings = service({ training: { engine: 'wasm' } });
    expect(settings.current()).toEqual({ training: { engine: 'wasm' } });
    expect(await settings.get()).toEqual({ training: { engine: 'wasm', maxParallelRuns: 3 } });
    const heard: Settings[] = [];
    settings.on('changed', (value) => heard.push(value));
    expect((await settings.update({ training: { engine: 'tensorflow' } })).training?.engine).toBe(
      'tensorflow',
    );
    expect(heard.at(-1)?.training?.engine).toBe('tensorflow');
    expect(stored).toEqual({ training: { engine: 'tensorflow', maxParallelRuns: 3 } });
  });

  it('keep the address of the database in a file, out of the database', async () => {
    const url = 'postgres://goya:secret@127.0.0.1/goya';
    await service().update({ database: { url } });
    expect(JSON.stringify(stored)).not.toContain('secret');
    expect((await service().get()).database).toEqual({ url });
    await service().update({ database: { url: '' } });
    expect((await service().get()).database).toBeUndefined();
  });

  it('that may hold a password of the way to the hub end with the session', async () => {
    const settings = service();
    const hub = {
      endpoint: 'https://mirror.example',
      proxy: 'http://me:secret@proxy.example',
      noProxy: ['a'],
      strictTls: false,
      proxyAuthorization: 'Basic secret',
    };
    expect((await settings.update({ hub })).hub).toEqual(hub);
    expect(stored).toEqual({ hub: { endpoint: 'https://mirror.example' } });
  });

  it('of another version do not stop the backend', async () => {
    stored = { future: { key: 1 } };
    expect(await service().get()).toEqual({});
  });
});
