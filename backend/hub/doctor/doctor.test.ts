import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import {
  createServer as createPlain,
  type AddressInfo,
  type Server as PlainServer,
  type Socket,
} from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionCheck, ConnectionReport } from '../../../protocol/api/hub';
import { startHub, type Hub } from '../../../tests/fixtures/hub/server.mjs';
import { startProxy, startTlsFront, type TestProxy, type TlsFront } from '../../../tests/fixtures/proxy';
import type { HubOptions } from '../options';
import { examine, type DoctorOptions } from './doctor';
import { askName } from './line';
import { knownHubs, otherHubs } from './mirrors';

let hub: Hub;
let mirror: Hub;
const closing: { close(): unknown }[] = [];
beforeEach(async () => {
  [hub, mirror] = await Promise.all([startHub({ tokens: { hf_good: { name: 'sara' } } }), startHub()]);
  await hub.add('org/voice', { 'model.safetensors': 'weights' });
  await mirror.add('org/voice', { 'model.safetensors': 'weights' });
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()));
  await Promise.all([hub.close(), mirror.close()]);
});

function run(
  endpoint: string,
  more: Partial<DoctorOptions> = {},
  options: Partial<HubOptions> = {},
): Promise<ConnectionReport> {
  return examine({
    hub: { endpoint, token: undefined, offline: false, ...options },
    network: {},
    env: {},
    signal: new AbortController().signal,
    mirrors: [],
    ...more,
  });
}
const named = (report: ConnectionReport, name: ConnectionCheck['name']): ConnectionCheck | undefined =>
  report.checks.find((each) => each.name === name);
const findings = (report: ConnectionReport): Record<string, string> =>
  Object.fromEntries(
    report.checks.flatMap(({ name, finding }) => (finding === undefined ? [] : [[name, finding]])),
  );
const port = (url: string): number => Number(new URL(url).port);

/** Nobody listens there (discard, and no proxy in between). */
const nobody = 'http://127.0.0.1:9';

