import { createHash, randomBytes } from 'node:crypto';
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  stat,
  utimes,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  download as downloadSchema,
  downloadFile as downloadFileSchema,
  type Download,
  type DownloadFile,
} from '../../protocol/model/download';
import type { Model } from '../../protocol/model/model';
import type { Settings } from '../../protocol/model/settings';
import { openEmbeddedTest, silent, type TestDatabase } from '../../tests/fixtures/databases';
import { eventually } from '../../tests/fixtures/eventually';
import { startHub, type Hub } from '../../tests/fixtures/hub/server.mjs';
import { HubClient } from '../hub/client';
import { DownloadsStore } from '../stores/downloads';
import { ModelsStore } from '../stores/models';
import { DownloadsService } from './downloads';
import type { TransferTuning } from './downloads/job';
import { ModelsService } from './models';

const weights = randomBytes(2_000_000);
const files = {
  'config.json': '{"model_type":"vits"}',
  'model.safetensors': weights,
  'pytorch_model.bin': randomBytes(1000),
  'vocab/نمونه.txt': 'سلام',
  'empty.txt': '',
};
const info = { tags: ['fa', 'license:mit'], pipeline_tag: 'text-to-speech', library_name: 'transformers' };

let database: TestDatabase;
let hub: Hub;
let modelsPath: string;
let client: HubClient;
let service: DownloadsService;
let models: ModelsService;
let settings: Settings;
let token: string | undefined;
let events: Download[];
let announced: Model[];

beforeAll(async () => {
  database = await openEmbeddedTest();
  // The first time on a machine, and after a change of the schema, the template has to be made.
}, 120_000);
afterAll(() => database.close());

function openService(tuning: TransferTuning = {}, freeBytes?: () => Promise<number>): void {
  client = new HubClient({
    options: () => ({ endpoint: hub.url, token, offline: false }),
    backoff: { base: 1, cap: 5 },
  });
  const store = new DownloadsStore(database.db);
  const modelsStore = new ModelsStore(database.db);
  models = new ModelsService({ store: modelsStore, downloads: store, modelsPath, log: silent });
  models.on('changed', (model) => announced.push(model));
  service = new DownloadsService({
    store,
    models: modelsStore,
    hub: client,
    modelsPath,
    settings: () => settings,
    log: silent,
    library: models,
    ...(freeBytes === undefined ? {} : { freeBytes }),
    tuning: { backoff: { base: 1, cap: 5 }, stallTimeout: 2000, ...tuning },
  });
  service.on('changed', (download) => events.push(download));
  models.on('downloadsRemoved', (ids) => void service.forget(ids));
}
async function closeService(): Promise<void> {
  await service.close();
  await client.close();
}
beforeEach(async () => {
  await database.reset();
  hub = await startHub({ tokens: { hf_good: { name: 'sara' } } });
  modelsPath = await mkdtemp(path.join(tmpdir(), 'goya-models-'));
  settings = {};
  token = undefined;
  events = [];
  announced = [];
  await hub.add('org/voice', files, info);
  openService();
  await service.recover();
});
afterEach(async () => {
  await closeService();
  await hub.close();
  await rm(modelsPath, { recursive: true, force: true });
});

const at = (...parts: string[]): string => path.join(modelsPath, 'org', 'voice', ...parts);
const until = (id: string, state: Download['state']): Promise<Download> =>
  eventually(async () => {
    const download = await service.get(id);
    if (download.state !== state) throw new Error(`${download.state}: ${JSON.stringify(download.error)}`);
    return download;
  });
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
const bodyBytes = (): number =>
  hub.requests.filter((r) => r.host === 'cdn').reduce((sum, request) => sum + request.bytes, 0);

