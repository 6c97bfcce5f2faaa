import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, readFile, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type Hub, type HubOptions as FixtureOptions } from '../../tests/fixtures/hub/server.mjs';
import { eventually } from '../../tests/fixtures/eventually';
import { HubClient } from './client';
import { RateLimiter } from './rateLimiter';
import { transfer } from './transfer';
import type { TransferOptions, Transferred } from './transferOptions';

const big = randomBytes(3_000_000);
const small = Buffer.from('{"model_type":"vits"}');
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

let hub: Hub;
let client: HubClient;
let folder: string;
let commit: string;
let token: string | undefined;
const seen: number[] = [];

async function start(options: FixtureOptions = {}): Promise<void> {
  hub = await startHub({ tokens: { hf_good: { name: 'sara' } }, ...options });
  token = undefined;
  client = new HubClient({ options: () => ({ endpoint: hub.url, token, offline: false }) });
  commit = await hub.add('org/m', { 'model.safetensors': big, 'config.json': small, 'empty.txt': '' });
}
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-transfer-'));
  seen.length = 0;
  await start();
});
afterEach(async () => {
  await client.close();
  await hub.close();
  await rm(folder, { recursive: true });
});
async function restart(options: FixtureOptions): Promise<void> {
  await client.close();
  await hub.close();
  await start(options);
}

const at = (name: string): string => path.join(folder, name);
async function fetchFile(
  name = 'model.safetensors',
  more: Partial<TransferOptions> = {},
): Promise<Transferred> {
  const files = await client.files('org/m', commit);
  const { path: filePath, size, etag } = files.find((file) => file.path === name)!;
  return transfer({
    api: client.api,
    file: { repoId: 'org/m', commit, path: filePath, size, etag },
    partial: at('x.incomplete'),
    destination: at('done'),
    signal: new AbortController().signal,
    onBytes: (bytes) => seen.push(bytes),
    backoff: { base: 1, cap: 5 },
    stallTimeout: 5_000,
    ...more,
  });
}
const bodyRequests = (): Hub['requests'] => hub.requests.filter((request) => request.host === 'cdn');
const cdnBytes = (): number => bodyRequests().reduce((sum, request) => sum + request.bytes, 0);
async function expectWhole(): Promise<void> {
  expect(sha256(await readFile(at('done')))).toBe(sha256(big));
  await expect(stat(at('x.incomplete'))).rejects.toMatchObject({ code: 'ENOENT' });
}
async function expectNothing(): Promise<void> {
  await expect(stat(at('done'))).rejects.toMatchObject({ code: 'ENOENT' });
}

describe('a clean line', () => {
  it('brings a large file from the other host, proved, in one request', async () => {
    expect(await fetchFile()).toMatchObject({ etag: sha256(big) });
    await expectWhole();
    expect(bodyRequests()).toHaveLength(1);
    expect(seen.at(-1)).toBe(big.length);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
  });

  it('brings small and empty files', async () => {
    await fetchFile('config.json');
    expect(await readFile(at('done'))).toEqual(small);
    await fetchFile('empty.txt');
    expect((await stat(at('done'))).size).toBe(0);
  });

  it('follows a relative redirect for small files', async () => {
    await restart({ resolveCache: true });
    await fetchFile('config.json');
    expect(await readFile(at('done'))).toEqual(small);
  });

  it('asks for no compression, and unpacks what comes compressed all the same', async () => {
    hub.fault({ path: '/resolve/', gzip: true });
    await fetchFile('config.json');
    expect(await readFile(at('done'))).toEqual(small);
    expect(hub.requests.every((request) => request.headers['accept-encoding'] === 'identity')).toBe(true);
  });

  it('replaces an older file of that name', async () => {
    await writeFile(at('done'), 'old');
    await fetchFile();
    await expectWhole();
  });
});

describe('the token', () => {
  it('goes to the hub and never to the host that it redirects to', async () => {
    token = 'hf_good';
    await fetchFile();
    expect(
      hub.requests.filter((r) => r.host === 'hub').every((r) => r.headers.authorization !== undefined),
    ).toBe(true);
    expect(bodyRequests().some((request) => request.headers.authorization !== undefined)).toBe(false);
  });

  it('stays away from a host that calls itself CloudFront, also when its connection is cut', async () => {
    token = 'hf_good';
    const headers = { 'x-cache': 'Miss from cloudfront' };
    hub.fault({ host: 'cdn', headers, dropAfter: 200_000, times: 1 });
    hub.fault({ host: 'cdn', headers });
    await fetchFile();
    await expectWhole();
    expect(bodyRequests().map((request) => request.headers.authorization)).toEqual([undefined, undefined]);
  });
});

