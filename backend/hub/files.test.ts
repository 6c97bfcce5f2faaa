import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { HubClient } from './client';

let hub: Hub;
let mirror: Server;
let client: HubClient;
let asked: string[];

beforeEach(async () => {
  asked = [];
  hub = await startHub({ treePage: 2 });
  // Passes everything on as it is: the next page is named at the hub that it mirrors.
  mirror = createServer((request, response) => {
    asked.push(request.url ?? '');
    void fetch(`${hub.url}${request.url}`).then(async (answer) => {
      const link = answer.headers.get('link');
      response
        .writeHead(answer.status, {
          'content-type': answer.headers.get('content-type') ?? '',
          ...(link === null ? {} : { link }),
        })
        .end(Buffer.from(await answer.arrayBuffer()));
    });
  }).listen(0, '127.0.0.1');
  await once(mirror, 'listening');
  const endpoint = `http://127.0.0.1:${(mirror.address() as AddressInfo).port}`;
  client = new HubClient({ options: () => ({ endpoint, token: 'hf_of_the_mirror', offline: false }) });
});
afterEach(async () => {
  await client.close();
  mirror.close();
  mirror.closeAllConnections();
  await hub.close();
});

it('follows the pages of a listing at the mirror, also where they are named elsewhere', async () => {
  const names = ['a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt'];
  const commit = await hub.add('org/m', Object.fromEntries(names.map((name) => [name, name])));
  const files = await client.files('org/m', commit);
  expect(files.map(({ path }) => path)).toEqual(names);
  expect(asked.filter((url) => url.includes('/tree/'))).toHaveLength(3);
  // The mirror's own requests are all that the hub saw.
  expect(hub.requests.map(({ path }) => path)).toEqual(asked);
  expect(hub.requests.some(({ headers }) => headers.authorization !== undefined)).toBe(false);
});

it('gives up a listing whose pages never end, also when each one is new', async () => {
  let pages = 0;
  const endless = createServer((_, response) => {
    pages += 1;
    const { port } = endless.address() as AddressInfo;
    response
      .writeHead(200, {
        'content-type': 'application/json',
        link: `<http://127.0.0.1:${port}/api/models/org/m/tree/x?cursor=${pages}>; rel="next"`,
      })
      .end(JSON.stringify([{ type: 'file', oid: '0'.repeat(40), size: 1, path: `f${pages}` }]));
  }).listen(0, '127.0.0.1');
  await once(endless, 'listening');
  const endpoint = `http://127.0.0.1:${(endless.address() as AddressInfo).port}`;
  const other = new HubClient({ options: () => ({ endpoint, token: undefined, offline: false }) });
  try {
    await expect(other.files('org/m', 'x')).rejects.toMatchObject({ kind: 'hub.invalidResponse' });
    expect(pages).toBeLessThanOrEqual(500);
  } finally {
    await other.close();
    endless.close();
    endless.closeAllConnections();
  }
});
