/** A large file over several connections, fault by fault. */
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHub, type Hub, type HubOptions as FixtureOptions } from '../../tests/fixtures/hub/server.mjs';
import { eventually } from '../../tests/fixtures/eventually';
import { HubClient } from './client';
import { RateLimiter } from './rateLimiter';
import { transfer } from './transfer';
import type { TransferOptions, Transferred } from './transferOptions';

const mb = 1_000_000;
const big = randomBytes(12 * mb);
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

let hub: Hub;
let client: HubClient;
let folder: string;
let commit: string;
let ranges: number;
const seen: number[] = [];

async function start(options: FixtureOptions = {}): Promise<void> {
  hub = await startHub(options);
  client = new HubClient({ options: () => ({ endpoint: hub.url, token: undefined, offline: false }) });
  commit = await hub.add('org/m', { 'model.safetensors': big });
}
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-ranges-'));
  seen.length = 0;
  ranges = 4;
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
const partial = (): string => at('x.ranges.incomplete');
const journal = (): string => at('x.ranges.journal');

function fetchFile(more: Partial<TransferOptions> = {}): Promise<Transferred> {
  return transfer({
    api: client.api,
    file: { repoId: 'org/m', commit, path: 'model.safetensors', size: big.length, etag: sha256(big) },
    partial: at('x.incomplete'),
    destination: at('done'),
    signal: new AbortController().signal,
    onBytes: (bytes) => seen.push(bytes),
    backoff: { base: 1, cap: 5 },
    stallTimeout: 5_000,
    rangesFrom: mb,
    rangeSize: mb,
    parallelRanges: () => ranges,
    ...more,
  });
}
/** Runs until some bytes came, then ends as a kill would: nothing is flushed that a kill would not leave. */
async function fetchSome(bytes: number, more: Partial<TransferOptions> = {}): Promise<void> {
  const slow = hub.fault({ host: 'cdn', bytesPerSecond: 3 * mb });
  const controller = new AbortController();
  const running = fetchFile({ ...more, signal: controller.signal });
  running.catch(() => undefined);
  await eventually(() => expect(seen.at(-1) ?? 0).toBeGreaterThan(bytes));
  controller.abort();
  await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  slow();
  await forgetRequests();
}
/** Those that were given up and still come in are not those of the next attempt. */
async function forgetRequests(): Promise<void> {
  await hub.quiet();
  hub.requests.length = 0;
}
const bodies = (): Hub['requests'] => hub.requests.filter((request) => request.host === 'cdn');
const sent = (): number => bodies().reduce((sum, request) => sum + request.bytes, 0);
const resolves = (): number => hub.requests.filter((request) => request.path.includes('/resolve/')).length;
async function expectWhole(): Promise<void> {
  expect(sha256(await readFile(at('done')))).toBe(sha256(big));
  for (const name of [partial(), journal(), at('x.incomplete')]) {
    await expect(stat(name)).rejects.toMatchObject({ code: 'ENOENT' });
  }
}

describe('a clean line', () => {
  it('brings the file over several connections, each byte once, with one question to the hub', async () => {
    let most = 0;
    const slow = hub.fault({ host: 'cdn', bytesPerSecond: 20 * mb });
    const watch = setInterval(() => void hub.connections().then((n) => (most = Math.max(most, n))), 5);
    expect(await fetchFile()).toMatchObject({ etag: sha256(big) });
    clearInterval(watch);
    slow();
    await expectWhole();
    expect(most).toBeGreaterThanOrEqual(4);
    expect(bodies()).toHaveLength(12);
    expect(sent()).toBe(big.length);
    expect(resolves()).toBe(1);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    expect(seen.at(-1)).toBe(big.length);
  });

  it('leaves small files to one connection', async () => {
    await fetchFile({ rangesFrom: 20 * mb });
    await expectWhole();
    expect(bodies()).toHaveLength(1);
  });

  it('makes fewer requests when it has one connection', async () => {
    ranges = 1;
    await fetchFile();
    await expectWhole();
    expect(bodies().map((request) => request.headers.range)).toEqual([
      'bytes=0-7999999',
      'bytes=8000000-11999999',
    ]);
  });

  it('changes the number of connections while it runs', async () => {
    const slow = hub.fault({ host: 'cdn', bytesPerSecond: mb });
    const running = fetchFile({ rangeSize: 3 * mb });
    await eventually(async () => expect(await hub.connections()).toBeGreaterThanOrEqual(4));
    await eventually(() => expect(seen.at(-1) ?? 0).toBeGreaterThan(mb));
    ranges = 1;
    await eventually(() => expect(bodies().filter((request) => request.status === 0)).toHaveLength(1));
    slow();
    ranges = 3;
    await eventually(() => expect(bodies().length).toBeGreaterThan(5));
    await running;
    await expectWhole();
    expect(sent()).toBeLessThan(big.length * 1.6);
  });
});

