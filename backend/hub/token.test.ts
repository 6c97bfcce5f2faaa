import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hubOptions } from './options';
import { findToken, loginFile } from './token';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'goya-home-'));
});
afterEach(() => rm(home, { recursive: true }));

it('looks for the login file where the official client keeps it', () => {
  expect(loginFile({}, '/home/sara')).toBe(path.join('/home/sara', '.cache', 'huggingface', 'token'));
  expect(loginFile({ XDG_CACHE_HOME: '/c' }, '/home/sara')).toBe(path.join('/c', 'huggingface', 'token'));
  expect(loginFile({ HF_HOME: '~/hf' }, '/home/sara')).toBe(path.join('/home/sara/hf', 'token'));
  expect(loginFile({ HF_HOME: '/x', HF_TOKEN_PATH: '/y/t' }, '/home/sara')).toBe('/y/t');
});

it('takes what was set in Goya, then HF_TOKEN, then the login', async () => {
  const file = path.join(home, 'token');
  await writeFile(file, ' hf_login\n');
  const env = { HF_HOME: home };
  expect(findToken('hf_set', { ...env, HF_TOKEN: 'hf_env' })).toEqual({ token: 'hf_set', source: 'Goya' });
  expect(findToken(undefined, { ...env, HF_TOKEN: 'hf_env' })).toEqual({
    token: 'hf_env',
    source: 'HF_TOKEN',
  });
  expect(findToken(undefined, env)).toEqual({ token: 'hf_login', source: `the login file ${file}` });
  expect(hubOptions({}, undefined, env)).toMatchObject({ token: 'hf_login' });
});

it('takes none unasked when that is forbidden, nor one that is none', async () => {
  await writeFile(path.join(home, 'token'), 'hf_login');
  const env = { HF_HOME: home, HF_TOKEN: 'hf_env', HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' };
  expect(findToken(undefined, env)).toBeUndefined();
  expect(findToken('hf_set', env)?.token).toBe('hf_set');
  await writeFile(path.join(home, 'broken'), 'two words\nX-Other: header');
  expect(findToken(undefined, { HF_TOKEN_PATH: path.join(home, 'broken') })).toBeUndefined();
  expect(findToken(undefined, { HF_TOKEN_PATH: home })).toBeUndefined();
  expect(findToken(undefined, { HF_TOKEN_PATH: path.join(home, 'nothing') })).toBeUndefined();
});

it('keeps a login from a hub that only the settings name', async () => {
  await writeFile(path.join(home, 'token'), 'hf_login');
  const env = { HF_HOME: home };
  const mirror = { hub: { endpoint: 'https://mirror.example' } };
  expect(hubOptions(mirror, undefined, env).token).toBeUndefined();
  expect(hubOptions(mirror, undefined, { ...env, HF_ENDPOINT: 'https://mirror.example/' }).token).toBe(
    'hf_login',
  );
  expect(hubOptions({ hub: { endpoint: 'https://huggingface.co/' } }, undefined, env).token).toBe('hf_login');
});