describe('resuming', () => {
  it('goes on from the bytes on disk', async () => {
    await writeFile(at('x.incomplete'), big.subarray(0, 2_000_000));
    await fetchFile();
    await expectWhole();
    expect(seen[0]).toBe(2_000_000);
    expect(bodyRequests()[0]?.headers.range).toBe('bytes=2000000-');
    expect(cdnBytes()).toBe(1_000_000);
  });

  it('needs no request when everything is there', async () => {
    await writeFile(at('x.incomplete'), big);
    await fetchFile();
    await expectWhole();
    expect(bodyRequests()).toHaveLength(0);
  });

  it('begins anew when the bytes on disk turn out wrong', async () => {
    await writeFile(at('x.incomplete'), Buffer.alloc(1_000_000, 7));
    await fetchFile();
    await expectWhole();
    expect(seen).toContain(0);
  });

  it('drops bytes beyond the end', async () => {
    await writeFile(at('x.incomplete'), Buffer.concat([big, big]));
    await fetchFile();
    await expectWhole();
  });

  it('begins anew when the server ignores the range', async () => {
    await writeFile(at('x.incomplete'), big.subarray(0, 1_000_000));
    hub.fault({ host: 'cdn', ignoreRange: true });
    await fetchFile();
    await expectWhole();
    expect(cdnBytes()).toBe(big.length);
  });

  it('begins anew when the server cannot satisfy the range', async () => {
    await writeFile(at('x.incomplete'), big.subarray(0, 1_000_000));
    hub.fault({ host: 'cdn', status: 416, times: 1 });
    await expect(fetchFile('model.safetensors', { maxAttempts: 1 })).rejects.toMatchObject({
      kind: 'hub.invalidResponse',
    });
    await fetchFile();
    await expectWhole();
  });
});

describe('faults on the way', () => {
  it('survives cuts, going on where each one struck', async () => {
    hub.fault({ host: 'cdn', dropAfter: 700_000, times: 4 });
    await fetchFile();
    await expectWhole();
    expect(bodyRequests()).toHaveLength(5);
    expect(cdnBytes()).toBeLessThan(big.length * 1.05);
  });

  it('survives 5xx, refused connections and a length that is too short', async () => {
    hub.fault({ path: '/resolve/', status: 503, times: 2 });
    hub.fault({ host: 'cdn', refuse: true, times: 1 });
    hub.fault({ host: 'cdn', truncate: 1000, times: 1 });
    await fetchFile();
    await expectWhole();
  });

  it('gives up a stalled connection and goes on', async () => {
    hub.fault({ host: 'cdn', stallAfter: 500_000, times: 1 });
    const reasons: string[] = [];
    await fetchFile('model.safetensors', {
      stallTimeout: 300,
      onRetry: (error) => reasons.push(error.message),
    });
    await expectWhole();
    expect(reasons[0]).toContain('sent nothing');
    expect(bodyRequests()[1]?.headers.range).toBe('bytes=500000-');
  });

  it('waits as long as it is told to', async () => {
    hub.fault({ path: '/resolve/', status: 429, headers: { 'retry-after': '1' }, times: 1 });
    const waits: number[] = [];
    await fetchFile('model.safetensors', { onRetry: (_error, wait) => waits.push(wait) });
    await expectWhole();
    expect(waits[0]).toBeGreaterThanOrEqual(1000);
  });

  it('asks anew when the signed address has expired, once', async () => {
    hub.fault({
      host: 'cdn',
      status: 403,
      body: '<Error><Message>Request has expired</Message></Error>',
      times: 1,
    });
    await fetchFile();
    await expectWhole();
    expect(hub.requests.filter((request) => request.path.includes('/resolve/'))).toHaveLength(2);
    hub.fault({ host: 'cdn', status: 403, body: '<Error><Message>Request has expired</Message></Error>' });
    await expect(fetchFile()).rejects.toMatchObject({
      kind: 'hub.unreachable',
      message: expect.stringContaining('Request has expired') as string,
    });
  });

  it('gives up after a number of attempts that bring nothing, and keeps what is there', async () => {
    hub.fault({ host: 'cdn', dropAfter: 1_500_000, times: 1 });
    hub.fault({ host: 'cdn', refuse: true });
    await expect(fetchFile('model.safetensors', { maxAttempts: 3 })).rejects.toMatchObject({
      kind: 'hub.unreachable',
      retryable: true,
    });
    expect((await stat(at('x.incomplete'))).size).toBe(1_500_000);
    await expectNothing();
    hub.clearFaults();
    await fetchFile();
    await expectWhole();
  });
});