describe('plan', () => {
  it('chooses one weight format, says so, and writes nothing', async () => {
    const plan = await service.plan({ repoId: 'org/voice' });
    expect(plan.files.map((file) => file.path)).not.toContain('pytorch_model.bin');
    expect(plan.files.every((file) => file.state === 'missing')).toBe(true);
    expect(plan.remainingBytes).toBe(plan.totalBytes);
    expect(plan.freeBytes).toBeGreaterThan(0);
    expect(plan.note).toContain('safetensors');
    expect(await readdir(modelsPath)).toEqual([]);
  });

  it('takes patterns as the official client does', async () => {
    const all = await service.plan({ repoId: 'org/voice', include: ['*'] });
    expect(all.files).toHaveLength(5);
    expect(all.note).toBeUndefined();
    const some = await service.plan({
      repoId: 'org/voice',
      include: ['*.txt', '*.json'],
      exclude: ['empty*'],
    });
    expect(some.files.map((file) => file.path)).toEqual(['config.json', 'vocab/نمونه.txt']);
  });

  it('tells what is there and what is half there', async () => {
    const { id } = await service.start({ repoId: 'org/voice' });
    await until(id, 'completed');
    expect((await service.plan({ repoId: 'org/voice' })).remainingBytes).toBe(0);
    await rm(at('model.safetensors'));
    const plan = await service.plan({ repoId: 'org/voice' });
    expect(plan.remainingBytes).toBe(weights.length);
  });
});

