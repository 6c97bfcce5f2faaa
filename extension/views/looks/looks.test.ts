import { afterEach, describe, expect, it } from 'vitest';
import type { Download, DownloadFile } from '../../../protocol/model/download';
import type { Model } from '../../../protocol/model/model';
import type { Checkpoint, Run } from '../../../protocol/model/run';
import { useLanguage } from '../../text/translate';
import { datasetLook } from './dataset';
import { compareDownloads, downloadLook } from './download';
import { downloadFileLook } from './downloadFile';
import { escapeMarkdown, factsTooltip, type Look } from './look';
import { curatedLook, isPlayable, modelGroup, modelLook } from './model';
import { checkpointLook, runLook, sortCheckpoints } from './run';

const now = Date.parse('2026-01-02T00:00:00Z');
const id = '7b0a6f0a-7c5c-4a52-9d8e-0d9f5f1f3a10';
const at = '2026-01-01T00:00:00Z';

afterEach(() => useLanguage('en', {}));

const download = (part: Partial<Download>): Download => ({
  id,
  repoId: 'owner/voice',
  commit: 'c0ffee',
  path: '/models/owner/voice',
  state: 'downloading',
  bytesDone: 43_000_000,
  bytesTotal: 100_000_000,
  filesDone: 1,
  filesTotal: 3,
  bytesPerSecond: 6_100_000,
  etaSeconds: 118,
  createdAt: at,
  updatedAt: at,
  seq: 1,
  ...part,
});

describe('a download', () => {
  it.each([
    ['hub.gated', 'goya.download.failedToken'],
    ['hub.unauthorized', 'goya.download.failedToken'],
    ['hub.unreachable', 'goya.download.failed'],
  ] as const)('that failed with %s is offered what helps', (kind, contextValue) => {
    const error = { kind, message: 'x', retryable: false };
    expect(downloadLook(download({ state: 'failed', error }), now).contextValue).toBe(contextValue);
    expect(downloadLook(download({ state: 'queued', error }), now).contextValue).toBe('goya.download.queued');
  });

  it('that failed says in Persian, in its row, what happened, and the whole of it when one looks closer', () => {
    useLanguage('fa', {
      'failed: {0}': 'ناکام: {0}',
      'The disk is full.': 'دیسک پر است. جا باز کنید.',
    });
    const error = { kind: 'download.diskFull', message: '/data is full.', retryable: false } as const;
    const { description, tooltip } = downloadLook(download({ state: 'failed', error }), now);
    expect(description).toBe('\u2067ناکام: \u2067دیسک پر است\u2069\u2069');
    // The outer isolate and the Persian one run from right to left; the English one finds its own way.
    expect(tooltip).toContain(
      '\u2067\u2067دیسک پر است\\. جا باز کنید\\.\u2069 \u2068\\/data is full\\.\u2069\u2069',
    );
  });

  it('says share, rate and time left', () => {
    const look = downloadLook(download({}), now);
    expect(look.label).toBe('owner/voice');
    expect(look.description).toBe('43 % · 6.1 MB/s · 2 min left');
    expect(look.contextValue).toBe('goya.download.downloading');
  });

  it('says why it failed, and is marked', () => {
    const error = { kind: 'hub.unreachable', message: 'the hub answers 403 here.', retryable: true } as const;
    const look = downloadLook(download({ state: 'failed', error }), now);
    expect(look.description).toBe('failed: the hub answers 403 here.');
    expect(look).toMatchObject({ failed: true, contextValue: 'goya.download.failed' });
  });

  it('stands in the queue by its place; what needs somebody comes next, then what has ended', () => {
    const list = [
      download({ id: 'done', state: 'completed' }),
      download({ id: 'newer', state: 'cancelled', createdAt: '2026-01-03T00:00:00Z' }),
      download({ id: 'second', state: 'paused', position: 7 }),
      download({ id: 'failed', state: 'failed' }),
      download({ id: 'first', state: 'queued', position: 3 }),
    ];
    expect(list.toSorted(compareDownloads).map((each) => each.id)).toEqual([
      'first',
      'second',
      'failed',
      'newer',
      'done',
    ]);
  });

  it('never says 100 % before it is whole', () => {
    expect(downloadLook(download({ bytesDone: 99_999_999 }), now).description).toMatch(/^99 %/);
    expect(downloadLook(download({ bytesTotal: 0, bytesDone: 0 }), now).description).toMatch(/^0 %/);
  });
});

