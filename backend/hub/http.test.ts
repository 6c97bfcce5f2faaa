import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { HubClient } from './client';
import { createHttp } from './http';

let hub: Hub;
let client: HubClient | undefined;
beforeEach(async () => {
  hub = await startHub();
  await hub.add('org/voice', { 'a.txt': 'a' });
});
afterEach(async () => {
  await client?.close();
  await hub.close();
});
function open(endpoint: string, env: Record<string, string>): HubClient {
  client = new HubClient({
    options: () => ({ endpoint, token: undefined, offline: false }),
    http: createHttp({ env }),
    backoff: { base: 1, cap: 1 },
  });
  return client;
}

/** A proxy that leads every tunnel to the hub; wants a password when given one. */
async function startProxy(
  authorization?: string,
): Promise<{ url: string; asked: string[]; close: () => void }> {
  const asked: string[] = [];
  const server = createServer();
  server.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.on('error', () => undefined);
    if (authorization !== undefined && request.headers['proxy-authorization'] !== authorization) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const { port } = new URL(hub.url);
    const upstream = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on('error', () => undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { url: `127.0.0.1:${port}`, asked, close: () => server.close() };
}

describe('proxies from the environment', () => {
  it('that want a password say so, at once and with what to do', async () => {
    const proxy = await startProxy('Basic unknown');
    const asking = open('http://hub.example', { HTTP_PROXY: `http://${proxy.url}` }).pin('org/voice');
    await expect(asking).rejects.toMatchObject({
      kind: 'hub.unreachable',
      retryable: false,
      message: expect.stringMatching(/user and password.*http:\/\/user:password@/) as string,
    });
    expect(proxy.asked).toHaveLength(1);
    proxy.close();
  });

  it('are used, with their password, but not for loopback', async () => {
    const proxy = await startProxy(`Basic ${Buffer.from('me:secret').toString('base64')}`);
    const env = { HTTP_PROXY: `http://me:secret@${proxy.url}` };
    expect((await open('http://hub.example', env).pin('org/voice')).model.repoId).toBe('org/voice');
    expect(proxy.asked[0]).toBe('hub.example:80');
    await client?.close();
    const before = proxy.asked.length;
    await open(hub.url, env).pin('org/voice');
    expect(proxy.asked).toHaveLength(before);
    proxy.close();
  });

  it('are passed by for what NO_PROXY names', async () => {
    const proxy = await startProxy();
    const env = { http_proxy: `http://${proxy.url}`, no_proxy: 'hub.invalid' };
    await expect(open('http://hub.invalid', env).pin('org/voice')).rejects.toMatchObject({
      kind: 'hub.unreachable',
    });
    expect(proxy.asked).toEqual([]);
    proxy.close();
  });

  it('that refuse are told from a hub that does', async () => {
    const proxy = await startProxy('Basic other');
    await expect(
      open('http://hub.example', { HTTP_PROXY: `http://${proxy.url}` }).pin('org/voice'),
    ).rejects.toMatchObject({
      kind: 'hub.unreachable',
      message: expect.stringContaining('proxy') as string,
    });
    proxy.close();
  });
});

it('keeps connections for the next request', async () => {
  const opened = open(hub.url, {});
  for (let i = 0; i < 20; i += 1) await opened.pin('org/voice');
  expect(await hub.connections()).toBeLessThanOrEqual(2);
});