describe('a download', () => {
  it('brings every file, byte for byte, and makes the model in the same breath', async () => {
    const started = await service.start({ repoId: 'org/voice' });
    expect(started).toMatchObject({
      repoId: 'org/voice',
      state: 'queued',
      path: at(),
      filesTotal: 4,
      filesDone: 0,
    });
    const done = downloadSchema.parse(await until(started.id, 'completed'));
    expect(done).toMatchObject({ filesDone: 4, bytesDone: done.bytesTotal, bytesPerSecond: 0 });
    expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
    expect(await readFile(at('vocab', 'نمونه.txt'), 'utf8')).toBe('سلام');
    expect((await stat(at('empty.txt'))).size).toBe(0);
    const [model] = await models.list();
    expect(model).toMatchObject({
      name: 'voice',
      type: 'tts',
      repoId: 'org/voice',
      commit: started.commit,
      path: at(),
      sizeBytes: done.bytesTotal,
      architecture: 'vits',
      format: 'safetensors',
      licence: 'mit',
      status: 'ready',
      metadata: { task: 'text-to-speech', runsHere: { verdict: 'no' } },
    });
    expect(announced.at(-1)?.id).toBe(model?.id);
    expect(events.map((event) => event.state)).toEqual(
      expect.arrayContaining(['queued', 'downloading', 'completed']),
    );
    expect(events.map((event) => event.seq)).toEqual(
      [...events.map((event) => event.seq)].sort((a, b) => a - b),
    );
    const leftovers = await readdir(at('.cache', 'huggingface', 'download'), { recursive: true });
    expect(leftovers.filter((name) => name.endsWith('.incomplete'))).toEqual([]);
  });

  it('is given back when it is asked for again, running or complete', async () => {
    const [first, second] = await Promise.all([
      service.start({ repoId: 'org/voice' }),
      service.start({ repoId: 'org/voice' }),
    ]);
    expect(second.id).toBe(first.id);
    await until(first.id, 'completed');
    expect((await service.start({ repoId: 'org/voice' })).id).toBe(first.id);
    expect(await service.list()).toHaveLength(1);
    const before = bodyBytes();
    await rm(at('model.safetensors'));
    const again = await service.start({ repoId: 'org/voice' });
    await until(again.id, 'completed');
    expect(bodyBytes() - before).toBe(weights.length);
  });

  it('skips what is on disk, also when another client put it there', async () => {
    await mkdir(at(), { recursive: true });
    await writeFile(at('model.safetensors'), weights);
    const { id } = await service.start({ repoId: 'org/voice' });
    await until(id, 'completed');
    expect(bodyBytes()).toBe(0);
  });

  it('fetches only what a newer commit changed', async () => {
    const first = await service.start({ repoId: 'org/voice' });
    await until(first.id, 'completed');
    const before = bodyBytes();
    await hub.commit('org/voice', { ...files, 'config.json': '{"model_type":"vits","new":true}' });
    const second = await service.start({ repoId: 'org/voice' });
    expect(second.id).not.toBe(first.id);
    await until(second.id, 'completed');
    expect(bodyBytes()).toBe(before);
    expect(await readFile(at('config.json'), 'utf8')).toContain('new');
    const [model, ...others] = await models.list();
    expect(others).toEqual([]);
    expect(model?.commit).toBe(second.commit);
  });

  it('of a newer commit leaves the installed one as it is until all of it is there', async () => {
    const first = await service.start({ repoId: 'org/voice' });
    await until(first.id, 'completed');
    const [before] = await models.list();
    const newer = randomBytes(weights.length);
    await hub.commit('org/voice', { ...files, 'config.json': '{"new":true}', 'model.safetensors': newer });
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const second = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await service.get(second.id)).bytesDone).toBeGreaterThan(300_000));
    const unchanged = async (): Promise<void> => {
      expect(await models.list()).toMatchObject([
        { id: before!.id, status: 'ready', commit: first.commit, format: 'safetensors' },
      ]);
      expect(await readFile(at('config.json'), 'utf8')).toBe(files['config.json']);
      expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
      expect((await models.verify(before!.id)).ok).toBe(true);
    };
    await unchanged();
    await service.cancel(second.id);
    await unchanged();
    await closeService();
    openService();
    await service.recover();
    hub.clearFaults();
    await service.resume(second.id);
    await until(second.id, 'completed');
    expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(newer));
    expect(await readFile(at('config.json'), 'utf8')).toBe('{"new":true}');
    expect(await models.list()).toMatchObject([{ id: before!.id, status: 'ready', commit: second.commit }]);
    expect((await models.verify(before!.id)).ok).toBe(true);
    const left = await readdir(at('.cache'), { recursive: true });
    expect(left.filter((name) => /staged|incomplete/.test(name))).toEqual([]);
  });

  it('of a newer commit that is cancelled and discarded leaves nothing of itself', async () => {
    const first = await service.start({ repoId: 'org/voice' });
    await until(first.id, 'completed');
    await service.clear();
    await hub.commit('org/voice', { ...files, 'model.safetensors': randomBytes(weights.length) });
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const { id } = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await service.get(id)).bytesDone).toBeGreaterThan(300_000));
    await service.cancel(id, { discard: true });
    const [model] = await models.list();
    expect(model).toMatchObject({ status: 'ready', commit: first.commit });
    expect((await models.verify(model!.id)).ok).toBe(true);
  });

  it('stops when the disk no longer has room for the rest', async () => {
    let free = 1e12;
    await closeService();
    openService({}, () => Promise.resolve(free));
    await service.recover();
    hub.fault({ host: 'cdn', bytesPerSecond: 300_000 });
    const { id } = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await service.get(id)).bytesDone).toBeGreaterThan(0));
    free = 1000;
    expect((await until(id, 'failed')).error).toMatchObject({ kind: 'download.diskFull' });
    free = 1e12;
    hub.clearFaults();
    await service.resume(id);
    await until(id, 'completed');
  });

  it('of another models folder is left to whoever works there', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 300_000 });
    const { id } = await service.start({ repoId: 'org/voice' });
    await closeService();
    const own = modelsPath;
    modelsPath = await mkdtemp(path.join(tmpdir(), 'goya-elsewhere-'));
    openService();
    await service.recover();
    expect(await service.get(id)).toMatchObject({ state: 'queued' });
    await closeService();
    await rm(modelsPath, { recursive: true });
    modelsPath = own;
    hub.clearFaults();
    openService();
    await service.recover();
    await until(id, 'completed');
  });

  it('repairs the one file that rotted on disk', async () => {
    const first = await service.start({ repoId: 'org/voice' });
    await until(first.id, 'completed');
    const file = at('model.safetensors');
    const { atime, mtime } = await stat(file);
    await writeFile(file, Buffer.alloc(weights.length));
    await utimes(file, atime, mtime);
    const [model] = await models.list();
    expect((await models.verify(model!.id)).problems.map((problem) => problem.file)).toEqual([
      'model.safetensors',
    ]);
    const before = bodyBytes();
    const again = await service.start({ repoId: 'org/voice' });
    await until(again.id, 'completed');
    expect(bodyBytes() - before).toBe(weights.length);
    expect((await models.verify(model!.id)).ok).toBe(true);
    expect((await models.get(model!.id)).status).toBe('ready');
  });

  it('reports progress, rate and remaining time while it runs', async () => {
    settings = { downloads: { bytesPerSecond: 1_500_000 } };
    const { id } = await service.start({ repoId: 'org/voice' });
    await until(id, 'completed');
    const running = events.filter((event) => event.state === 'downloading' && event.bytesPerSecond > 0);
    expect(running.length).toBeGreaterThanOrEqual(2);
    expect(running.length).toBeLessThanOrEqual(10);
    expect(running.at(-1)?.etaSeconds).toBeGreaterThanOrEqual(0);
    expect(running.at(-1)?.bytesPerSecond).toBeLessThan(2_500_000);
    const bytes = events.map((event) => event.bytesDone);
    expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
  });
});

