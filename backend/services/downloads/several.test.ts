import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  downloadFile as downloadFileSchema,
  type Download,
  type DownloadFile,
} from '../../../protocol/model/download';
import { eventually } from '../../../tests/fixtures/eventually';
import {
  withDownloads,
  weights,
  files,
  database,
  hub,
  modelsPath,
  service,
  events,
  openService,
  closeService,
  at,
  until,
  bodyBytes,
  setSettings,
} from '../../../tests/fixtures/downloads';

withDownloads();

describe('several at once', () => {
  it('share the slots, the oldest first', async () => {
    setSettings({ downloads: { parallelFiles: 2 } });
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
    await eventually(async () => expect((await states(id))['config.json']).toBe('done'));
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
    setSettings({ downloads: { parallelFiles: 1 } });
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
    setSettings({ downloads: { parallelFiles: 1 } });
    await startThree();
    await eventually(async () => expect(await running()).toHaveLength(1));
    setSettings({ downloads: { parallelFiles: 3 } });
    service.settingsChanged();
    await eventually(async () => expect(await running()).toHaveLength(3));
    setSettings({ downloads: { parallelFiles: 1 } });
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
    setSettings({ downloads: { bytesPerSecond: 200_000 } });
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
    setSettings({ downloads: { parallelFiles: 1 } });
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
