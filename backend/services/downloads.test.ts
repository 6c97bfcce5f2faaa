import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { download as downloadSchema } from '../../protocol/model/download';
import { eventually } from '../../tests/fixtures/eventually';
import {
  withDownloads,
  weights,
  files,
  hub,
  modelsPath,
  service,
  models,
  events,
  announced,
  openService,
  closeService,
  at,
  until,
  sha256,
  bodyBytes,
  setSettings,
  setModelsPath,
} from '../../tests/fixtures/downloads';

withDownloads();

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
    setModelsPath(await mkdtemp(path.join(tmpdir(), 'goya-elsewhere-')));
    openService();
    await service.recover();
    expect(await service.get(id)).toMatchObject({ state: 'queued' });
    await closeService();
    await rm(modelsPath, { recursive: true });
    setModelsPath(own);
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
    setSettings({ downloads: { bytesPerSecond: 1_500_000 } });
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
