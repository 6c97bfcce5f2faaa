import { expect, it } from 'vitest';
import { download as downloadSchema } from '../../protocol/model/download';
import { describeDatabase } from '../../tests/fixtures/databases';
import { DownloadsStore, type DownloadInput } from './downloads';
import { ModelsStore } from './models';

const commit = 'c0ffee'.padEnd(40, '0');
const input: DownloadInput = {
  repoId: 'org/voice',
  commit,
  revision: 'main',
  path: '/models/org/voice',
  include: ['*.json', '**'],
  files: [
    { path: 'model.safetensors', size: 3_000_000_000, sha256: 'ab'.repeat(32), etag: '"x"' },
    { path: 'فایل.json', size: 12 },
  ],
  model: { type: 'tts', licence: 'mit', metadata: { task: 'text-to-speech' } },
};

describeDatabase('DownloadsStore', (test) => {
  const store = (): DownloadsStore => new DownloadsStore(test().db);

  it('queues a download with its files and its model in one go', async () => {
    const { download, model, created } = await store().create(input);
    expect(created).toBe(true);
    expect(downloadSchema.parse(download)).toEqual(download);
    expect(download).toMatchObject({
      repoId: 'org/voice',
      commit,
      path: input.path,
      state: 'queued',
      bytesDone: 0,
      bytesTotal: 3_000_000_012,
      filesTotal: 2,
    });
    expect(model).toMatchObject({ name: 'voice', type: 'tts', status: 'downloading', path: input.path });
    expect(await store().files(download.id)).toEqual([
      { ...input.files[0], state: 'pending', bytesDone: 0 },
      { ...input.files[1], state: 'pending', bytesDone: 0 },
    ]);
    expect(await store().request(download.id)).toEqual({
      download,
      modelId: model.id,
      revision: 'main',
      include: ['*.json', '**'],
      exclude: undefined,
    });
  });

  it('answers the first one when asked twice, also at once', async () => {
    const both = await Promise.all([store().create(input), store().create(input), store().create(input)]);
    expect(new Set(both.map(({ download }) => download.id)).size).toBe(1);
    expect(both.filter(({ created }) => created)).toHaveLength(1);
    expect(await store().list()).toHaveLength(1);
    expect((await store().findActive('org/voice', commit))?.id).toBe(both[0].download.id);
  });

  it('refuses another commit while the folder is being written', async () => {
    const { download } = await store().create(input);
    await store().update(download.id, { state: 'paused' });
    await expect(store().create({ ...input, commit: 'd'.repeat(40) })).rejects.toMatchObject({
      kind: 'download.invalidState',
      details: { id: download.id },
    });
    expect(await new ModelsStore(test().db).list()).toMatchObject([{ commit }]);
    await store().update(download.id, { state: 'cancelled' });
    expect((await store().create({ ...input, commit: 'd'.repeat(40) })).created).toBe(true);
  });

  it('updates progress; the share of bytes follows', async () => {
    const { download } = await store().create(input);
    const half = await store().update(download.id, {
      bytesDone: 1_500_000_006,
      filesDone: 1,
      bytesPerSecond: 1234.5,
      etaSeconds: 60,
    });
    expect(half).toMatchObject({ bytesDone: 1_500_000_006, bytesPerSecond: 1234.5, etaSeconds: 60 });
    expect(half.seq).toBeGreaterThan(download.seq);
    expect(Date.parse(half.updatedAt)).toBeGreaterThanOrEqual(Date.parse(download.updatedAt));
    const [row] = await test().db.query('SELECT progress FROM download_queue');
    expect(row?.['progress']).toBe(0.5);
    expect((await store().update(download.id, { etaSeconds: null })).etaSeconds).toBeUndefined();
  });

  it('keeps and clears an error', async () => {
    const { download } = await store().create(input);
    const error = { kind: 'hub.unreachable', message: 'a\u0000b', retryable: true } as const;
    const failed = await store().update(download.id, { state: 'failed', error });
    expect(failed.error).toEqual({ ...error, message: 'a\uFFFDb' });
    expect((await store().update(download.id, { state: 'queued', error: null })).error).toBeUndefined();
  });

  it('refuses a change from a state it is not in', async () => {
    const { download } = await store().create(input);
    await expect(
      store().update(download.id, { state: 'paused' }, { from: ['downloading'] }),
    ).rejects.toMatchObject({
      kind: 'download.invalidState',
      details: { state: 'queued' },
    });
    const both = await Promise.allSettled([
      store().update(download.id, { state: 'downloading' }, { from: ['queued'] }),
      store().update(download.id, { state: 'cancelled' }, { from: ['queued'] }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('hands each queued download to one claimer', async () => {
    const made = [];
    for (const name of ['1', '2', '3']) {
      made.push((await store().create({ ...input, path: `/m/${name}`, repoId: `o/${name}` })).download.id);
    }
    const { claims } = store();
    expect((await claims.abandoned()).map(({ id }) => id)).toEqual(made);
    expect(await claims.abandoned({ foreign: true })).toEqual([]);
    await test().db.query(`UPDATE download_queue SET claimed_by = 1 WHERE id <> $1`, [made[2]]);
    expect((await claims.abandoned({ foreign: true })).map(({ id }) => id)).toEqual(made.slice(0, 2));
    expect((await claims.claim(made)).map(({ id }) => id)).toEqual(made);
    expect(await claims.held([...made, 'f'.repeat(8) + '-0000-4000-8000-000000000000'])).toEqual(
      new Set(made),
    );
  });

  it('queues again what a crash left downloading', async () => {
    const { download } = await store().create(input);
    await store().update(download.id, {
      state: 'downloading',
      bytesDone: 7,
      bytesPerSecond: 5,
      etaSeconds: 9,
    });
    const paused = (await store().create({ ...input, path: '/p' })).download;
    await store().update(paused.id, { state: 'paused' });
    expect((await store().claims.abandoned()).map(({ id }) => id)).toEqual([download.id]);
    const requeued = await store().claims.claim([download.id, paused.id]);
    expect(requeued).toMatchObject([{ id: download.id, state: 'queued', bytesDone: 7, bytesPerSecond: 0 }]);
    expect((await store().get(paused.id)).state).toBe('paused');
  });

  it('takes up what a dead backend left, and not what another machine has', async () => {
    const names = ['dead', 'elsewhere', 'own'];
    for (const name of names) {
      for (const state of ['downloading', 'queued'] as const) {
        const { id } = (await store().create({ ...input, repoId: `o/${name}`, path: `/${name}/${state}` }))
          .download;
        await store().update(id, { state });
      }
    }
    await test().db.query(
      `UPDATE download_queue d SET claimed_by = 1,
         claimed_on = CASE m.name WHEN 'elsewhere' THEN 'elsewhere' ELSE current_machine() END
       FROM models m WHERE m.id = d.model_id AND m.name <> 'own'`,
    );
    const { claims } = store();
    const left = await claims.abandoned();
    expect(left.map(({ path }) => path)).toEqual([
      '/dead/downloading',
      '/dead/queued',
      '/own/downloading',
      '/own/queued',
    ]);
    const all = (await store().list()).map(({ id }) => id);
    expect((await claims.claim(all)).map(({ path }) => path)).toEqual(left.map(({ path }) => path));
    expect((await store().list({ state: 'downloading' })).map(({ path }) => path)).toEqual([
      '/elsewhere/downloading',
    ]);
  });

  it('guards against another backend, and lets go of what rests', async () => {
    const { download } = await store().create(input);
    const { id } = download;
    const { claims } = store();
    await test().db.query(`UPDATE download_queue SET claimed_by = 1, claimed_on = 'elsewhere'`);
    expect(await claims.isFree(id)).toBe(false);
    expect(await claims.held([id])).toEqual(new Set());
    for (const claim of ['free', 'own'] as const) {
      await expect(store().update(id, { bytesDone: 1 }, { claim })).rejects.toMatchObject({
        kind: 'download.invalidState',
      });
    }
    await store().update(id, { state: 'paused' });
    expect(await claims.isFree(id)).toBe(false);
    await test().db.query(
      `UPDATE download_queue SET claimed_by = current_backend(), claimed_on = current_machine()`,
    );
    expect(await claims.held([id])).toEqual(new Set());
    expect((await store().update(id, { state: 'queued' }, { from: ['paused'], claim: 'free' })).state).toBe(
      'queued',
    );
    expect(await claims.held([id])).toEqual(new Set([id]));
    await store().update(id, { state: 'paused' }, { claim: 'own' });
    const [row] = await test().db.query('SELECT claimed_by FROM download_queue');
    expect(row?.['claimed_by']).toBe(0);
    expect(await claims.isFree(id)).toBe(true);
  });

  it('keeps the order that somebody gave it', async () => {
    const made = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      made.push((await store().create({ ...input, path: `/m/${name}`, repoId: `o/${name}` })).download.id);
    }
    const [a = '', b = '', c = '', d = ''] = made;
    const order = async (): Promise<string[]> => (await store().list()).map(({ repoId }) => repoId.slice(2));
    expect((await store().reorder(c, 'first')).map(({ id }) => id)).toEqual([c, a, b]);
    expect(await order()).toEqual(['c', 'a', 'b', 'd']);
    expect((await store().reorder(d, 2)).map(({ id }) => id)).toEqual([d, b]);
    expect(await order()).toEqual(['c', 'a', 'd', 'b']);
    await store().reorder(c, 'last');
    expect(await order()).toEqual(['a', 'd', 'b', 'c']);
    expect(await store().reorder(b, 2)).toEqual([]);
    await store().reorder(a, 99);
    expect(await order()).toEqual(['d', 'b', 'c', 'a']);
    await store().update(d, { state: 'cancelled' });
    expect(await store().reorder(d, 'last')).toEqual([]);
    await store().update(d, { state: 'queued', last: true });
    expect(await order()).toEqual(['b', 'c', 'a', 'd']);
    expect((await store().claims.abandoned()).map(({ id }) => id)).toEqual([b, c, a, d]);
  });

  it('takes further files in', async () => {
    const { download } = await store().create(input);
    const wider = await store().addFiles(download.id, [{ path: 'more.bin', size: 8 }, ...input.files]);
    expect(wider).toMatchObject({ filesTotal: 3, bytesTotal: 3_000_000_020 });
    expect((await store().files(download.id)).map(({ path }) => path)).toContain('more.bin');
  });

  it('completes the download and its model together', async () => {
    const { download, model } = await store().create(input);
    const done = await store().complete(download.id, { architecture: 'vits', format: 'safetensors' });
    expect(done.download).toMatchObject({
      state: 'completed',
      bytesDone: download.bytesTotal,
      filesDone: 2,
      bytesPerSecond: 0,
    });
    expect(done.model).toMatchObject({
      id: model.id,
      status: 'ready',
      commit,
      sizeBytes: download.bytesTotal,
      architecture: 'vits',
      licence: 'mit',
    });
    expect((await store().files(download.id)).every((file) => file.state === 'completed')).toBe(true);
    expect(await store().findActive('org/voice', commit)).toBeUndefined();
    expect((await store().findLatest('org/voice', commit))?.id).toBe(download.id);
  });

  it('completes neither when one of the two fails', async () => {
    const { download, model } = await store().create(input);
    await expect(store().complete(download.id, { type: 'video' as 'tts' })).rejects.toThrow();
    expect((await store().get(download.id)).state).toBe('queued');
    expect((await new ModelsStore(test().db).get(model.id)).status).toBe('downloading');
  });

  it('remembers what became of each file, through completion', async () => {
    const { download } = await store().create(input);
    const error = { kind: 'download.checksum', message: 'wrong', retryable: true } as const;
    await store().saveFiles(download.id, [
      { path: 'فایل.json', state: 'failed', bytesDone: 3, error },
      { path: 'model.safetensors', state: 'present', bytesDone: 3_000_000_000 },
      { path: 'none', state: 'completed', bytesDone: 1 },
    ]);
    expect(await store().files(download.id)).toMatchObject([
      { path: 'model.safetensors', state: 'present' },
      { path: 'فایل.json', state: 'failed', bytesDone: 3, error },
    ]);
    await store().complete(download.id);
    const [present, mended] = await store().files(download.id);
    expect(present?.state).toBe('present');
    expect(mended).toMatchObject({ state: 'completed', bytesDone: 12 });
    expect(mended?.error).toBeUndefined();
  });

  it('clears the finished ones, with the models that never arrived', async () => {
    const ready = (await store().create(input)).download;
    await store().complete(ready.id);
    const failed = await store().create({ ...input, path: '/failed' });
    await store().update(failed.download.id, { state: 'failed' });
    const queued = (await store().create({ ...input, path: '/queued' })).download;
    const removed = await store().removeFinished();
    expect(removed.downloadIds.sort()).toEqual([ready.id, failed.download.id].sort());
    expect(removed.modelIds).toEqual([failed.model.id]);
    expect((await store().list()).map(({ id }) => id)).toEqual([queued.id]);
    expect(await new ModelsStore(test().db).list({ status: 'ready' })).toHaveLength(1);
  });

  it('rejects with download.notFound for an id that is not there', async () => {
    const id = '7b2c9a4e-1111-4222-8333-444455556666';
    const attempts = [
      store().get(id),
      store().update(id, { state: 'paused' }),
      store().complete(id),
      store().remove(id),
      store().addFiles(id, []),
      store().request(id),
    ];
    const settled = await Promise.allSettled(attempts);
    for (const attempt of settled) {
      expect(attempt).toMatchObject({ status: 'rejected', reason: { kind: 'download.notFound' } });
    }
  });
});
