import { randomBytes } from 'node:crypto';
import { open, readdir, readFile, stat, writeFile, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Download } from '../../../protocol/model/download';
import { eventually } from '../../../tests/fixtures/eventually';
import {
  withDownloads,
  files,
  weights,
  database,
  hub,
  modelsPath,
  client,
  service,
  models,
  events,
  openService,
  closeService,
  at,
  until,
  sha256,
  bodyBytes,
  setToken,
} from '../../../tests/fixtures/downloads';

withDownloads();

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
    // Long before the stall would end it; the bench holds the figure.
    expect(performance.now() - begin).toBeLessThan(10_000);
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
    setToken('hf_good');
    await until((await service.start({ repoId: 'org/gated' })).id, 'completed');
    setToken('hf_bad');
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
    // Long before the stall would end it; the bench holds the figure.
    expect(performance.now() - begin).toBeLessThan(10_000);
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
