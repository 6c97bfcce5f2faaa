/** Downloads through the built backend: kept through kill -9, and open to the official client's folders. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  downloadsCancel,
  downloadsFiles,
  downloadsGet,
  downloadsList,
  downloadsPause,
  downloadsPlan,
  downloadsReorder,
  downloadsResume,
  downloadsStart,
} from '../../protocol/api/downloads';
import { hubCurated, hubModelInfo, hubSearch } from '../../protocol/api/hub';
import { modelsList, modelsRemove, modelsVerify } from '../../protocol/api/models';
import { settingsUpdate, tokenDelete, tokenSet, tokenValidate } from '../../protocol/api/settings';
import { downloadFile, type Download } from '../../protocol/model/download';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { startBackend, type Backend } from './backend';

const weights = randomBytes(8_000_000);
const files = { 'config.json': '{"model_type":"vits"}', 'model.safetensors': weights, 'vocab.txt': 'آ ب پ' };

let hub: Hub;
let folder: string;
let backend: Backend | undefined;

beforeEach(async () => {
  hub = await startHub({ tokens: { hf_good: { name: 'sara', role: 'read' } } });
  await hub.add('org/voice', files, { tags: ['fa'], pipeline_tag: 'text-to-speech', downloads: 5 });
  folder = await mkdtemp(path.join(tmpdir(), 'goya-downloads-'));
});
afterEach(async () => {
  await backend?.dispose();
  backend = undefined;
  await hub.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function open(): Promise<Backend> {
  backend = await startBackend({
    storagePath: path.join(folder, 'storage'),
    modelsPath: path.join(folder, 'models'),
    env: { HF_ENDPOINT: hub.url },
  });
  return backend;
}
const until = (running: Backend, id: string, state: Download['state']): Promise<Download> =>
  eventually(
    async () => {
      const download = await running.call(downloadsGet, { id });
      if (download.state === 'failed' && state !== 'failed') throw new Error(JSON.stringify(download.error));
      return download.state === state ? download : false;
    },
    { timeoutMs: 60_000 },
  );
const sent = (): number => hub.requests.filter((r) => r.host === 'cdn').reduce((sum, r) => sum + r.bytes, 0);
const installed = (name: string): string => path.join(folder, 'models', 'org', 'voice', name);
async function expectWhole(): Promise<void> {
  const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
  expect(digest(await readFile(installed('model.safetensors')))).toBe(digest(weights));
}

describe('the way of a model', () => {
  it('is searched, looked at, planned, fetched with live progress, verified and removed', async () => {
    const running = await open();
    const found = await running.call(hubSearch, { language: 'fa' });
    expect(found.models.map((model) => model.repoId)).toEqual(['org/voice']);
    const details = await running.call(hubModelInfo, { repoId: 'org/voice' });
    expect(details.totalBytes).toBe(8_000_000 + 21 + Buffer.byteLength(files['vocab.txt']));
    expect((await running.call(hubCurated, { category: 'tts' })).offline).toBe(false);
    const plan = await running.call(downloadsPlan, { repoId: 'org/voice' });
    expect(plan).toMatchObject({ commit: details.commit, remainingBytes: details.totalBytes });

    const { values } = await running.subscribe('downloads');
    const library = await running.subscribe('models');
    hub.fault({ host: 'cdn', bytesPerSecond: 8_000_000 });
    const { id } = await running.call(downloadsStart, { repoId: 'org/voice' });
    await until(running, id, 'completed');
    await expectWhole();
    await eventually(
      () => values.at(-1)?.['state'] === 'completed' && library.values.at(-1)?.['status'] === 'ready',
    );
    expect(values.filter((value) => value['state'] === 'downloading').length).toBeGreaterThan(1);

    const [model] = (await running.call(modelsList, {})).models;
    expect(model).toMatchObject({ repoId: 'org/voice', type: 'tts', status: 'ready', architecture: 'vits' });
    expect(await running.call(modelsVerify, { id: model!.id })).toEqual({ ok: true, problems: [] });
    await running.call(modelsRemove, { id: model!.id });
    expect(await readdir(path.join(folder, 'models'))).toEqual([]);
    expect((await running.call(downloadsList, {})).downloads).toEqual([]);
  });

  it('asks with the token in force, and never writes it down', async () => {
    await hub.add('org/gated', { 'a.bin': 'abc' }, { gated: 'manual', readers: ['hf_good'] });
    const running = await open();
    const refused = await running
      .call(downloadsStart, { repoId: 'org/gated' })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: 'hub.gated' });
    expect(await running.call(tokenValidate, { token: 'hf_nonsense' })).toMatchObject({ valid: false });
    expect(await running.call(tokenValidate, { token: 'hf_good' })).toMatchObject({
      valid: true,
      name: 'sara',
    });
    await running.call(tokenSet, { token: 'hf_good' });
    const { id } = await running.call(downloadsStart, { repoId: 'org/gated' });
    await until(running, id, 'completed');
    await running.call(tokenDelete, {});
    await running.stop();
    expect(running.stderr).not.toContain('hf_good');
    const logs = await readdir(path.join(folder, 'storage'), { recursive: true, withFileTypes: true });
    for (const entry of logs.filter((log) => log.name.endsWith('.log'))) {
      expect(await readFile(path.join(entry.parentPath, entry.name), 'utf8')).not.toContain('hf_good');
    }
  });
});

describe('kill -9', () => {
  it('costs a few bytes only: the next backend goes on by itself', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 4_000_000 });
    let running = await open();
    const { id } = await running.call(downloadsStart, { repoId: 'org/voice' });
    for (const mark of [1_500_000, 3_500_000, 5_500_000]) {
      await eventually(async () => (await running.call(downloadsGet, { id })).bytesDone > mark, {
        timeoutMs: 30_000,
      });
      await running.kill();
      expect(await readdir(path.join(folder, 'models', 'org', 'voice'))).not.toContain('model.safetensors');
      running = await open();
    }
    const done = await until(running, id, 'completed');
    expect(done).toMatchObject({ bytesDone: done.bytesTotal, filesDone: 3 });
    await expectWhole();
    // What the server put into sockets that died with their process was never received.
    const resumed = hub.requests.filter(
      (request) => request.host === 'cdn' && request.headers.range !== undefined,
    );
    expect(resumed).toHaveLength(3);
    const starts = resumed.map((request) => Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1]));
    for (const [index, mark] of [1_500_000, 3_500_000, 5_500_000].entries()) {
      expect(starts[index]).toBeGreaterThan(mark - 1_500_000);
    }
    expect((await running.call(modelsList, {})).models).toHaveLength(1);
  });
});

describe('kill -9 with parallel ranges', () => {
  it('goes on from the journal alone, and fetches next to nothing twice', async () => {
    const huge = randomBytes(48 << 20);
    await hub.add('org/huge', { 'model.safetensors': huge });
    hub.fault({ host: 'cdn', bytesPerSecond: 3_000_000 });
    hub.fault({ host: 'cdn', dropAfter: 5_000_000, times: 2 });
    let running = await open();
    await running.call(settingsUpdate, { settings: { downloads: { parallelRanges: 3 } } });
    const { id } = await running.call(downloadsStart, { repoId: 'org/huge' });
    const marks = [8, 16, 24, 32, 40].map((mb) => mb << 20);
    let asked = 0;
    let received = 0;
    for (const mark of marks) {
      const { bytesDone } = await eventually(
        async () => {
          const download = await running.call(downloadsGet, { id });
          return download.bytesDone > mark ? download : false;
        },
        { timeoutMs: 60_000 },
      );
      await running.kill();
      received += bytesDone - asked;
      running = await open();
      // What the next process takes up from disk is what its first progress says.
      const plan = await running.call(downloadsPlan, { repoId: 'org/huge' });
      asked = plan.totalBytes - plan.remainingBytes;
      expect(asked).toBeGreaterThan(bytesDone - 2_000_000);
      const names = await readdir(path.join(folder, 'models', 'org', 'huge'));
      expect(names).not.toContain('model.safetensors');
    }
    hub.clearFaults();
    await until(running, id, 'completed');
    received += huge.length - asked;
    expect(received).toBeLessThan(huge.length * 1.2);
    const file = path.join(folder, 'models', 'org', 'huge', 'model.safetensors');
    expect(
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ).toBe(createHash('sha256').update(huge).digest('hex'));
    const left = await readdir(path.join(folder, 'models', 'org', 'huge'), { recursive: true });
    expect(left.filter((name) => /incomplete|journal/.test(name))).toEqual([]);
  });
});

describe('while it runs', () => {
  it('is paused, resumed, slowed down and cancelled at once', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 2_000_000 });
    const running = await open();
    const { id } = await running.call(downloadsStart, { repoId: 'org/voice' });
    await eventually(async () => (await running.call(downloadsGet, { id })).bytesDone > 500_000);
    expect((await running.call(downloadsPause, { id })).state).toBe('paused');
    const before = sent();
    await running.call(settingsUpdate, { settings: { downloads: { bytesPerSecond: 400_000 } } });
    hub.clearFaults();
    await running.call(downloadsResume, { id });
    const slow = await eventually(async () => {
      const download = await running.call(downloadsGet, { id });
      return download.bytesPerSecond > 0 && download.bytesDone > 1_500_000 ? download : false;
    });
    expect(slow.bytesPerSecond).toBeLessThan(800_000);
    expect(sent()).toBeGreaterThan(before);
    const begin = performance.now();
    expect((await running.call(downloadsCancel, { id, discard: true })).state).toBe('cancelled');
    expect(performance.now() - begin).toBeLessThan(1000);
    expect(await readdir(path.join(folder, 'models'))).toEqual([]);
  });

  it('fails typed when the hub goes away, and is resumed when it is back elsewhere', async () => {
    hub.fault({ host: 'cdn', dropAfter: 3_000_000, times: 1 });
    hub.fault({ path: '/resolve/', status: 404, headers: { 'x-error-code': 'EntryNotFound' }, skip: 3 });
    const running = await open();
    const { id } = await running.call(downloadsStart, { repoId: 'org/voice' });
    const failed = await until(running, id, 'failed');
    expect(failed.error).toMatchObject({ kind: 'hub.notFound' });
    const mirror = await startHub();
    try {
      await mirror.add('org/voice', files);
      await running.call(settingsUpdate, { settings: { hub: { endpoint: mirror.url } } });
      await running.call(downloadsResume, { id });
      await until(running, id, 'completed');
      await expectWhole();
      const [request] = mirror.requests.filter((candidate) => candidate.host === 'cdn');
      expect(request?.headers.range).toBe('bytes=3000000-');
    } finally {
      await mirror.close();
    }
  });
});

describe('the files of a download', () => {
  it('are subscribed to one download at a time, and known again by the next backend', async () => {
    await hub.add('org/other', { 'w.bin': randomBytes(2_000_000) });
    hub.fault({ host: 'cdn', bytesPerSecond: 2_000_000 });
    let running = await open();
    const { id } = await running.call(downloadsStart, { repoId: 'org/voice' });
    const { items, values } = await running.subscribe('downloadFiles', id);
    expect(items).toHaveLength(3);
    const other = await running.call(downloadsStart, { repoId: 'org/other' });
    await eventually(() => values.filter((value) => Number(value['bytesDone']) > 500_000).length > 1);
    await until(running, other.id, 'completed');
    expect(new Set(values.map((value) => value['downloadId']))).toEqual(new Set([id]));
    const all = values.map((value) => downloadFile.parse(value));
    expect(all.some(({ path, state }) => path === 'model.safetensors' && state === 'downloading')).toBe(true);
    await running.kill();
    hub.fault({ host: 'cdn', refuse: true });
    running = await open();
    const { files: again } = await running.call(downloadsFiles, { id });
    expect(again.map(({ path }) => path)).toEqual(['config.json', 'model.safetensors', 'vocab.txt']);
    await eventually(async () => {
      const { files: now } = await running.call(downloadsFiles, { id });
      expect(now.map(({ state }) => state).filter((state) => state === 'done')).toHaveLength(2);
      expect(now[1]?.bytesDone).toBeGreaterThan(300_000);
    });
    hub.clearFaults();
    await until(running, id, 'completed');
    await expectWhole();
  });
});

describe('the order of the queue', () => {
  it('is changed while it runs, and kept over a restart', async () => {
    const names = ['a', 'b', 'c'];
    for (const name of names) await hub.add(`org/${name}`, { 'w.bin': randomBytes(1_000_000) });
    hub.fault({ host: 'cdn', bytesPerSecond: 200_000 });
    let running = await open();
    await running.call(settingsUpdate, { settings: { downloads: { parallelFiles: 1 } } });
    const ids: string[] = [];
    for (const name of names) ids.push((await running.call(downloadsStart, { repoId: `org/${name}` })).id);
    await running.call(downloadsReorder, { id: ids[2]!, position: 'first' });
    await until(running, ids[2]!, 'downloading');
    await eventually(async () => (await running.call(downloadsGet, { id: ids[0]! })).state === 'queued');
    await running.call(downloadsReorder, { id: ids[0]!, position: 2 });
    await running.stop();
    running = await open();
    const { downloads } = await running.call(downloadsList, {});
    expect(downloads.map(({ repoId }) => repoId)).toEqual(['org/c', 'org/b', 'org/a']);
    await running.call(settingsUpdate, { settings: { downloads: { parallelFiles: 3 } } });
    hub.clearFaults();
    for (const id of ids) await until(running, id, 'completed');
  });
});

// The embedded database has one backend at a time; a server has as many as there are windows.
if (process.env['GOYA_DATABASES'] === 'server') {
  describe('two windows on one server', () => {
    let second: Backend | undefined;
    afterEach(async () => {
      await second?.dispose();
      second = undefined;
    });

    it('never fetch the same download both; each may stop it, and one goes on when the other dies', async () => {
      hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
      const first = await open();
      const { id } = await first.call(downloadsStart, { repoId: 'org/voice' });
      await eventually(async () => (await first.call(downloadsGet, { id })).bytesDone > 500_000);
      second = await open();
      backend = first;
      expect((await second.call(downloadsStart, { repoId: 'org/voice' })).id).toBe(id);
      expect((await second.call(downloadsResume, { id })).state).toBe('downloading');

      // Stopped from the other window, gone on with there: the first one lets go before.
      expect((await second.call(downloadsPause, { id })).state).toBe('paused');
      expect((await second.call(downloadsResume, { id })).state).toBe('queued');
      const at = (await second.call(downloadsGet, { id })).bytesDone;
      await eventually(async () => (await second!.call(downloadsGet, { id })).bytesDone > at + 500_000);
      await second.kill();

      // Its owner is dead: the first window takes it up by itself.
      await until(first, id, 'completed');
      await expectWhole();
      expect(sent()).toBeLessThan(weights.length * 1.5);
    });
  });
}