describe('stopping and going on', () => {
  async function startSlow(): Promise<Download> {
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const download = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await service.get(download.id)).bytesDone).toBeGreaterThan(200_000));
    return download;
  }

  it('pauses, keeps the bytes, and resumes from them', async () => {
    const { id } = await startSlow();
    const paused = await service.pause(id);
    expect(paused).toMatchObject({ state: 'paused', bytesPerSecond: 0 });
    expect((await service.pause(id)).state).toBe('paused');
    expect(
      (await service.plan({ repoId: 'org/voice' })).files.find((f) => f.path === 'model.safetensors')?.state,
    ).toBe('partial');
    hub.clearFaults();
    expect((await service.resume(id)).state).toBe('queued');
    await until(id, 'completed');
    expect(bodyBytes()).toBeLessThan(weights.length * 1.2);
    expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
  });

  it('cancels within 200 ms, keeping the bytes; starting again goes on', async () => {
    const { id } = await startSlow();
    const begin = performance.now();
    expect((await service.cancel(id)).state).toBe('cancelled');
    expect(performance.now() - begin).toBeLessThan(200);
    expect(await models.list()).toEqual([]);
    const sent = bodyBytes();
    hub.clearFaults();
    expect((await service.start({ repoId: 'org/voice' })).id).toBe(id);
    await until(id, 'completed');
    expect(bodyBytes()).toBeLessThan(sent + weights.length);
  });

  it('cancels and discards: nothing is left', async () => {
    const { id } = await startSlow();
    await service.cancel(id);
    expect(await service.cancel(id, { discard: true })).toMatchObject({ state: 'cancelled', bytesDone: 0 });
    expect(await readdir(modelsPath, { recursive: true })).toEqual([]);
  });

  it('goes on after a restart of the backend', async () => {
    const { id } = await startSlow();
    await closeService();
    hub.clearFaults();
    openService();
    expect((await service.get(id)).state).toBe('queued');
    await service.recover();
    await until(id, 'completed');
    expect(bodyBytes()).toBeLessThan(weights.length * 1.2);
  });

  it('takes nothing back that was asked for while the database was still opening', async () => {
    await closeService();
    hub.fault({ host: 'cdn', bytesPerSecond: 300_000 });
    openService();
    const { id } = await service.start({ repoId: 'org/voice' });
    expect((await service.get(id)).state).toBe('queued');
    await service.recover();
    await until(id, 'downloading');
    expect(events.filter((event) => event.state === 'queued')).toHaveLength(1);
    hub.clearFaults();
    await until(id, 'completed');
  });

  it('queues again what a crash left downloading', async () => {
    const { id } = await startSlow();
    await service.pause(id);
    await closeService();
    await database.db.query(`UPDATE download_queue SET status = 'downloading' WHERE id = $1`, [id]);
    hub.clearFaults();
    openService();
    await service.recover();
    await until(id, 'completed');
  });

  it('refuses what makes no sense', async () => {
    const { id } = await service.start({ repoId: 'org/voice' });
    await until(id, 'completed');
    await expect(service.pause(id)).rejects.toMatchObject({ kind: 'download.invalidState' });
    await expect(service.cancel(id)).rejects.toMatchObject({ kind: 'download.invalidState' });
    expect((await service.resume(id)).state).toBe('completed');
    await expect(service.get('00000000-0000-4000-8000-00000000dead')).rejects.toMatchObject({
      kind: 'download.notFound',
    });
  });

  it('clears what has ended', async () => {
    const first = await service.start({ repoId: 'org/voice' });
    await until(first.id, 'completed');
    await hub.add('org/other', { 'a.bin': randomBytes(500_000) });
    hub.fault({ host: 'cdn', bytesPerSecond: 50_000 });
    const second = await service.start({ repoId: 'org/other' });
    const removed: string[] = [];
    service.on('removed', (id) => removed.push(id));
    expect(await service.clear()).toBe(1);
    expect(removed).toEqual([first.id]);
    expect((await service.list()).map((download) => download.id)).toEqual([second.id]);
    expect(await models.list()).toHaveLength(1);
  });
});

