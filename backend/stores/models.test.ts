import { expect, it } from 'vitest';
import { model } from '../../protocol/model/model';
import { describeDatabase } from '../../tests/fixtures/databases';
import { DownloadsStore } from './downloads';
import { ModelsStore, type ModelInput } from './models';
import { RunsStore } from './runs';

const voice: ModelInput = {
  name: 'صدای فارسی',
  type: 'tts',
  path: '/models/خانه/voice',
  repoId: 'org/voice',
  commit: 'a'.repeat(40),
  sizeBytes: 3_000_000_000,
  architecture: 'vits',
  format: 'safetensors',
  licence: 'mit',
  metadata: { task: 'text-to-speech', نام: 'گویا' },
};

describeDatabase('ModelsStore', (test) => {
  const store = (): ModelsStore => new ModelsStore(test().db);

  it('keeps every field, Persian text and sizes beyond 32 bits', async () => {
    const made = await store().upsertImported(voice);
    expect(model.parse(made)).toEqual(made);
    expect(made).toMatchObject({ ...voice, status: 'ready' });
    expect(await store().get(made.id)).toEqual(made);
    expect(await store().findByPath(voice.path)).toEqual(made);
    expect(await store().findByRepo('org/voice')).toEqual([made]);
  });

  it('leaves absent fields out of the entity', async () => {
    const made = await store().upsertImported({ name: 'x', type: 'other', path: '/x' });
    expect(Object.keys(made)).not.toContain('repoId');
    expect(made).toMatchObject({ sizeBytes: 0, metadata: {} });
  });

  it('renews the row of the same folder, with a higher seq', async () => {
    const first = await store().upsertImported(voice);
    const again = await store().upsertImported({ name: 'renamed', type: 'stt', path: voice.path });
    expect(again).toMatchObject({ id: first.id, name: 'renamed', type: 'stt', metadata: {} });
    expect(again.seq).toBeGreaterThan(first.seq);
    expect(await store().list()).toHaveLength(1);
  });

  it('lists by type and status, oldest first', async () => {
    const one = await store().upsertImported({ name: '1', type: 'tts', path: '/1' });
    const two = await store().upsertImported({ name: '2', type: 'stt', path: '/2' });
    await store().setStatus(two.id, 'missing');
    expect((await store().list()).map((m) => m.name)).toEqual(['1', '2']);
    expect((await store().list({ type: 'tts' })).map((m) => m.id)).toEqual([one.id]);
    expect((await store().list({ status: 'missing' })).map((m) => m.id)).toEqual([two.id]);
  });

  it('updates what is given, clears what is null and leaves the rest', async () => {
    const made = await store().upsertImported(voice);
    const changed = await store().update(made.id, { licence: null, sizeBytes: 5, metadata: { a: [1] } });
    expect(changed).toMatchObject({ sizeBytes: 5, architecture: 'vits', metadata: { a: [1] } });
    expect(changed.licence).toBeUndefined();
    expect(await store().update(made.id, {})).toEqual(changed);
  });

  it('points a run to the model it made, and outlives neither', async () => {
    const runs = new RunsStore(test().db);
    const run = await runs.create({ name: 'r', task: 't', epochs: 1, config: {} });
    const made = await store().upsertTrained(run.id, { name: 'out', type: 'other', path: '/out' });
    expect(made.metadata).toEqual({ runId: run.id });
    expect((await runs.details(run.id)).modelId).toBe(made.id);
    await store().remove(made.id);
    expect((await runs.details(run.id)).modelId).toBeUndefined();
  });

  it('takes its downloads with it and says which', async () => {
    const { download, model: made } = await new DownloadsStore(test().db).create({
      repoId: 'org/voice',
      commit: 'b'.repeat(40),
      path: '/v',
      files: [{ path: 'a', size: 1 }],
    });
    const removed = await store().remove(made.id);
    expect(removed).toMatchObject({ model: { id: made.id }, downloadIds: [download.id] });
    expect(await new DownloadsStore(test().db).list()).toEqual([]);
  });

  it('rejects with model.notFound for an id that is not there', async () => {
    const id = '7b2c9a4e-1111-4222-8333-444455556666';
    const attempts = [store().get(id), store().update(id, { name: 'x' }), store().remove(id)];
    for (const attempt of await Promise.allSettled(attempts)) {
      expect(attempt).toMatchObject({
        status: 'rejected',
        reason: { kind: 'model.notFound', details: { id } },
      });
    }
    expect(await store().find(id)).toBeUndefined();
  });

  it('takes text that looks like SQL as text, and characters that cannot be stored as U+FFFD', async () => {
    const name = `'); DROP TABLE models; -- $1 "x" \\' ; \u0000 end \uD800`;
    const made = await store().upsertImported({
      name,
      type: 'other',
      path: `/a'b;c`,
      metadata: { 'k\u0000': ['v\u0000', '\uDC00'] },
    });
    expect(made.name).toBe(`'); DROP TABLE models; -- $1 "x" \\' ; \uFFFD end \uFFFD`);
    expect(made.metadata).toEqual({ 'k\uFFFD': ['v\uFFFD', '\uFFFD'] });
    expect(await store().findByPath(`/a'b;c`)).toEqual(made);
    expect(await store().list()).toHaveLength(1);
  });
});
