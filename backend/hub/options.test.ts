import { expect, it } from 'vitest';
import type { Settings } from '../../protocol/model/settings';
import { HubSession } from './options';

/** No login of whoever runs the tests. */
const nobody = { HF_TOKEN_PATH: '/nowhere/at/all' };
const hub = (endpoint: string): Settings => ({ hub: { endpoint } });

function session(
  env: Record<string, string>,
  first: Settings = {},
  token?: string,
): { settings: Settings; it: HubSession } {
  const held: { settings: Settings; it?: HubSession } = { settings: first };
  held.it = new HubSession({ settings: () => held.settings, env: { ...nobody, ...env }, token });
  return held as { settings: Settings; it: HubSession };
}

it('takes settings before the environment, and the environment before the default', () => {
  expect(session({}).it.options()).toEqual({
    endpoint: 'https://huggingface.co',
    token: undefined,
    offline: false,
  });
  const env = { HF_ENDPOINT: 'https://mirror.example/', HF_TOKEN: 'hf_env', HF_HUB_OFFLINE: '1' };
  expect(session(env).it.options()).toEqual({
    endpoint: 'https://mirror.example',
    token: 'hf_env',
    tokenSource: 'HF_TOKEN',
    offline: true,
  });
  expect(session(env, hub('http://127.0.0.1:1/hf/'), 'hf_set').it.options()).toMatchObject({
    endpoint: 'http://127.0.0.1:1/hf',
    token: 'hf_set',
    tokenSource: 'Goya',
  });
  expect(session({ HF_ENDPOINT: '', HF_TOKEN: '', HF_HUB_OFFLINE: '0' }).it.options()).toMatchObject({
    endpoint: 'https://huggingface.co',
    token: undefined,
    offline: false,
  });
});

it('begins with an endpoint that is no address, whose requests say so', () => {
  expect(session({ HF_ENDPOINT: 'mirror' }, {}, 'hf_set').it.options()).toMatchObject({ token: 'hf_set' });
});

it('sends a token to the origin it was given for and to no other, until it is set again', () => {
  const held = session({}, hub('https://huggingface.co/'), 'hf_set');
  expect(held.it.options().token).toBe('hf_set');
  held.settings = hub('https://mirror.example');
  expect(held.it.options()).toMatchObject({
    token: undefined,
    heldBack: { origin: 'https://huggingface.co' },
  });
  expect(held.it.status()).toEqual({
    endpoint: 'https://mirror.example',
    source: 'none',
    heldBack: { source: 'client', where: 'Goya', origin: 'https://huggingface.co' },
  });
  held.it.setToken('hf_set');
  expect(held.it.options().token).toBe('hf_set');
  // Another port or scheme is another origin.
  held.settings = hub('https://mirror.example:8443');
  expect(held.it.options().token).toBeUndefined();
  held.settings = hub('http://mirror.example');
  expect(held.it.options().token).toBeUndefined();
  held.settings = hub('https://huggingface.co');
  expect(held.it.options().token).toBe('hf_set');
  held.it.forgetTokens();
  expect(held.it.status()).toEqual({ endpoint: 'https://huggingface.co', source: 'none' });
});

it('takes a token for an origin before the endpoint goes there', () => {
  const held = session({}, {}, 'hf_set');
  held.it.setToken('hf_other', 'https://mirror.example/path');
  expect(held.it.options().token).toBe('hf_set');
  held.settings = hub('https://mirror.example');
  expect(held.it.options().token).toBe('hf_other');
});

it('keeps HF_TOKEN for the hub of HF_ENDPOINT, and for one on this machine that the session began with', () => {
  const env = { HF_TOKEN: 'hf_env' };
  expect(session(env, hub('https://mirror.example')).it.status()).toMatchObject({
    source: 'none',
    heldBack: { source: 'environment', origin: 'https://huggingface.co' },
  });
  expect(session({ ...env, HF_ENDPOINT: 'https://mirror.example' }).it.options().token).toBe('hf_env');
  const local = session(env, hub('http://127.0.0.1:8123'));
  expect(local.it.status()).toMatchObject({ source: 'environment', origin: 'http://127.0.0.1:8123' });
  local.settings = hub('http://127.0.0.1:8124');
  expect(local.it.options().token).toBeUndefined();
  expect(session(env, hub('http://127.evil.example')).it.options().token).toBeUndefined();
});

it('counts the endpoint of earlier sessions as the one that this session began with', () => {
  const held = session({ HF_TOKEN: 'hf_env' }, {}, 'hf_given');
  held.settings = hub('http://127.0.0.1:1234');
  held.it.begin();
  expect(held.it.options().token).toBe('hf_given');
  held.settings = hub('https://huggingface.co');
  expect(held.it.options()).toMatchObject({ token: 'hf_env', tokenSource: 'HF_TOKEN' });
});

it('keeps what the person set while the settings were read', () => {
  const held = session({}, {}, 'hf_given');
  held.it.forgetTokens();
  held.it.begin();
  expect(held.it.options().token).toBeUndefined();
});
