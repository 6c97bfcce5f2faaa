import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { knownTokens, loginFile, tokenFor, type TokenOrigins } from './token';

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

const origin = 'https://hub.example';
const origins = (given?: string): TokenOrigins => ({
  given: new Map(given === undefined ? [] : [[origin, given]]),
  implicit: [origin],
});
const inForce = (given: string | undefined, env: Record<string, string>): unknown =>
  tokenFor(knownTokens(origins(given), env), origin).inForce;

it('takes what was set in Goya, then HF_TOKEN, then the login', async () => {
  const file = path.join(home, 'token');
  await writeFile(file, ' hf_login\n');
  const env = { HF_HOME: home };
  expect(inForce('hf_set', { ...env, HF_TOKEN: 'hf_env' })).toMatchObject({
    token: 'hf_set',
    source: 'client',
  });
  expect(inForce(undefined, { ...env, HF_TOKEN: 'hf_env' })).toEqual({
    token: 'hf_env',
    source: 'environment',
    where: 'HF_TOKEN',
    origin,
  });
  expect(inForce(undefined, env)).toEqual({
    token: 'hf_login',
    source: 'file',
    where: `the login file ${file}`,
    origin,
  });
});

it('takes none unasked when that is forbidden, nor one that is none', async () => {
  await writeFile(path.join(home, 'token'), 'hf_login');
  const env = { HF_HOME: home, HF_TOKEN: 'hf_env', HF_HUB_DISABLE_IMPLICIT_TOKEN: '1' };
  expect(inForce(undefined, env)).toBeUndefined();
  expect(inForce('hf_set', env)).toMatchObject({ token: 'hf_set' });
  await writeFile(path.join(home, 'broken'), 'two words\nX-Other: header');
  expect(inForce(undefined, { HF_TOKEN_PATH: path.join(home, 'broken') })).toBeUndefined();
  expect(inForce(undefined, { HF_TOKEN_PATH: home })).toBeUndefined();
  expect(inForce(undefined, { HF_TOKEN_PATH: path.join(home, 'nothing') })).toBeUndefined();
});

it('keeps a login from a hub that only the settings name', async () => {
  await writeFile(path.join(home, 'token'), 'hf_login');
  const known = knownTokens(origins(), { HF_HOME: home });
  expect(tokenFor(known, 'https://mirror.example')).toMatchObject({
    heldBack: { token: 'hf_login', origin },
  });
  expect(tokenFor(known, 'https://mirror.example').inForce).toBeUndefined();
});