describe('a file of a download', () => {
  const file = (part: Partial<DownloadFile>): Look =>
    downloadFileLook({
      id: `${id}/sub/model.safetensors`,
      downloadId: id,
      path: 'sub/model.safetensors',
      size: 100_000_000,
      bytesDone: 41_000_000,
      state: 'downloading',
      seq: 1,
      ...part,
    });

  it('says how far it is', () => {
    expect(file({})).toMatchObject({
      label: 'sub/model.safetensors',
      description: '41 % · 41.0 MB of 100 MB',
      contextValue: 'goya.downloadFile',
    });
    expect(file({ state: 'waiting', bytesDone: 0 }).description).toBe('waiting · 100 MB');
    expect(file({ state: 'waiting' }).description).toBe('waiting · 41 % · 100 MB');
    expect(file({ state: 'verifying' }).description).toBe('verifying · 100 MB');
    expect(file({ state: 'done' }).description).toBe('✓ · 100 MB');
    expect(file({ state: 'present' }).description).toBe('✓ · was here before · 100 MB');
  });

  it('says why it failed, and is marked', () => {
    const error = { kind: 'download.checksum', message: 'it came twice wrong.', retryable: true } as const;
    expect(file({ state: 'failed', error })).toMatchObject({
      description: 'failed: it came twice wrong.',
      failed: true,
    });
  });
});

const run = (part: Partial<Run>): Run => ({
  id,
  name: 'keywords',
  task: 'audio-classification',
  state: 'running',
  progress: 0.2,
  epoch: 7,
  epochs: 30,
  step: 70,
  metrics: { loss: 0.31, val_loss: 0.34, val_accuracy: 0.9712 },
  engine: 'tensorflow',
  config: {},
  createdAt: at,
  seq: 1,
  ...part,
});

describe('a run', () => {
  it('says what counts in each state', () => {
    expect(runLook(run({}), now).description).toBe('running · epoch 7/30 · loss 0.31 · tensorflow');
    expect(runLook(run({ state: 'completed' }), now).description).toBe('completed · val_accuracy 0.971');
    expect(runLook(run({ etaSeconds: 130 }), now).description).toBe(
      'running · epoch 7/30 · 2 min left · loss 0.31 · tensorflow',
    );
    expect(runLook(run({ state: 'queued', priority: 3 }), now).description).toBe('waiting · priority 3');
    const system = { cpuPercent: 180, rssBytes: 4.1e8, heapBytes: 1, tensors: 41, tensorBytes: 1 };
    expect(runLook(run({ system, notice: 'A checkpoint was damaged.' }), now).tooltip).toMatch(
      /A checkpoint was damaged[^]*180 % of a core[^]*410 MB[^]*41/,
    );
    expect(runLook(run({ state: 'interrupted' }), now).description).toBe(
      'interrupted · epoch 7/30 · val_accuracy 0.971',
    );
  });

  it('is told in Persian with Persian digits', () => {
    useLanguage('fa', { running: 'در حال اجرا', 'epoch {0}': 'دور {0}' });
    expect(runLook(run({ engine: undefined }), now).description).toContain('دور ۷/۳۰');
  });

  const checkpoint = (epoch: number, best: boolean): Checkpoint => ({
    id,
    runId: id,
    epoch,
    step: epoch * 10,
    loss: 0.34,
    path: '/runs/x',
    best,
    createdAt: at,
  });

  it('lists its best checkpoint first, then the newest', () => {
    const sorted = sortCheckpoints([checkpoint(5, false), checkpoint(6, true), checkpoint(7, false)]);
    expect(sorted.map(({ epoch }) => epoch)).toEqual([6, 7, 5]);
    expect(checkpointLook(sorted[0]!, false, now)).toMatchObject({
      label: 'best',
      description: 'epoch 6 · loss 0.34',
    });
    expect(checkpointLook(sorted[1]!, true, now).label).toBe('last');
    expect(checkpointLook(sorted[2]!, false, now)).toMatchObject({
      label: 'epoch 5',
      description: 'loss 0.34',
    });
  });
});