describe('going on', () => {
  it('fetches only what the journal does not tell of', async () => {
    await fetchSome(5 * mb);
    const held = seen.at(-1)!;
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThanOrEqual(big.length - held);
  });

  it('from another mirror with the same file', async () => {
    await fetchSome(5 * mb);
    const held = seen.at(-1)!;
    await restart({});
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThanOrEqual(big.length - held);
  });

  it('with a torn last line', async () => {
    await fetchSome(5 * mb);
    const text = await readFile(journal(), 'utf8');
    await truncate(journal(), text.length - 7);
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThan(big.length - 3 * mb);
  });

  it('with rubbish in the journal', async () => {
    await fetchSome(5 * mb);
    await appendFile(journal(), '\u0000\u0000{"range":[0,99999999999],"crc":1}\n{"range":[5,2],"crc":1}\n');
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThan(big.length - 3 * mb);
  });

  it('without a journal from nothing: holes are not taken for bytes', async () => {
    await fetchSome(5 * mb);
    await rm(journal());
    await fetchFile();
    await expectWhole();
    expect(sent()).toBe(big.length);
  });

  it('past stretches that did not reach the disk', async () => {
    await fetchSome(5 * mb);
    const handle = await open(partial(), 'r+');
    await handle.write(Buffer.alloc(1000), 0, 1000, 100);
    await handle.close();
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThan(big.length - 3 * mb);
  });

  it('without the file that the journal tells of', async () => {
    await fetchSome(5 * mb);
    await rm(partial());
    await fetchFile();
    await expectWhole();
    expect(sent()).toBe(big.length);
  });

  it('from an unbroken beginning that another client left', async () => {
    await writeFile(at('x.incomplete'), big.subarray(0, 7 * mb));
    await fetchFile();
    await expectWhole();
    expect(seen[0]).toBe(7 * mb);
    expect(sent()).toBe(5 * mb);
  });

  it('not from a beginning that is longer than the file', async () => {
    await writeFile(at('x.incomplete'), Buffer.concat([big, big]));
    await fetchFile();
    expect(sha256(await readFile(at('done')))).toBe(sha256(big));
    expect(sent()).toBe(big.length);
  });

  it('needs no request when everything is there', async () => {
    await writeFile(at('x.incomplete'), big);
    await fetchFile();
    await expectWhole();
    expect(bodies()).toHaveLength(0);
  });
});