describe('all is well', () => {
  it('when the hub and the host of its files answer, each asked for as little as can be', async () => {
    const report = await run(hub.url, {}, { token: 'hf_good' });
    expect(report.ok).toBe(true);
    expect(report.route).toBeUndefined();
    expect(named(report, 'hub')).toMatchObject({ ok: true, host: new URL(hub.url).host });
    expect(named(report, 'cdn')?.detail).toContain(new URL(hub.cdnUrl).host);
    expect(named(report, 'clock')).toMatchObject({ ok: true });
    expect(named(report, 'tls')).toMatchObject({ skipped: true });
    const file = hub.requests.filter(
      ({ path }) => path.includes('model.safetensors') || !path.startsWith('/api'),
    );
    expect(file.map(({ headers }) => headers.range)).toEqual(['bytes=0-0', 'bytes=0-0']);
    // The token stops at the hub's door.
    expect(hub.requests.map(({ host, headers }) => [host, headers.authorization])).toEqual([
      ['hub', 'Bearer hf_good'],
      ['hub', 'Bearer hf_good'],
      ['cdn', undefined],
    ]);
  });

  it('also where a mirror is down, which is told', async () => {
    const report = await run(hub.url, { mirrors: [nobody, mirror.url] });
    expect(report.ok).toBe(true);
    expect(report.checks.filter(({ name }) => name === 'mirror')).toMatchObject([
      { ok: false, finding: 'refused', host: '127.0.0.1:9' },
      { ok: true },
    ]);
    expect(mirror.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });
});

describe('what fails', () => {
  it('is a hub that refuses, with a mirror that works', async () => {
    const report = await run(nobody, { mirrors: [mirror.url] });
    expect(findings(report)).toEqual({ connection: 'refused', hub: 'refused' });
    expect(named(report, 'cdn')).toMatchObject({ skipped: true });
    expect(report).toMatchObject({ ok: false, route: { endpoint: mirror.url } });
    expect(named(report, 'hub')?.advice).toContain('mirror');
  });

  it('is a name that cannot be resolved', async () => {
    const report = await run('http://no-such-hub.invalid');
    expect(findings(report)).toEqual({ dns: 'dns', connection: 'dns', hub: 'dns' });
    expect(report.route).toBeUndefined();
  });

  it('is a network that answers 403, a login page, and the host of the files alone', async () => {
    const lift = hub.fault({ host: 'hub', status: 403, body: '<html>blocked</html>' });
    expect(findings(await run(hub.url))).toEqual({ hub: 'blocked' });
    lift();
    const page = hub.fault({ host: 'hub', status: 200, body: '<html>log in</html>' });
    expect(findings(await run(hub.url))).toEqual({ hub: 'notAHub' });
    page();
    hub.fault({ host: 'cdn', status: 403 });
    const report = await run(hub.url, { mirrors: [mirror.url] });
    expect(findings(report)).toEqual({ cdn: 'blocked' });
    expect(report.route).toMatchObject({ endpoint: mirror.url });
  });

  it('is a token that the hub does not know', async () => {
    expect(findings(await run(hub.url, {}, { token: 'hf_unknown' }))).toEqual({ hub: 'token' });
  });

  it('is a certificate that nobody vouches for, unless it is not to be checked', async () => {
    const front: TlsFront = await startTlsFront('127.0.0.1', port(hub.url));
    closing.push(front);
    const endpoint = `https://127.0.0.1:${front.port}`;
    expect(findings(await run(endpoint))).toEqual({ tls: 'tls', hub: 'tls' });
    const unchecked = await run(endpoint, { network: { strictTls: false } });
    expect(findings(unchecked)).toEqual({});
    expect(named(unchecked, 'tls')?.detail).toContain('not checked');
  });

  it('is the clock of this machine', async () => {
    const early: Server = createServer((_, response) => {
      response.sendDate = false;
      response.writeHead(200, { date: new Date(Date.now() + 20 * 60_000).toUTCString() }).end('[]');
    }).listen(0, '127.0.0.1');
    await once(early, 'listening');
    closing.push(early);
    const report = await run(`http://127.0.0.1:${(early.address() as AddressInfo).port}`);
    expect(findings(report)).toEqual({ clock: 'clock' });
    expect(named(report, 'clock')?.detail).toMatch(/1[12]\d\d s behind/);
  });

  it('is HF_HUB_OFFLINE, and then nobody is asked', async () => {
    expect(findings(await run(hub.url, {}, { offline: true }))).toEqual({ hub: 'offline' });
    expect(hub.requests).toEqual([]);
  });

  it("is a public hub's name that leads into the network itself", async () => {
    const signal = new AbortController().signal;
    const target = { host: 'huggingface.co', port: 443, encrypted: true };
    const lead = (address: string) => (): Promise<{ address: string }[]> => Promise.resolve([{ address }]);
    expect(await askName(target, signal, lead('10.10.34.35'))).toMatchObject({ finding: 'diverted' });
    expect((await askName(target, signal, lead('18.172.134.4'))).finding).toBeUndefined();
    const own = { ...target, host: 'hub.company.example' };
    expect((await askName(own, signal, lead('10.0.0.7'))).finding).toBeUndefined();
  });
});

describe('a proxy', () => {
  const open = async (more: Partial<Parameters<typeof startProxy>[0]> = {}): Promise<TestProxy> => {
    const proxy = await startProxy({ port: () => port(hub.url), ...more });
    closing.push(proxy);
    return proxy;
  };

  it('is found to lead to the hub', async () => {
    const proxy = await open({ login: 'me:secret' });
    const report = await run('http://hub.example', { network: { proxy: `http://me:secret@${proxy.host}` } });
    expect(findings(report)).toEqual({});
    expect(named(report, 'proxy')).toMatchObject({ ok: true, host: proxy.host });
    expect(named(report, 'dns')).toMatchObject({ skipped: true });
    expect(JSON.stringify(report)).not.toContain('secret');
  });

  it('that wants a password says so', async () => {
    const proxy = await open({ login: 'me:secret' });
    const report = await run('http://hub.example', { env: { HTTP_PROXY: proxy.host } });
    expect(findings(report)).toEqual({ proxy: 'proxyLogin', hub: 'proxyLogin' });
    expect(named(report, 'proxy')?.advice).toContain('user and password');
  });

  it('that is not there is passed by where another way works', async () => {
    const proxy = await open();
    const down = { proxy: 'http://127.0.0.1:9' };
    const report = await run('http://hub.example', {
      network: down,
      env: { https_proxy: 'x', http_proxy: proxy.host },
    });
    expect(findings(report)).toMatchObject({ proxy: 'proxy', hub: 'proxy' });
    // The setting is in the way: the environment's proxy leads there.
    expect(report.route).toMatchObject({ proxy: 'environment' });
    const other = await run('http://hub.example', { network: down, mirrors: [mirror.url] });
    expect(other.route).toMatchObject({ endpoint: mirror.url });
  });
});

it('ends in time with nobody answering, and at once when given up', async () => {
  const sockets: Socket[] = [];
  const mute: PlainServer = createPlain((socket) => sockets.push(socket.on('error', () => undefined)));
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  closing.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    },
  });
  const endpoint = `https://127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const report = await run(endpoint, { timeout: 300, mirrors: [endpoint.replace('https', 'http')] });
  expect(findings(report)).toEqual({ tls: 'timeout', hub: 'timeout', mirror: 'timeout' });
  const controller = new AbortController();
  const asking = run(endpoint, { timeout: 60_000, signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await expect(asking).rejects.toMatchObject({ kind: 'cancelled' });
});

it('knows the hub, the mirror and what the environment names, each once', () => {
  expect(knownHubs).toContain('https://huggingface.co');
  expect(otherHubs('https://huggingface.co/', {})).toEqual(['https://hf-mirror.com']);
  expect(otherHubs('https://hub.example', { HF_ENDPOINT: 'https://hf-mirror.com/' })).toEqual([
    'https://huggingface.co',
    'https://hf-mirror.com',
  ]);
  expect(otherHubs('https://a.example', { GOYA_HUB_MIRRORS: 'https://b.example, nonsense' })).toEqual([
    'https://b.example',
  ]);
  expect(otherHubs('https://a.example', { GOYA_HUB_MIRRORS: '' })).toEqual([]);
});
