import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Model } from '../../protocol/model/model';
import { eventually } from '../../tests/fixtures/eventually';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { HubClient } from './client';

let hub: Hub;
let client: HubClient;
beforeEach(async () => {
  hub = await startHub();
  client = new HubClient({ options: () => ({ endpoint: hub.url, token: undefined, offline: false }) });
  // Downloads fall from a to z; every third is tagged either way, or both.
  for (const [index, name] of Array.from('abcdefghijklmnopqrstuvwxyz').entries()) {
    const tags = [['fa'], ['language:fa'], ['fa', 'language:fa']][index % 3];
    await hub.add(
      `org/${name}-model`,
      { 'x.txt': name },
      { ...(tags && { tags }), downloads: 1000 - index, likes: index },
    );
  }
  await hub.add(
    'other/english-model',
    { 'x.txt': 'x' },
    { tags: ['en'], downloads: 5000, pipeline_tag: 'text-generation' },
  );
});
afterEach(async () => {
  await client.close();
  await hub.close();
});

it('answers the same question from memory for a while, but not for another account', async () => {
  const account: { token?: string } = {};
  await client.close();
  client = new HubClient({ options: () => ({ endpoint: hub.url, token: account.token, offline: false }) });
  const first = await client.search({ query: 'model', language: 'fa' });
  const asked = hub.requests.length;
  expect(await client.search({ query: 'model', language: 'fa' })).toEqual(first);
  expect(hub.requests.length).toBe(asked);
  await client.search({ query: 'mode' });
  expect(hub.requests.length).toBe(asked + 1);
  account.token = 'hf_unknown';
  await expect(client.search({ query: 'mode' })).rejects.toMatchObject({ kind: 'hub.unauthorized' });
});

it('does not keep failures', async () => {
  hub.fault({ path: '/api/models', status: 404, times: 1 });
  await expect(client.search({ query: 'english' })).rejects.toMatchObject({ kind: 'hub.notFound' });
  expect((await client.search({ query: 'english' })).models).toHaveLength(1);
});

it('ends the request when nobody waits for it any more', async () => {
  hub.fault({ path: '/api/models', delay: 20_000 });
  const controller = new AbortController();
  const running = client.search({ query: 'english' }, controller.signal);
  running.catch(() => undefined);
  await eventually(() => expect(hub.requests).toHaveLength(1));
  controller.abort();
  await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  await eventually(async () => expect(await hub.connections()).toBe(0));
});

describe('offline', () => {
  const installed: Model = {
    id: '00000000-0000-4000-8000-000000000001',
    name: 'mine',
    type: 'tts',
    repoId: 'me/mine',
    path: '/m/me/mine',
    sizeBytes: 1,
    status: 'ready',
    metadata: { task: 'text-to-speech', languages: ['fa'] },
    createdAt: '2026-01-01T00:00:00.000Z',
    seq: 1,
  };
  beforeEach(async () => {
    await client.close();
    client = new HubClient({
      options: () => ({ endpoint: hub.url, token: undefined, offline: true }),
      installed: () =>
        Promise.resolve([installed, { ...installed, repoId: 'me/coming', status: 'downloading' }]),
    });
  });

  it('the installed and the chosen models answer, and say so', async () => {
    const { models, offline } = await client.search({ task: 'text-to-speech', language: 'fa', limit: 100 });
    expect(offline).toBe(true);
    expect(models[0]?.repoId).toBe('me/mine');
    expect(models.map((model) => model.repoId)).toContain('facebook/mms-tts-fas');
    expect(models.map((model) => model.repoId)).not.toContain('me/coming');
    expect(new Set(models.map((model) => model.repoId)).size).toBe(models.length);
    expect((await client.search({ query: 'mms persian', author: 'facebook' })).models).toHaveLength(1);
    expect(hub.requests).toHaveLength(0);
  });

  it('is what a client may ask for when the hub did not answer', async () => {
    await client.close();
    client = new HubClient({
      options: () => ({ endpoint: 'http://127.0.0.1:9', token: undefined, offline: false }),
    });
    await expect(client.search({ query: 'whisper' })).rejects.toMatchObject({ kind: 'hub.unreachable' });
    const { models, offline } = await client.search({ query: 'whisper', offline: true });
    expect(offline).toBe(true);
    expect(models.length).toBeGreaterThan(0);
  });

  it('a library that cannot be asked does not hide the chosen models', async () => {
    client = new HubClient({
      options: () => ({ endpoint: hub.url, token: undefined, offline: true }),
      installed: () => Promise.reject(new Error('no database')),
    });
    expect((await client.search({ query: 'whisper' })).models.length).toBeGreaterThan(0);
  });
});

it('finds by text, author and task, in the order asked for', async () => {
  expect((await client.search({ query: 'English' })).models.map((m) => m.repoId)).toEqual([
    'other/english-model',
  ]);
  expect((await client.search({ author: 'other' })).models).toHaveLength(1);
  expect((await client.search({ task: 'text-generation' })).models[0]?.task).toBe('text-generation');
  expect(
    (await client.search({ author: 'org', sort: 'likes', limit: 2 })).models.map((m) => m.likes),
  ).toEqual([25, 24]);
});

it.each([1, 4, 7, 100])(
  'merges both spellings of a language into pages of %i, without doubles',
  async (limit) => {
    const found: string[] = [];
    let cursor: string | undefined;
    for (let pages = 0; pages < 60; pages += 1) {
      const page = await client.search({
        language: 'fa',
        limit,
        ...(cursor === undefined ? {} : { cursor }),
      });
      expect(page.models.length).toBeLessThanOrEqual(limit);
      found.push(...page.models.map((model) => model.repoId));
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    expect(cursor).toBeUndefined();
    expect(found).toEqual(Array.from('abcdefghijklmnopqrstuvwxyz').map((name) => `org/${name}-model`));
  },
);

it('pages a plain search and ends', async () => {
  const first = await client.search({ author: 'org', limit: 20 });
  expect(first.models).toHaveLength(20);
  const second = await client.search({ author: 'org', limit: 20, cursor: first.nextCursor! });
  expect(second.models).toHaveLength(6);
  expect(second.nextCursor).toBeUndefined();
});

it('refuses a cursor of another search, and does not page for ever', async () => {
  await expect(client.search({ cursor: 'nonsense' })).rejects.toMatchObject({ kind: 'hub.notFound' });
  hub.fault({ path: '/api/models', endless: true });
  const page = await client.search({ limit: 2 });
  expect(page.nextCursor).toBeUndefined();
});

it('asks as the official client does, and once', async () => {
  await client.search({ query: 'voice', author: 'org', limit: 5 });
  expect(hub.requests).toHaveLength(1);
  const query = new URL(hub.requests[0]!.path, hub.url).searchParams;
  expect(query.get('search')).toBe('voice');
  expect(query.get('author')).toBe('org');
  expect(query.get('sort')).toBe('downloads');
  expect(query.get('limit')).toBe('5');
});
