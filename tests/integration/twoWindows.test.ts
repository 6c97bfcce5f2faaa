/** Two built backends at one storage: what one of them downloads, the other one sees and may stop. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  downloadsCancel,
  downloadsFiles,
  downloadsGet,
  downloadsList,
  downloadsPause,
  downloadsReorder,
  downloadsResume,
  downloadsStart,
} from '../../protocol/api/downloads';
import { hubSearch } from '../../protocol/api/hub';
import { modelsList, modelsRemove } from '../../protocol/api/models';
import { settingsUpdate } from '../../protocol/api/settings';
import { closeSharedServer, sharedServer } from '../fixtures/databases';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { skipPostgres } from '../fixtures/postgres';
import { startBackend, type Backend } from './backend';

const weights = randomBytes(8_000_000);
const files = { 'config.json': '{"model_type":"vits"}', 'model.safetensors': weights };
const long = { timeoutMs: 60_000 };

let hub: Hub;
let folder: string;
let url: string | undefined;
const open: Backend[] = [];

beforeEach(async () => {
  hub = await startHub();
  await hub.add('org/voice', files, { pipeline_tag: 'text-to-speech' });
  folder = await mkdtemp(path.join(tmpdir(), 'goya-windows-'));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.dispose()));
  await hub.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function openWindow(storage = 'storage'): Promise<Backend> {
  const backend = await startBackend({
    storagePath: path.join(folder, storage),
    modelsPath: path.join(folder, 'models'),
    env: { HF_ENDPOINT: hub.url, DATABASE_URL: url },
  });
  open.push(backend);
  return backend;
}

type Values = Record<string, unknown>[];
const bytesOf = (values: Values, id: string): number[] =>
  values
    .filter((value) => value['id'] === id && 'bytesDone' in value)
    .map((value) => Number(value['bytesDone']));
const stateOf = (values: Values, id: string): unknown =>
  values.findLast((value) => value['id'] === id)?.['state'];
const removed = (values: Values, id: string): boolean =>
  values.some((value) => value['id'] === id && value['removed'] === true);
async function expectWhole(): Promise<void> {
  const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
  const installed = path.join(folder, 'models', 'org', 'voice', 'model.safetensors');
  expect(digest(await readFile(installed))).toBe(digest(weights));
}

describe.skipIf(skipPostgres())('on one server', () => {
  beforeAll(async () => {
    await sharedServer();
  }, 120_000);
  afterAll(closeSharedServer);
  beforeEach(async () => {
    url = await (await sharedServer()).createDatabase();
  });

  it('the second sees how far the first is, file by file, and what comes of it', async () => {
    const first = await openWindow();
    const second = await openWindow();
    const seen = await second.subscribe('downloads');
    const library = await second.subscribe('models');
    hub.fault({ host: 'cdn', bytesPerSecond: 400_000 });
    const { id } = await first.call(downloadsStart, { repoId: 'org/voice' });
    await eventually(() => new Set(bytesOf(seen.values, id)).size > 2, long);
    const running = seen.values.findLast((value) => value['state'] === 'downloading');
    expect(running?.['bytesPerSecond']).toBeGreaterThan(0);
    expect(running?.['etaSeconds']).toBeGreaterThan(0);

    const large = `${id}/model.safetensors`;
    const detail = await second.subscribe('downloadFiles', id);
    expect(detail.items).toHaveLength(2);
    await eventually(() => new Set(bytesOf(detail.values, large)).size > 2, long);
    expect(stateOf(detail.values, large)).toBe('downloading');
    const now = (await second.call(downloadsFiles, { id })).files;
    expect(now.find((file) => file.path === 'config.json')?.state).toBe('done');
    expect(now.find((file) => file.path === 'model.safetensors')?.bytesDone).toBeGreaterThan(300_000);
    const numbers = detail.values
      .filter((value) => value['id'] === large)
      .map((value) => Number(value['seq']));
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));

    hub.clearFaults();
    await eventually(() => stateOf(seen.values, id) === 'completed', long);
    await eventually(() => stateOf(detail.values, large) === 'done', long);
    const [model] = (await first.call(modelsList, {})).models;
    await eventually(
      () => library.values.some((v) => v['id'] === model?.id && v['status'] === 'ready'),
      long,
    );
    await first.call(modelsRemove, { id: model!.id });
    await eventually(() => removed(library.values, model!.id) && removed(seen.values, id), long);
    expect((await second.call(downloadsList, {})).downloads).toEqual([]);
  });

  it('either may pause, resume, move and cancel what the other one fetches', async () => {
    await hub.add('org/other', { 'w.bin': randomBytes(3_000_000) });
    hub.fault({ host: 'cdn', bytesPerSecond: 400_000 });
    const first = await openWindow();
    const second = await openWindow();
    await first.call(settingsUpdate, { settings: { downloads: { parallelFiles: 1 } } });
    const there = await first.subscribe('downloads');
    const { id } = await first.call(downloadsStart, { repoId: 'org/voice' });
    const other = (await first.call(downloadsStart, { repoId: 'org/other' })).id;
    await eventually(async () => (await second.call(downloadsGet, { id })).bytesDone > 400_000, long);

    // The one with the slot learns that another one comes first now.
    await second.call(downloadsReorder, { id: other, position: 'first' });
    await eventually(async () => (await second.call(downloadsGet, { id })).state === 'queued', long);
    await eventually(
      async () => (await first.call(downloadsGet, { id: other })).state === 'downloading',
      long,
    );

    expect((await second.call(downloadsPause, { id: other })).state).toBe('paused');
    await eventually(() => stateOf(there.values, other) === 'paused', long);
    await eventually(async () => (await second.call(downloadsGet, { id })).state === 'downloading', long);
    expect((await second.call(downloadsPause, { id })).state).toBe('paused');
    expect((await second.call(downloadsResume, { id })).state).toBe('queued');
    // Now the second one fetches, and the first one looks on.
    const from = (await second.call(downloadsGet, { id })).bytesDone;
    await eventually(() => Math.max(...bytesOf(there.values, id)) > from + 400_000, long);
    expect(stateOf(there.values, id)).toBe('downloading');

    expect((await first.call(downloadsCancel, { id, discard: true })).state).toBe('cancelled');
    await first.call(downloadsCancel, { id: other, discard: true });
    await eventually(async () => (await second.call(downloadsGet, { id })).bytesDone === 0, long);
    expect(await readdir(path.join(folder, 'models'))).toEqual([]);
    await hub.quiet();
  });
});

describe('on the embedded database', () => {
  beforeEach(() => {
    url = undefined;
  });

  it('two with storages of their own may fetch the same into one folder: what is there in the end is right', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const first = await openWindow('one');
    const second = await openWindow('two');
    const started = [];
    for (const backend of [first, second]) {
      started.push({ backend, id: (await backend.call(downloadsStart, { repoId: 'org/voice' })).id });
    }
    for (const { backend, id } of started) {
      const ended = await eventually(async () => {
        const download = await backend.call(downloadsGet, { id });
        return ['completed', 'failed'].includes(download.state) && download;
      }, long);
      if (ended.state === 'completed') continue;
      expect(ended.error).toMatchObject({ retryable: true });
      await backend.call(downloadsResume, { id });
      await eventually(async () => (await backend.call(downloadsGet, { id })).state === 'completed', long);
    }
    await expectWhole();
    const left = await readdir(path.join(folder, 'models'), { recursive: true });
    expect(left.filter((name) => /incomplete|journal|staged/.test(name))).toEqual([]);
  });

  it('the second is told who works here and how to share, searches all the same, and goes on when the first is gone', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 150_000 });
    const first = await openWindow();
    const { id } = await first.call(downloadsStart, { repoId: 'org/voice' });
    await eventually(async () => (await first.call(downloadsGet, { id })).bytesDone > 600_000, long);
    const second = await openWindow();
    const refused = second.call(downloadsPause, { id });
    await expect(refused).rejects.toMatchObject({ kind: 'database.locked', retryable: true });
    await expect(refused).rejects.toThrow(
      new RegExp(`process ${first.child.pid}.*Close the other window.*PostgreSQL server.*to share it`, 's'),
    );
    expect((await second.call(hubSearch, { query: 'voice' })).models).toHaveLength(1);
    await first.kill();
    hub.clearFaults();
    const done = await eventually(async () => {
      const download = await second.call(downloadsGet, { id });
      return download.state === 'completed' && download;
    }, long);
    expect(done.bytesDone).toBe(done.bytesTotal);
    await expectWhole();
    const resumed = hub.requests.filter((request) => request.host === 'cdn').at(-1)?.headers.range;
    expect(Number(/bytes=(\d+)-/.exec(resumed ?? '')?.[1])).toBeGreaterThan(200_000);
  });
});
