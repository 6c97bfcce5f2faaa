/** The way to the hub through the built backend: proxies, certificates, names, and where the token goes. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { downloadsGet, downloadsStart } from '../../protocol/api/downloads';
import { hubCheckConnection, hubModelInfo, hubSearch } from '../../protocol/api/hub';
import {
  settingsGet,
  settingsUpdate,
  tokenDelete,
  tokenSet,
  tokenStatus,
  tokenValidate,
} from '../../protocol/api/settings';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { startProxy, startTlsFront } from '../fixtures/proxy';
import { startBackend, type Backend, type BackendOptions } from './backend';

const tokens = { hf_good: { name: 'sara', role: 'read' } };
const gated = { gated: 'manual', readers: ['hf_good'] } as const;
const files = { 'config.json': '{}', 'model.safetensors': 'weights' };

let hub: Hub;
let mirror: Hub;
let folder: string;
const closing: { close(): Promise<unknown> }[] = [];
const backends: Backend[] = [];

beforeEach(async () => {
  [hub, mirror] = await Promise.all([startHub({ tokens }), startHub({ tokens })]);
  for (const each of [hub, mirror]) {
    await each.add('org/voice', files);
    await each.add('org/locked', files, gated);
    await each.add('org/locked-too', files, gated);
  }
  folder = await mkdtemp(path.join(tmpdir(), 'goya-network-'));
});
afterEach(async () => {
  await Promise.all(backends.splice(0).map((each) => each.dispose()));
  await Promise.all(closing.splice(0).map((each) => each.close()));
  await Promise.all([hub.close(), mirror.close()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** No proxy of the machine that runs the tests, and nobody else's hub. */
const clean = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [
    [name, undefined],
    [name.toLowerCase(), undefined],
  ]),
);
async function open(options: BackendOptions = {}): Promise<Backend> {
  const env = { ...clean, GOYA_HUB_MIRRORS: '', HF_ENDPOINT: hub.url, ...options.env };
  const backend = await startBackend({ ...options, env });
  backends.push(backend);
  return backend;
}
const search = (backend: Backend): Promise<unknown> => backend.call(hubSearch, { query: 'voice' });
const port = (url: string): number => Number(new URL(url).port);
const sentTokens = (to: Hub): unknown[] =>
  to.requests.flatMap(({ headers }) => (headers.authorization === undefined ? [] : [headers.authorization]));

describe('a proxy', () => {
  it('with a password leads to an HTTPS hub, from the settings and in mid-session, and is not kept', async () => {
    const front = await startTlsFront('hub.example', port(hub.url));
    const proxy = await startProxy({ port: () => front.port, login: 'me:geheim123' });
    closing.push(front, proxy);
    const authority = path.join(folder, 'authority.pem');
    await writeFile(authority, front.certificate);
    const backend = await open({
      env: { HF_ENDPOINT: 'https://hub.example', NODE_EXTRA_CA_CERTS: authority },
      initialize: { settings: { hub: { proxy: `http://${proxy.host}` } } },
    });
    await expect(search(backend)).rejects.toMatchObject({
      kind: 'hub.unreachable',
      retryable: false,
      details: { reason: 'proxy', proxyStatus: 407 },
    });
    const address = `http://me:geheim123@${proxy.host}`;
    await backend.call(settingsUpdate, { settings: { hub: { proxy: address } } });
    expect(await search(backend)).toMatchObject({ models: [{ repoId: 'org/voice' }] });
    expect(proxy.asked).toContain('hub.example:443');
    await backend.stop();
    expect(backend.stderr).not.toContain('geheim123');
  });

  it('of the session is forgotten with it', async () => {
    const storagePath = path.join(folder, 'storage');
    const first = await open({ storagePath });
    await first.call(settingsUpdate, { settings: { hub: { endpoint: mirror.url, proxy: 'http://me:x@p' } } });
    await first.stop();
    const next = await open({ storagePath });
    const { settings } = await next.call(settingsGet, {});
    expect(settings.hub).toEqual({ endpoint: mirror.url });
  });

  it('that refuses is named, and not taken for the hub', async () => {
    const backend = await open({
      env: { HF_ENDPOINT: 'http://hub.example', all_proxy: 'http://127.0.0.1:9' },
    });
    await expect(search(backend)).rejects.toMatchObject({
      details: { reason: 'proxy', proxy: '127.0.0.1:9' },
      message: expect.stringContaining('all_proxy') as string,
    });
  });
});