const model = (part: Partial<Model>): Model => ({
  id,
  name: 'keywords',
  type: 'other',
  path: '/models/trained/keywords',
  sizeBytes: 400_000,
  status: 'ready',
  metadata: {},
  createdAt: at,
  seq: 1,
  ...part,
});

describe('a model', () => {
  it('that was trained here can be tried', () => {
    const trained = model({ metadata: { runId: id, task: 'audio-classification' } });
    expect(modelLook(trained, now)).toMatchObject({
      description: 'trained · audio · 0.4 MB',
      contextValue: 'goya.model.ready.playable',
    });
    expect(modelGroup(trained, 'source')).toBe('Trained here');
  });

  it('from the hub is grouped by its owner', () => {
    const fetched = model({ repoId: 'facebook/mms', type: 'tts', format: 'safetensors' });
    expect(isPlayable(fetched)).toBe(false);
    expect(modelGroup(fetched, 'source')).toBe('facebook');
    expect(modelGroup(fetched, 'task')).toBe('Text to speech');
    expect(modelGroup(fetched, 'none')).toBeUndefined();
  });

  it('that is not what the hub has is marked, one that is says so', () => {
    const compared = (state: string, problems: unknown[]): Model =>
      model({ metadata: { verification: { state, problems, at, against: ['hub'] } } });
    const differing = modelLook(compared('differs', [{ file: 'a', message: 'x' }]), now);
    expect(differing).toMatchObject({ warned: true, icon: 'warning', contextValue: 'goya.model.ready' });
    expect(differing.description).toContain('not what the hub has');
    const verified = modelLook(compared('verified', []), now);
    expect(verified.warned).toBe(false);
    expect(verified.tooltip).toContain('every file matches its hash');
  });

  it('whose files are gone says so', () => {
    const look = modelLook(model({ status: 'missing', metadata: { runId: id } }), now);
    expect(look).toMatchObject({ failed: true, contextValue: 'goya.model.missing' });
    expect(look.description).toContain('files are gone');
  });

  it('of the curated list shows licence, size and format', () => {
    const look = curatedLook(
      {
        repoId: 'rhasspy/piper-voices',
        tags: [],
        downloads: 0,
        likes: 0,
        gated: false,
        private: false,
        languages: ['fa'],
        licence: 'mit',
        title: 'Piper Amir',
        architecture: 'vits',
        formats: ['onnx'],
        sizeBytes: 63_500_000,
        note: 'A voice.',
        dateChecked: '2026-01-01',
      },
      false,
    );
    expect(look).toMatchObject({ label: 'Piper Amir', description: 'mit · 63.5 MB · onnx' });
  });
});

describe('a data set', () => {
  it('says its size, length and findings', () => {
    const dataset = {
      id,
      name: 'keywords',
      format: 'folder-per-label',
      path: '/data/keywords',
      sizeBytes: 1,
      items: 400,
      warnings: 2,
      errors: 0,
      stats: { seconds: 540 },
      createdAt: at,
      seq: 1,
    } as const;
    expect(datasetLook(dataset, now)).toMatchObject({
      description: '400 clips · 9 min · warnings: 2',
      failed: false,
    });
    expect(datasetLook({ ...dataset, stats: {}, errors: 1 }, now)).toMatchObject({
      description: '400 rows · errors: 1 · warnings: 2',
      failed: true,
    });
  });
});

describe('tooltips', () => {
  it('let nothing from outside become a link, a picture or a command', () => {
    const hostile = '[x](command:evil) ![i](http://t) <b>`c`</b> | $(icon)\nnext';
    expect(escapeMarkdown(hostile)).not.toMatch(/(?<!\\)[[\]()<>`|!$]|\n/);
  });

  it('leave out facts that are not known', () => {
    const text = factsTooltip('Name', [
      ['Size', '1 MB'],
      ['Licence', undefined],
      ['Format', ''],
    ]);
    expect(text).toContain('Size');
    expect(text).not.toMatch(/Licence|Format/);
  });
});