describe('faults on the way', () => {
  it('survives cuts and stalls, losing nothing that came', async () => {
    hub.fault({ host: 'cdn', dropAfter: 300_000, times: 6 });
    hub.fault({ host: 'cdn', stallAfter: 200_000, times: 3 });
    await fetchFile({ stallTimeout: 1000 });
    await expectWhole();
    expect(sent()).toBeLessThan(big.length * 1.02);
  });

  it('survives 503 and refused connections', async () => {
    hub.fault({ host: 'cdn', status: 503, times: 5 });
    hub.fault({ host: 'cdn', refuse: true, times: 4 });
    hub.fault({ path: '/resolve/', status: 502, times: 1 });
    await fetchFile();
    await expectWhole();
  });

  it('waits as long as a 429 says, with fewer connections', async () => {
    hub.fault({ host: 'cdn', status: 429, headers: { 'retry-after': '1' }, times: 1 });
    const begin = performance.now();
    await fetchFile();
    await expectWhole();
    expect(performance.now() - begin).toBeGreaterThan(950);
  });

  it('takes a server that ignores ranges, over one connection', async () => {
    hub.fault({ host: 'cdn', ignoreRange: true });
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThan(big.length * 2.5);
  });

  it('passes over what it has when a server ignores the range of the rest', async () => {
    await writeFile(at('x.incomplete'), big.subarray(0, 7 * mb));
    hub.fault({ host: 'cdn', ignoreRange: true });
    await fetchFile();
    await expectWhole();
  });

  it('asks anew for an address that expired in the middle', async () => {
    await restart({ signedFor: 400 });
    hub.fault({ host: 'cdn', bytesPerSecond: 4 * mb });
    await fetchFile();
    await expectWhole();
    expect(resolves()).toBeGreaterThan(1);
    expect(bodies().some((request) => request.status === 403)).toBe(true);
  });

  it('gives up when a fresh address is refused too, with what the host says', async () => {
    hub.fault({ host: 'cdn', status: 403, body: '<Error><Message>Request has expired</Message></Error>' });
    await expect(fetchFile()).rejects.toMatchObject({
      kind: 'hub.unreachable',
      message: expect.stringContaining('Request has expired') as string,
    });
    expect(resolves()).toBeLessThanOrEqual(3);
  });

  it('gives up after a number of attempts that bring nothing, and keeps what is there', async () => {
    await fetchSome(4 * mb);
    const held = seen.at(-1)!;
    hub.fault({ host: 'cdn', refuse: true });
    await expect(fetchFile({ maxAttempts: 3 })).rejects.toMatchObject({
      kind: 'hub.unreachable',
      retryable: true,
    });
    await forgetRequests();
    hub.clearFaults();
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThanOrEqual(big.length - held);
  });

  it('begins the file anew when another version lies at the same host', async () => {
    await fetchSome(5 * mb);
    const text = await readFile(journal(), 'utf8');
    await writeFile(journal(), text.replace(/"etag":"\\"[^"]*"/, '"etag":"\\"another-version\\"'));
    await fetchFile();
    await expectWhole();
    expect(seen).toContain(0);
    expect(sent()).toBeGreaterThanOrEqual(big.length);
  });

  it('refuses another file than the hub lists, before its bytes', async () => {
    hub.fault({ path: '/resolve/', wrongEtag: true });
    await expect(fetchFile()).rejects.toMatchObject({ kind: 'hub.invalidResponse' });
    expect(bodies()).toHaveLength(0);
  });
});

describe('wrong content', () => {
  it('is found and replaced, without fetching the rest of the file again', async () => {
    hub.fault({ host: 'cdn', corruptAt: 1_234_567, times: 2 });
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThan(big.length * 1.5);
  });

  it('in what another client left costs only that part', async () => {
    const wrong = Buffer.from(big.subarray(0, 3 * mb));
    wrong[5] = wrong[5]! ^ 1;
    await writeFile(at('x.incomplete'), wrong);
    await fetchFile();
    await expectWhole();
    expect(sent()).toBe(big.length);
  });

  it('every time is refused, and nothing is kept', async () => {
    hub.fault({ host: 'cdn', corruptAt: 5 });
    await expect(fetchFile()).rejects.toMatchObject({ kind: 'download.checksum' });
    for (const name of ['done', 'x.incomplete', 'x.ranges.incomplete', 'x.ranges.journal']) {
      await expect(stat(at(name))).rejects.toMatchObject({ code: 'ENOENT' });
    }
  });
});

describe('the disk', () => {
  it.each([
    ['ENOSPC', 'download.diskFull'],
    ['EROFS', 'download.writeFailed'],
  ])('%s becomes %s, what was written is kept', async (code, kind) => {
    let left = 4;
    const failing = async (file: string): Promise<FileHandle> => {
      const handle = await open(file, 'w+');
      const writev = handle.writev.bind(handle);
      handle.writev = (buffers, position) => {
        left -= 1;
        return left < 0
          ? Promise.reject(Object.assign(new Error(`${code}: write`), { code, syscall: 'write' }))
          : writev(buffers, position);
      };
      return handle;
    };
    await expect(fetchFile({ openFile: failing })).rejects.toMatchObject({ kind });
    await forgetRequests();
    await fetchFile();
    await expectWhole();
    expect(sent()).toBeLessThan(big.length);
  });
});

describe('cancelling', () => {
  it('is quick and leaves no connection', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: mb });
    const controller = new AbortController();
    const running = fetchFile({ signal: controller.signal });
    running.catch(() => undefined);
    await eventually(() => expect(seen.at(-1) ?? 0).toBeGreaterThan(400_000));
    const before = performance.now();
    controller.abort();
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
    expect(performance.now() - before).toBeLessThan(200);
    await client.close();
    await eventually(async () => expect(await hub.connections()).toBe(0));
  });
});

describe('the limit', () => {
  it('holds over all connections, and can be lifted while it runs', async () => {
    const limiter = new RateLimiter(4 * mb);
    const begin = performance.now();
    const running = fetchFile({ limiter, stallTimeout: 60_000 });
    await eventually(() => expect(seen.at(-1) ?? 0).toBeGreaterThan(3 * mb));
    expect((seen.at(-1) ?? 0) / ((performance.now() - begin) / 1000)).toBeLessThan(6 * mb);
    limiter.setRate(0);
    await running;
    await expectWhole();
  });
});