describe('what goes wrong', () => {
  const failed = async (id: string): Promise<Download> => until(id, 'failed');

  it('is told at once when it can be known at once', async () => {
    await expect(service.start({ repoId: 'org/nothing' })).rejects.toMatchObject({ kind: 'hub.notFound' });
    await expect(service.start({ repoId: '../../etc' })).rejects.toMatchObject({
      kind: 'download.unsafePath',
    });
    await expect(service.start({ repoId: 'org/voice', include: ['*.nope'] })).rejects.toMatchObject({
      kind: 'hub.notFound',
    });
    await hub.add('org/gated', { 'a.bin': 'a' }, { gated: 'manual', readers: ['hf_good'] });
    await expect(service.start({ repoId: 'org/gated' })).rejects.toMatchObject({ kind: 'hub.gated' });
    token = 'hf_good';
    await until((await service.start({ repoId: 'org/gated' })).id, 'completed');
    token = 'hf_bad';
    await expect(service.start({ repoId: 'org/voice' })).rejects.toMatchObject({ kind: 'hub.unauthorized' });
  });

  it.each([
    '../outside.txt',
    '/abs.txt',
    'C:/x',
    'a\\..\\b',
    'aux.txt',
    '.cache/huggingface/download/x.metadata',
  ])('refuses the hostile name %s and writes nothing', async (name) => {
    await hub.addHostile('org/evil', name, 'gotcha');
    await expect(service.start({ repoId: 'org/evil' })).rejects.toMatchObject({
      kind: 'download.unsafePath',
    });
    expect(await readdir(modelsPath)).toEqual([]);
    expect(await service.list()).toEqual([]);
  });

  it('fails with the reason, retryable, and can be resumed', async () => {
    hub.fault({ host: 'cdn', dropAfter: 900_000, times: 1 });
    const away = hub.fault({ host: 'cdn', refuse: true });
    openService({ maxAttempts: 2 });
    await service.recover();
    const { id } = await service.start({ repoId: 'org/voice' });
    const row = await failed(id);
    expect(row.error).toMatchObject({ kind: 'hub.unreachable', retryable: true });
    expect(row.bytesDone).toBeGreaterThanOrEqual(900_000);
    away();
    await service.resume(id);
    expect((await until(id, 'completed')).error).toBeUndefined();
    expect(bodyBytes()).toBe(weights.length);
  });

  it('refuses wrong content', async () => {
    hub.fault({ host: 'cdn', corruptAt: 77 });
    const { id } = await service.start({ repoId: 'org/voice' });
    expect((await failed(id)).error).toMatchObject({ kind: 'download.checksum' });
    await expect(stat(at('model.safetensors'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await models.list()).toEqual([]);
  });

  it('says that the disk is full, and goes on when there is room', async () => {
    const full = async (file: string): Promise<FileHandle> => {
      const handle = await open(file, 'w+');
      handle.writev = () =>
        Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }));
      return handle;
    };
    await closeService();
    openService({ openFile: full });
    await service.recover();
    const { id } = await service.start({ repoId: 'org/voice' });
    expect((await failed(id)).error).toMatchObject({ kind: 'download.diskFull', retryable: false });
    await closeService();
    openService();
    await service.recover();
    await service.resume(id);
    await until(id, 'completed');
  });

  it('says so when the models folder cannot be written', async () => {
    await writeFile(path.join(modelsPath, 'org'), 'a file where the folder should be');
    const { id } = await service.start({ repoId: 'org/voice' });
    expect((await failed(id)).error).toMatchObject({ kind: 'download.writeFailed' });
  });

  it('does not let two commits write into one folder at once', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 100_000 });
    await service.start({ repoId: 'org/voice' });
    await hub.commit('org/voice', { 'config.json': '{}' });
    await expect(service.start({ repoId: 'org/voice' })).rejects.toMatchObject({
      kind: 'download.invalidState',
    });
  });
});