describe('a failure says what a person can do', () => {
  it.each([
    ['dns', 'http://no-such-hub.invalid', /DNS/],
    ['refused', 'http://127.0.0.1:9', /mirror/],
  ])('%s', async (reason, endpoint, todo) => {
    const backend = await open({ env: { HF_ENDPOINT: endpoint } });
    await expect(search(backend)).rejects.toMatchObject({
      kind: 'hub.unreachable',
      details: { reason },
      message: expect.stringMatching(todo) as string,
    });
  });

  it('tls, unless certificates are not to be checked', async () => {
    const front = await startTlsFront('127.0.0.1', port(hub.url));
    closing.push(front);
    const backend = await open({ env: { HF_ENDPOINT: `https://127.0.0.1:${front.port}` } });
    await expect(search(backend)).rejects.toMatchObject({
      kind: 'hub.unreachable',
      retryable: false,
      details: { reason: 'tls' },
      message: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
    });
    await backend.call(settingsUpdate, { settings: { hub: { strictTls: false } } });
    expect(await search(backend)).toMatchObject({ models: [{ repoId: 'org/voice' }] });
  });
});

describe('a token', () => {
  it('stays at the hub it was given for: not to the host of the files, not to a mirror, until it is set there', async () => {
    const backend = await open({ initialize: { hubToken: 'hf_good' } });
    const { id } = await backend.call(downloadsStart, { repoId: 'org/locked' });
    await eventually(async () => (await backend.call(downloadsGet, { id })).state === 'completed', {
      timeoutMs: 60_000,
    });
    expect(sentTokens(hub).length).toBeGreaterThan(0);
    expect(hub.requests.some(({ host }) => host === 'cdn')).toBe(true);
    expect(
      hub.requests.filter(({ host, headers }) => host === 'cdn' && headers.authorization !== undefined),
    ).toEqual([]);

    await backend.call(settingsUpdate, { settings: { hub: { endpoint: mirror.url } } });
    const start = (): Promise<unknown> => backend.call(downloadsStart, { repoId: 'org/locked-too' });
    await expect(start()).rejects.toMatchObject({
      kind: 'hub.gated',
      details: { heldBackFor: hub.url },
      message: expect.stringMatching(/kept back.*set the token again/) as string,
    });
    expect(sentTokens(mirror)).toEqual([]);
    expect(await backend.call(tokenStatus, {})).toEqual({
      endpoint: mirror.url,
      source: 'none',
      heldBack: { source: 'client', where: 'Goya', origin: hub.url },
    });

    await backend.call(tokenSet, { token: 'hf_good' });
    expect(await backend.call(tokenStatus, {})).toMatchObject({ source: 'client', origin: mirror.url });
    await start();
    expect(sentTokens(mirror).length).toBeGreaterThan(0);

    await backend.call(tokenDelete, {});
    await backend.call(settingsUpdate, { settings: { hub: { endpoint: hub.url } } });
    expect(await backend.call(tokenStatus, {})).toEqual({ endpoint: hub.url, source: 'none' });
  });

  it('is validated where the endpoint is', async () => {
    const backend = await open();
    await backend.call(settingsUpdate, { settings: { hub: { endpoint: mirror.url } } });
    expect(await backend.call(tokenValidate, { token: 'hf_good' })).toMatchObject({
      valid: true,
      role: 'read',
    });
    expect(hub.requests).toEqual([]);
    expect(sentTokens(mirror)).toEqual(['Bearer hf_good']);
  });

  it('of the environment goes to the hub on this machine that the session began with', async () => {
    const env = { HF_TOKEN: 'hf_good', HF_ENDPOINT: undefined };
    const backend = await open({ env, initialize: { settings: { hub: { endpoint: hub.url } } } });
    expect(await backend.call(tokenStatus, {})).toMatchObject({ source: 'environment', where: 'HF_TOKEN' });
    await backend.call(hubModelInfo, { repoId: 'org/voice' });
    expect(sentTokens(hub).length).toBeGreaterThan(0);
    await backend.call(settingsUpdate, { settings: { hub: { endpoint: mirror.url } } });
    await backend.call(hubModelInfo, { repoId: 'org/voice' });
    expect(sentTokens(mirror)).toEqual([]);
  });
});

describe('the network doctor', () => {
  it('finds all well, and a mirror when the hub is gone', async () => {
    const env = { GOYA_HUB_MIRRORS: mirror.url };
    const backend = await open({ env, initialize: { hubToken: 'hf_good' } });
    expect(await backend.call(hubCheckConnection, {})).toMatchObject({ ok: true });
    await backend.call(settingsUpdate, { settings: { hub: { endpoint: 'http://127.0.0.1:9' } } });
    const report = await backend.call(hubCheckConnection, {});
    expect(report).toMatchObject({ ok: false });
    // HF_ENDPOINT is another way that works; the list comes first.
    expect(report.route?.endpoint).toBe(mirror.url);
    expect(report.checks.find(({ name }) => name === 'hub')?.advice).toContain('mirror');
    expect(sentTokens(mirror)).toEqual([]);
  });

  it('stops when it is told to', async () => {
    hub.fault({ host: 'hub', delay: 60_000 });
    const backend = await open();
    const controller = new AbortController();
    const asking = backend.call(hubCheckConnection, {}, controller.signal);
    await eventually(() => hub.requests.length > 0);
    controller.abort();
    await expect(asking).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
