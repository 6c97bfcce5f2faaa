/** Downloads through the built backend: kept through kill -9, and open to the official client's folders. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  downloadsCancel,
  downloadsGet,
  downloadsList,
  downloadsPause,
  downloadsPlan,
  downloadsResume,
  downloadsStart,
} from '../../protocol/api/downloads';
import { hubCurated, hubModelInfo, hubSearch } from '../../protocol/api/hub';
import { modelsList, modelsRemove, modelsVerify } from '../../protocol/api/models';
import { settingsUpdate, tokenDelete, tokenSet, tokenValidate } from '../../protocol/api/settings';
import type { Download } from '../../protocol/model/download';
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