describe('several at once', () => {
  it('share the slots, the oldest first', async () => {
    settings = { downloads: { parallelFiles: 2 } };
    await hub.add(
      'org/many',
      Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}.txt`, `${i}`])),
    );
    let most = 0;
    const watch = setInterval(
      () => void hub.connections().then((count) => (most = Math.max(most, count))),
      1,
    );
    const a = await service.start({ repoId: 'org/voice' });
    const b = await service.start({ repoId: 'org/many' });
    const [doneA, doneB] = await Promise.all([until(a.id, 'completed'), until(b.id, 'completed')]);
    clearInterval(watch);
    expect(Date.parse(doneA.updatedAt)).toBeLessThanOrEqual(Date.parse(doneB.updatedAt) + 1000);
    expect(await readdir(path.join(modelsPath, 'org', 'many'))).toHaveLength(31);
    expect(most).toBeLessThanOrEqual(8);
  });
});

describe('the files of a download', () => {
  const states = async (id: string): Promise<Record<string, string>> =>
    Object.fromEntries((await service.files(id)).map((file) => [file.path, file.state]));

  it('are told live, each as far as it is, and numbered so that the newest is known', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 1_500_000 });
    const seen: DownloadFile[] = [];
    service.fileEvents.on('changed', (file) => seen.push(file));
    const { id } = await service.start({ repoId: 'org/voice' });
    await eventually(async () => {
      const file = (await service.files(id)).find(({ path }) => path === 'model.safetensors');
      expect(file?.state).toBe('downloading');
      expect(file?.bytesDone).toBeGreaterThan(100_000);
    });
    expect((await states(id))['config.json']).toBe('done');
    await until(id, 'completed');
    const large = seen.filter(({ path }) => path === 'model.safetensors');
    expect(large.every((file) => downloadFileSchema.safeParse(file).success)).toBe(true);
    expect(large.length).toBeGreaterThan(2);
    expect(large.at(-1)).toMatchObject({ state: 'done', bytesDone: weights.length, downloadId: id });
    const numbers = large.map(({ seq }) => seq);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect(Object.values(await states(id))).toEqual(['done', 'done', 'done', 'done']);
  });

  it('are known again after a crash, from the disk', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const { id } = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await service.get(id)).bytesDone).toBeGreaterThan(300_000));
    await service.pause(id);
    // What a crash would have left of the record.
    await database.db.query(`UPDATE download_files SET status = 'pending', bytes_downloaded = 0`);
    const files = await service.files(id);
    expect(await states(id)).toMatchObject({ 'config.json': 'done', 'model.safetensors': 'waiting' });
    expect(files.find(({ path }) => path === 'model.safetensors')?.bytesDone).toBeGreaterThan(200_000);
    hub.clearFaults();
    const before = events.length;
    await service.resume(id);
    await until(id, 'completed');
    const running = events.slice(before).filter(({ state }) => state === 'downloading');
    expect(Math.min(...running.map(({ bytesDone }) => bytesDone))).toBeGreaterThan(200_000);
  });

  it('say which were there before, and those survive a cancel that discards', async () => {
    await mkdir(at(), { recursive: true });
    await writeFile(at('config.json'), files['config.json']);
    hub.fault({ host: 'cdn', bytesPerSecond: 500_000 });
    const { id } = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await states(id))['config.json']).toBe('present'));
    await service.cancel(id, { discard: true });
    expect(await readFile(at('config.json'), 'utf8')).toBe(files['config.json']);
    expect((await service.files(id)).map(({ state }) => state)).not.toContain('done');
  });

  it('say why one failed, until it is tried again', async () => {
    hub.fault({ host: 'cdn', corruptAt: 5 });
    const { id } = await service.start({ repoId: 'org/voice' });
    await until(id, 'failed');
    const failedFile = (await service.files(id)).find(({ state }) => state === 'failed');
    expect(failedFile).toMatchObject({ path: 'model.safetensors', error: { kind: 'download.checksum' } });
    hub.clearFaults();
    await service.resume(id);
    await until(id, 'completed');
    expect((await states(id))['model.safetensors']).toBe('done');
  });

  it('become more when the same commit is asked for with other patterns', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const first = await service.start({ repoId: 'org/voice', include: ['*.safetensors'] });
    const second = await service.start({ repoId: 'org/voice', include: ['*.json'] });
    expect(second.id).toBe(first.id);
    expect(second.filesTotal).toBe(2);
    await service.pause(first.id);
    const third = await service.start({ repoId: 'org/voice', include: ['*.txt'] });
    expect(third).toMatchObject({ id: first.id, filesTotal: 4, state: 'queued' });
    hub.clearFaults();
    const done = await until(first.id, 'completed');
    expect(done).toMatchObject({ filesDone: 4, bytesDone: done.bytesTotal });
    expect(await readFile(at('vocab', 'نمونه.txt'), 'utf8')).toBe('سلام');
    expect(await readFile(at('config.json'), 'utf8')).toBe(files['config.json']);
  });
});

describe('the queue', () => {
  const size = 600_000;
  async function startThree(): Promise<Download[]> {
    hub.fault({ host: 'cdn', bytesPerSecond: 300_000 });
    const started = [];
    for (const name of ['a', 'b', 'c']) {
      await hub.add(`org/${name}`, { 'w.bin': randomBytes(size) });
      started.push(await service.start({ repoId: `org/${name}` }));
    }
    return started;
  }
  const running = async (): Promise<string[]> =>
    (await service.list('downloading')).map(({ repoId }) => repoId);

  it('is in the order of arrival, until somebody changes it: then the slot changes hands at once', async () => {
    settings = { downloads: { parallelFiles: 1 } };
    const [a, b, c] = (await startThree()) as [Download, Download, Download];
    await eventually(async () => expect(await running()).toEqual(['org/a']));
    const moved = await service.reorder(c.id, 'first');
    expect(moved.position).toBe(a.position);
    expect((await service.list()).map(({ id }) => id)).toEqual([c.id, a.id, b.id]);
    await eventually(async () => expect(await running()).toEqual(['org/c']));
    expect((await service.get(a.id)).state).toBe('queued');
    await service.reorder(a.id, 1e6);
    await closeService();
    openService();
    hub.clearFaults();
    const order: string[] = [];
    service.on('changed', (download) => {
      if (download.state === 'completed') order.push(download.repoId);
    });
    await service.recover();
    await eventually(() => expect(order).toEqual(['org/c', 'org/b', 'org/a']));
    expect(bodyBytes()).toBeLessThan(3 * size * 1.2);
    await expect(service.reorder(a.id, 'first')).rejects.toMatchObject({ kind: 'download.invalidState' });
  });

  it('follows parallelFiles both ways while it runs', async () => {
    settings = { downloads: { parallelFiles: 1 } };
    await startThree();
    await eventually(async () => expect(await running()).toHaveLength(1));
    settings = { downloads: { parallelFiles: 3 } };
    service.settingsChanged();
    await eventually(async () => expect(await running()).toHaveLength(3));
    settings = { downloads: { parallelFiles: 1 } };
    service.settingsChanged();
    await eventually(async () => expect(await running()).toEqual(['org/a']));
    expect((await service.list('queued')).map(({ repoId }) => repoId)).toEqual(['org/b', 'org/c']);
    hub.clearFaults();
    for (const { id } of await service.list()) await until(id, 'completed');
    expect(bodyBytes()).toBeLessThan(3 * size * 1.2);
  });

  it('holds bytesPerSecond over all downloads together, changed while they run', async () => {
    await startThree();
    await eventually(async () => expect(await running()).toHaveLength(3));
    settings = { downloads: { bytesPerSecond: 200_000 } };
    service.settingsChanged();
    hub.clearFaults();
    const begin = performance.now();
    const before = (await service.list()).reduce((sum, { bytesDone }) => sum + bytesDone, 0);
    for (const { id } of await service.list()) await until(id, 'completed');
    const seconds = (performance.now() - begin) / 1000;
    // What was in the sockets already came for free.
    expect((3 * size - before) / seconds).toBeLessThan(500_000);
  });

  it('pauses, resumes and cancels what waits, however often it is asked', async () => {
    settings = { downloads: { parallelFiles: 1 } };
    const [a, b] = (await startThree()) as [Download, Download, Download];
    await eventually(async () => expect(await running()).toEqual(['org/a']));
    const twice = await Promise.all([service.pause(b.id), service.pause(b.id)]);
    expect(twice.map(({ state }) => state)).toEqual(['paused', 'paused']);
    const settled = await Promise.allSettled([service.resume(b.id), service.resume(b.id)]);
    expect(settled.map(({ status }) => status)).toContain('fulfilled');
    expect((await service.get(b.id)).state).toBe('queued');
    await Promise.all([service.cancel(b.id), service.cancel(b.id)]);
    expect((await service.get(b.id)).state).toBe('cancelled');
    hub.clearFaults();
    await service.resume(b.id);
    await until(a.id, 'completed');
    await until(b.id, 'completed');
  });
});

describe('a hub that does not move', () => {
  it('keeps nobody from cancelling: at once, and no socket is left', async () => {
    hub.fault({ host: 'cdn', stallAfter: 300_000 });
    await closeService();
    openService({ stallTimeout: 60_000 });
    await service.recover();
    const { id } = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await service.get(id)).bytesDone).toBeGreaterThan(200_000));
    const begin = performance.now();
    expect((await service.cancel(id)).state).toBe('cancelled');
    expect(performance.now() - begin).toBeLessThan(200);
    await client.close();
    await eventually(async () => expect(await hub.connections()).toBe(0));
  });

  it('changes its commit meanwhile: what was pinned comes', async () => {
    hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
    const { id, commit } = await service.start({ repoId: 'org/voice' });
    await eventually(async () => expect((await service.get(id)).bytesDone).toBeGreaterThan(200_000));
    await service.pause(id);
    await hub.commit('org/voice', { ...files, 'model.safetensors': randomBytes(weights.length) });
    hub.clearFaults();
    await service.resume(id);
    expect((await until(id, 'completed')).commit).toBe(commit);
    expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
  });
});
