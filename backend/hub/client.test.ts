import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type Hub, type HubOptions as FixtureOptions } from '../../tests/fixtures/hub/server.mjs';
import { HubClient } from './client';
import type { HubOptions } from './options';

const tokens = { hf_good: { name: 'sara', role: 'read' }, hf_other: { name: 'omid' } };
let hub: Hub;
let client: HubClient;
let token: string | undefined;
let offline: boolean;
let endpoint: string | undefined;

async function start(options: FixtureOptions = {}): Promise<void> {
  hub = await startHub({ tokens, ...options });
  token = undefined;
  offline = false;
  endpoint = undefined;
  client = new HubClient({
    options: (): HubOptions => ({ endpoint: endpoint ?? hub.url, token, offline }),
    backoff: { base: 1, cap: 2 },
  });
}
beforeEach(() => start());
afterEach(async () => {
  await client.close();
  await hub.close();
});
async function restart(options: FixtureOptions): Promise<void> {
  await client.close();
  await hub.close();
  await start(options);
}

const kind = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'resolved',
    (error: unknown) => (error as { kind: string }).kind,
  );

describe('model', () => {
  const files = {
    'config.json': '{"model_type":"vits"}',
    'model.safetensors': Buffer.alloc(5000, 1),
    'sub/نمونه.txt': 'سلام',
  };
  const info = {
    tags: ['fa', 'language:en', 'license:mit'],
    downloads: 7,
    likes: 2,
    pipeline_tag: 'text-to-speech',
    library_name: 'transformers',
  };

  it('tells what it is, its files with sizes and hashes, and whether it runs here', async () => {
    const commit = await hub.add('org/voice', files, info);
    const model = await client.model('org/voice');
    expect(model).toMatchObject({
      repoId: 'org/voice',
      commit,
      task: 'text-to-speech',
      library: 'transformers',
      licence: 'mit',
      languages: ['fa', 'en'],
      gated: false,
      private: false,
      downloads: 7,
      likes: 2,
      lastModified: '2026-01-02T03:04:05.000Z',
      totalBytes: 21 + 5000 + 8,
      runsHere: { verdict: 'no' },
    });
    expect(model.runsHere.reason).toContain('safetensors (vits)');
    const weights = model.files.find((file) => file.path === 'model.safetensors');
    expect(weights?.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(model.files.find((file) => file.path === 'config.json')?.sha256).toBeUndefined();
  });

  it.each([
    ['no tree', ['tree']],
    ['no tree and no sizes in the siblings', ['tree', 'blobs']],
    ['no tree and no revisions', ['tree', 'revision']],
    ['nothing but names', ['tree', 'revision', 'blobs']],
  ] as const)('gets sizes and hashes from a hub with %s', async (_name, without) => {
    await hub.add('org/voice', files, info);
    const whole = await client.files('org/voice', (await client.pin('org/voice')).commit);
    await restart({ without });
    await hub.add('org/voice', files, info);
    const pinned = await client.pin('org/voice');
    const found = await client.files('org/voice', pinned.commit);
    expect(found).toEqual(whole);
  });

  it('follows the pages of a long listing, and not for ever', async () => {
    await restart({ treePage: 2 });
    const commit = await hub.add(
      'org/many',
      Object.fromEntries('abcdefg'.split('').map((n) => [`${n}.txt`, n])),
    );
    expect(await client.files('org/many', commit)).toHaveLength(7);
    hub.fault({ path: '/tree/', endless: true });
    expect(await kind(client.files('org/many', commit))).toBe('hub.invalidResponse');
  });

  it('pins a branch and a commit, and tells a revision that is not there', async () => {
    const first = await hub.add('org/voice', files, info);
    const second = await hub.commit('org/voice', { 'config.json': '{}' });
    expect((await client.pin('org/voice')).commit).toBe(second);
    expect((await client.pin('org/voice', first)).commit).toBe(first);
    expect(await kind(client.pin('org/voice', 'no-such-branch'))).toBe('hub.notFound');
  });

  it('says yes to a tf.js model', async () => {
    const model = {
      format: 'layers-model',
      modelTopology: {},
      weightsManifest: [{ paths: ['weights.bin'], weights: [] }],
    };
    await hub.add('org/tfjs', { 'model.json': JSON.stringify(model), 'weights.bin': Buffer.alloc(8) });
    expect((await client.model('org/tfjs')).runsHere).toMatchObject({ verdict: 'yes', engine: 'tf.js' });
    await hub.add('org/broken', { 'model.json': 'not json', 'weights.bin': Buffer.alloc(8) });
    expect((await client.model('org/broken')).runsHere.verdict).toBe('unknown');
    await hub.add('org/lacking', {
      'model.json': JSON.stringify({ ...model, weightsManifest: [{ paths: ['weights.bin', 'more.bin'] }] }),
      'weights.bin': Buffer.alloc(8),
    });
    expect((await client.model('org/lacking')).runsHere).toMatchObject({ verdict: 'no' });
  });
});

describe('refusals', () => {
  it('tells not found from private', async () => {
    await hub.add('org/secret', { 'a.txt': 'a' }, { private: true, readers: ['hf_good'] });
    expect(await kind(client.pin('org/nothing'))).toBe('hub.notFound');
    expect(await kind(client.pin('org/secret'))).toBe('hub.notFound');
    token = 'hf_other';
    expect(await kind(client.pin('org/secret'))).toBe('hub.notFound');
    token = 'hf_good';
    expect((await client.pin('org/secret')).model.private).toBe(true);
  });

  it('says that a bad token is the trouble, on a public model too', async () => {
    await hub.add('org/open', { 'a.txt': 'a' });
    token = 'hf_expired';
    expect(await kind(client.pin('org/open'))).toBe('hub.unauthorized');
    expect(await kind(client.search({}))).toBe('hub.unauthorized');
  });

  it('shows a gated model and refuses its files to those who have not accepted', async () => {
    const commit = await hub.add('org/gated', { 'a.bin': 'a' }, { gated: 'manual', readers: ['hf_good'] });
    expect((await client.model('org/gated')).gated).toBe(true);
    expect(await kind(client.checkAccess('org/gated', commit, 'a.bin'))).toBe('hub.gated');
    token = 'hf_other';
    expect(await kind(client.checkAccess('org/gated', commit, 'a.bin'))).toBe('hub.gated');
    token = 'hf_good';
    expect(await kind(client.checkAccess('org/gated', commit, 'a.bin'))).toBe('resolved');
  });

  it('tries again what may pass, a few times', async () => {
    await hub.add('org/open', { 'a.txt': 'a' });
    hub.fault({ path: '/api/', status: 503, times: 2 });
    expect(await kind(client.pin('org/open'))).toBe('resolved');
    hub.fault({ path: '/api/', refuse: true, times: 1 });
    expect(await kind(client.pin('org/open'))).toBe('resolved');
    hub.fault({ path: '/api/', status: 503 });
    await expect(client.pin('org/open')).rejects.toMatchObject({ kind: 'hub.unreachable', retryable: true });
  });

  it('passes the limit on when the wait is long, and waits when it is short', async () => {
    await hub.add('org/open', { 'a.txt': 'a' });
    const away = hub.fault({ path: '/api/', status: 429, headers: { 'retry-after': '120' } });
    await expect(client.pin('org/open')).rejects.toMatchObject({
      kind: 'hub.rateLimited',
      retryable: true,
      details: { retryAfterSeconds: 120 },
    });
    away();
    hub.fault({ path: '/api/', status: 429, headers: { 'retry-after': '0' }, times: 1 });
    expect(await kind(client.pin('org/open'))).toBe('resolved');
  });

  it('takes a wordless 403 for a blocked network, and names the ways round', async () => {
    hub.fault({ status: 403, body: '<html>Forbidden</html>' });
    await expect(client.pin('org/open')).rejects.toMatchObject({
      kind: 'hub.unreachable',
      message: expect.stringContaining('mirror') as string,
    });
  });

  it('names the host that cannot be reached', async () => {
    endpoint = 'http://127.0.0.1:9';
    await expect(client.search({})).rejects.toMatchObject({
      kind: 'hub.unreachable',
      message: expect.stringMatching(/127\.0\.0\.1:9.*HF_ENDPOINT.*proxy/) as string,
    });
    endpoint = undefined;
    offline = true;
    await expect(client.pin('org/open')).rejects.toMatchObject({
      kind: 'hub.unreachable',
      message: expect.stringContaining('HF_HUB_OFFLINE') as string,
    });
    expect(hub.requests).toHaveLength(0);
  });

  it('does not take a login page for an answer', async () => {
    hub.fault({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
    expect(await kind(client.pin('org/open'))).toBe('hub.invalidResponse');
    expect(await kind(client.search({}))).toBe('hub.invalidResponse');
    hub.clearFaults();
    hub.fault({ status: 200, body: '{"some":"object"}' });
    expect(await kind(client.pin('org/open'))).toBe('hub.invalidResponse');
    expect(await kind(client.search({}))).toBe('hub.invalidResponse');
    expect(await kind(client.files('org/open', 'main'))).toBe('hub.invalidResponse');
  });

  it('is cancelled at once', async () => {
    hub.fault({ delay: 5000 });
    const controller = new AbortController();
    const asked = client.search({}, controller.signal);
    setTimeout(() => controller.abort(), 20);
    expect(await kind(asked)).toBe('cancelled');
  });
});

describe('token', () => {
  it('is validated by the hub', async () => {
    expect(await client.validateToken('hf_good')).toEqual({
      valid: true,
      name: 'sara',
      type: 'user',
      role: 'read',
    });
    expect(await client.validateToken('hf_bad')).toMatchObject({ valid: false });
    expect(await client.validateToken('two words\n')).toMatchObject({ valid: false });
    endpoint = 'http://127.0.0.1:9';
    expect(await kind(client.validateToken('hf_good'))).toBe('hub.unreachable');
  });

  it('does not follow a redirect to another host', async () => {
    token = 'hf_good';
    hub.fault({ host: 'hub', status: 307, headers: { location: `${hub.cdnUrl}/elsewhere` } });
    await kind(client.pin('org/open'));
    const [first, ...others] = hub.requests;
    expect(first?.headers.authorization).toBe('Bearer hf_good');
    expect(others.filter((request) => request.host === 'cdn').length).toBeGreaterThan(0);
    expect(others.filter((request) => request.host === 'cdn' && request.headers.authorization)).toEqual([]);
  });
});

it('checks the hub for the health report', async () => {
  expect(await client.check()).toContain(hub.url);
  hub.fault({ delay: 5000 });
  await expect(client.check(AbortSignal.timeout(50))).rejects.toMatchObject({
    kind: 'hub.unreachable',
    message: expect.stringContaining('did not answer in time') as string,
  });
});
