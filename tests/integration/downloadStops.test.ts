/** What is asked of a download while it runs, in each of its phases, and a network that goes away and comes back. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  downloadsCancel,
  downloadsFiles,
  downloadsGet,
  downloadsPause,
  downloadsResume,
  downloadsStart,
} from '../../protocol/api/downloads';
import { modelsList, modelsRepair, modelsVerify } from '../../protocol/api/models';
import { settingsUpdate } from '../../protocol/api/settings';
import type { Download } from '../../protocol/model/download';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { startBackend, type Backend } from './backend';

const long = { timeoutMs: 60_000 };
let hub: Hub;
let folder: string;
let backend: Backend;

beforeEach(async () => {
  hub = await startHub();
  folder = await mkdtemp(path.join(tmpdir(), 'goya-stops-'));
  backend = await startBackend({
    storagePath: path.join(folder, 'storage'),
    modelsPath: path.join(folder, 'models'),
    env: { HF_ENDPOINT: hub.url },
  });
});
afterEach(async () => {
  await backend.dispose();
  await hub.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A file of zeros that takes no room. */
async function sparse(file: string, size: number): Promise<{ file: string }> {
  await mkdir(path.dirname(file), { recursive: true });
  const handle = await open(file, 'w');
  await handle.truncate(size);
  await handle.close();
  return { file };
}
const set = (downloads: object): Promise<unknown> =>
  backend.call(settingsUpdate, { settings: { downloads } });
const bodies = (): Hub['requests'] => hub.requests.filter(({ host }) => host === 'cdn');
/** Requests for bytes that are being answered. */
const underWay = (count: number): Promise<boolean> =>
  eventually(() => bodies().filter(({ status }) => status === 0).length === count, long);
const until = (id: string, state: Download['state']): Promise<Download> =>
  eventually(async () => {
    const download = await backend.call(downloadsGet, { id });
    return download.state === state && download;
  }, long);

it('limits that are changed while it runs are seen at the hub: connections open and close', async () => {
  await hub.add('org/large', { 'w.bin': await sparse(path.join(folder, 'w.bin'), 64 << 20) });
  await hub.add(
    'org/many',
    Object.fromEntries(['a', 'b', 'c'].map((x) => [`${x}.bin`, randomBytes(4_000_000)])),
  );
  hub.fault({ host: 'cdn', bytesPerSecond: 400_000 });
  await set({ parallelFiles: 1, parallelRanges: 1 });
  const large = await backend.call(downloadsStart, { repoId: 'org/large' });
  await underWay(1);
  for (const parallelRanges of [3, 1, 2]) {
    await set({ parallelFiles: 1, parallelRanges });
    await underWay(parallelRanges);
  }
  await backend.call(downloadsCancel, { id: large.id, discard: true });
  await underWay(0);

  const many = await backend.call(downloadsStart, { repoId: 'org/many' });
  await underWay(1);
  for (const parallelFiles of [3, 1, 2]) {
    await set({ parallelFiles, parallelRanges: 1 });
    await underWay(parallelFiles);
  }
  hub.clearFaults();
  await set({ parallelFiles: 3 });
  await until(many.id, 'completed');
});

it('is paused and cancelled while a file is being proved; nothing is fetched for it, before or after', async () => {
  const size = 768 << 20;
  const there = path.join(folder, 'models', 'org', 'proved', 'w.bin');
  await hub.add('org/proved', { 'w.bin': await sparse(path.join(folder, 'w.bin'), size) });
  await sparse(there, size);
  const proving = async (id: string): Promise<boolean> =>
    (await backend.call(downloadsFiles, { id })).files.some(({ state }) => state === 'verifying');
  const { id } = await backend.call(downloadsStart, { repoId: 'org/proved' });
  await eventually(() => proving(id), { everyMs: 2 });
  expect((await backend.call(downloadsPause, { id })).state).toBe('paused');
  expect(await proving(id)).toBe(false);
  await backend.call(downloadsResume, { id });
  await eventually(() => proving(id), { everyMs: 2 });
  expect((await backend.call(downloadsCancel, { id, discard: true })).state).toBe('cancelled');
  expect((await stat(there)).size).toBe(size);
  await backend.call(downloadsResume, { id });
  expect(await until(id, 'completed')).toMatchObject({ bytesDone: size });
  expect(bodies()).toEqual([]);

  // The same for a check and a repair of what is installed.
  const [model] = (await backend.call(modelsList, {})).models;
  for (const spec of [modelsVerify, modelsRepair]) {
    const ending = new AbortController();
    const seen = backend.watch(spec.method);
    const running = backend.call(spec, { id: model!.id, token: spec.method }, ending.signal);
    running.catch(() => undefined);
    await eventually(() => seen.length > 0, { everyMs: 2, ...long });
    ending.abort();
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' });
  }
  const [still] = (await backend.call(modelsList, {})).models;
  expect(still?.status).toBe('ready');
  expect((await backend.call(downloadsGet, { id })).state).toBe('completed');
});

it('a network that goes away in mid-download and comes back costs nothing but time', async () => {
  const weights = randomBytes(4_000_000);
  const files = { 'config.json': '{}', 'model.safetensors': weights };
  await hub.add('org/voice', files);
  hub.fault({ host: 'cdn', bytesPerSecond: 600_000 });
  const { values } = await backend.subscribe('downloads');
  const { id } = await backend.call(downloadsStart, { repoId: 'org/voice' });
  await eventually(async () => (await backend.call(downloadsGet, { id })).bytesDone > 1_000_000, long);
  const [port, cdnPort] = [hub.url, hub.cdnUrl].map((url) => Number(new URL(url).port)) as [number, number];
  await hub.close();
  // Every socket is cut and nobody listens any more: it tries again, and is told to wait.
  await eventually(() => /transfer tries again[^]*transfer tries again/.test(backend.stderr), long);
  expect((await backend.call(downloadsGet, { id })).state).toBe('downloading');
  // The signed addresses of before are worth nothing here.
  hub = await startHub({ port, cdnPort });
  await hub.add('org/voice', files);
  const done = await until(id, 'completed');
  expect(done.bytesDone).toBe(done.bytesTotal);
  const start = /bytes=(\d+)-/.exec(bodies().at(-1)?.headers.range ?? '')?.[1];
  expect(Number(start)).toBeGreaterThan(500_000);
  expect(values.map((value) => value['state'])).not.toContain('failed');
});