describe('wrong content', () => {
  it('fetches again what came wrong once', async () => {
    hub.fault({ host: 'cdn', corruptAt: 1_234_567, times: 1 });
    await fetchFile();
    await expectWhole();
  });

  it('refuses what is wrong every time, and keeps nothing of it', async () => {
    hub.fault({ host: 'cdn', corruptAt: 5 });
    await expect(fetchFile()).rejects.toMatchObject({ kind: 'download.checksum' });
    await expectNothing();
    await expect(stat(at('x.incomplete'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses a small file that is wrong', async () => {
    hub.fault({ path: '/resolve/', corruptAt: 3 });
    await expect(fetchFile('config.json')).rejects.toMatchObject({ kind: 'download.checksum' });
    await expectNothing();
  });

  it('notices another file before fetching it', async () => {
    hub.fault({ path: '/resolve/', wrongEtag: true });
    await expect(fetchFile()).rejects.toMatchObject({ kind: 'hub.invalidResponse' });
    expect(bodyRequests()).toHaveLength(0);
  });
});

describe('refusals', () => {
  it('are passed on at once', async () => {
    hub.fault({ path: '/resolve/', status: 403, headers: { 'x-error-code': 'GatedRepo' } });
    await expect(fetchFile()).rejects.toMatchObject({ kind: 'hub.gated' });
    hub.clearFaults();
    hub.fault({ path: '/resolve/', status: 404, headers: { 'x-error-code': 'EntryNotFound' } });
    await expect(fetchFile()).rejects.toMatchObject({ kind: 'hub.notFound' });
  });
});

describe('the disk', () => {
  const failing =
    (code: string, after: number) =>
    async (file: string): Promise<FileHandle> => {
      const handle = await open(file, 'w+');
      let left = after;
      handle.writev = (buffers) => {
        left -= buffers.reduce((sum, buffer) => sum + buffer.byteLength, 0);
        if (left < 0) {
          return Promise.reject(Object.assign(new Error(`${code}: write`), { code, syscall: 'write' }));
        }
        return Promise.resolve({ bytesWritten: 0, buffers });
      };
      return handle;
    };

  it.each([
    ['ENOSPC', 'download.diskFull'],
    ['EDQUOT', 'download.diskFull'],
    ['EROFS', 'download.writeFailed'],
    ['EIO', 'download.writeFailed'],
  ])('%s becomes %s, and no more is fetched', async (code, kind) => {
    await expect(fetchFile('model.safetensors', { openFile: failing(code, 0) })).rejects.toMatchObject({
      kind,
      message: expect.stringContaining(folder) as string,
    });
    await expectNothing();
    expect(bodyRequests()).toHaveLength(1);
  });

  it('says so when the partial file cannot be opened or the name is taken by a folder', async () => {
    await expect(
      fetchFile('config.json', { partial: path.join(folder, 'no', 'such', 'folder') }),
    ).rejects.toMatchObject({
      kind: 'download.writeFailed',
    });
    await expect(fetchFile('config.json', { destination: folder })).rejects.toMatchObject({
      kind: 'download.writeFailed',
    });
  });
});

describe('cancelling', () => {
  it('is quick, keeps the bytes and leaves no connection', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const controller = new AbortController();
    const running = fetchFile('model.safetensors', { signal: controller.signal });
    running.catch(() => undefined);
    await eventually(() => expect(seen.at(-1) ?? 0).toBeGreaterThan(200_000));
    const before = performance.now();
    controller.abort();
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
    expect(performance.now() - before).toBeLessThan(200);
    expect((await stat(at('x.incomplete'))).size).toBe(seen.at(-1));
    await client.close();
    await eventually(async () => expect(await hub.connections()).toBe(0));
  });

  it('interrupts a wait between attempts', async () => {
    hub.fault({ path: '/resolve/', status: 503 });
    const controller = new AbortController();
    const running = fetchFile('model.safetensors', {
      signal: controller.signal,
      backoff: { base: 60_000, cap: 60_000 },
      onRetry: () => controller.abort(),
    });
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  });
});

describe('the limit', () => {
  it('holds, and can be lifted while it runs', async () => {
    const limiter = new RateLimiter(2_000_000);
    const begin = performance.now();
    const running = fetchFile('model.safetensors', { limiter, stallTimeout: 60_000 });
    await eventually(() => expect(seen.at(-1) ?? 0).toBeGreaterThan(1_000_000));
    const rate = (seen.at(-1) ?? 0) / ((performance.now() - begin) / 1000);
    expect(rate).toBeLessThan(3_500_000);
    limiter.setRate(0);
    await running;
    await expectWhole();
  });
});
