import { describe, expect, it } from 'vitest';
import { settingKeys, type SettingKey } from './contributions';
import { effectOf, toSettings } from './settings';

function reader(values: Partial<Record<SettingKey, unknown>>) {
  const defaults: Partial<Record<SettingKey, unknown>> = {
    'hub.endpoint': '',
    'downloads.parallelFiles': 4,
    'downloads.parallelRanges': 4,
    'downloads.bytesPerSecond': 0,
    'database.url': '',
    'training.engine': 'auto',
    'training.maxParallelRuns': 1,
  };
  return (key: SettingKey): unknown => values[key] ?? defaults[key];
}

describe('toSettings', () => {
  it('says every setting, so that a cleared one does not live on in the backend', () => {
    expect(toSettings(reader({}), {})).toEqual({
      hub: {
        endpoint: 'https://huggingface.co',
        proxy: '',
        noProxy: [],
        strictTls: true,
        proxyAuthorization: '',
      },
      downloads: { parallelFiles: 4, parallelRanges: 4, bytesPerSecond: 0 },
      database: { url: '' },
      training: { engine: 'auto', maxParallelRuns: 1 },
      text: { lexicon: '' },
    });
  });

  it('prefers the setting, then the environment', () => {
    const env = { HF_ENDPOINT: 'https://env.example', DATABASE_URL: 'postgres://env/db' };
    expect(toSettings(reader({}), env).hub?.endpoint).toBe('https://env.example');
    expect(toSettings(reader({}), env).database?.url).toBe('postgres://env/db');
    const set = toSettings(reader({ 'hub.endpoint': ' https://set.example ' }), env);
    expect(set.hub?.endpoint).toBe('https://set.example');
  });

  it('takes its own proxy before that of the editor', () => {
    const editor = { proxy: 'http://editor.example:8080', noProxy: ['a.example'], strictTls: false };
    expect(toSettings(reader({}), {}, editor).hub).toMatchObject(editor);
    expect(toSettings(reader({ 'hub.proxy': 'direct' }), {}, editor).hub).toMatchObject({
      proxy: 'direct',
      noProxy: ['a.example'],
    });
  });

  it('names a setting that is not valid', () => {
    expect(() => toSettings(reader({ 'hub.endpoint': 'not a url' }), {})).toThrow(/hub\.endpoint/);
    expect(() => toSettings(reader({ 'downloads.parallelFiles': 1000 }), {})).toThrow(
      /downloads\.parallelFiles/,
    );
  });
});

describe('effectOf', () => {
  it('restarts only for what a running backend cannot take on', () => {
    const changed = (...keys: SettingKey[]) => effectOf((key) => keys.includes(key));
    expect(changed()).toBe('none');
    expect(changed(settingKeys.language, settingKeys.notifications)).toBe('none');
    expect(changed(settingKeys.hubEndpoint, settingKeys.language)).toBe('update');
    expect(changed(settingKeys.hubEndpoint, settingKeys.databaseUrl)).toBe('restart');
  });
});
