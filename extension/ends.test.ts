import { describe, expect, it } from 'vitest';
import type { Download } from '../protocol/model/download';
import type { Run } from '../protocol/model/run';
import { describeActivity } from './activity';
import { downloadEnd, mayNotify, runEnd } from './ends';

const at = '2026-01-01T00:00:00Z';
const download = (state: Download['state'], part: Partial<Download> = {}): Download => ({
  id: '7b0a6f0a-7c5c-4a52-9d8e-0d9f5f1f3a10',
  repoId: 'owner/voice',
  commit: 'c',
  path: '/m',
  state,
  bytesDone: 0,
  bytesTotal: 3_000_000,
  filesDone: 0,
  filesTotal: 1,
  bytesPerSecond: 0,
  createdAt: at,
  updatedAt: at,
  seq: 1,
  ...part,
});
const run = (state: Run['state'], metrics: Run['metrics'] = {}): Run => ({
  id: '7b0a6f0a-7c5c-4a52-9d8e-0d9f5f1f3a10',
  name: 'flowers',
  task: 'x',
  state,
  progress: 0,
  epoch: 0,
  epochs: 1,
  step: 0,
  metrics,
  config: {},
  createdAt: at,
  seq: 1,
});

describe('an end that somebody waits for', () => {
  it('is a change from under way to done or failed', () => {
    const done = downloadEnd({
      kind: 'changed',
      previous: download('downloading'),
      item: download('completed'),
    });
    expect(done).toMatchObject({ kind: 'done', message: 'owner/voice is here: 3.0 MB.' });
    const failed = downloadEnd({
      kind: 'changed',
      previous: download('downloading'),
      item: download('failed', {
        error: { kind: 'download.diskFull', message: 'The disk is full.', retryable: true },
      }),
    });
    expect(failed).toMatchObject({
      kind: 'failed',
      error: { kind: 'download.diskFull', message: 'owner/voice: The disk is full.' },
    });
    expect(
      runEnd({
        kind: 'changed',
        previous: run('running'),
        item: run('completed', { loss: 0.2, val_accuracy: 0.9667 }),
      }),
    ).toMatchObject({ kind: 'done', message: 'Training of flowers is done: val_accuracy 0.967.' });
  });

  it('is not what was over before, what a person ended, or what was only found', () => {
    const completed = download('completed');
    expect(downloadEnd({ kind: 'changed', previous: completed, item: completed })).toBeUndefined();
    expect(downloadEnd({ kind: 'added', item: completed })).toBeUndefined();
    expect(downloadEnd({ kind: 'reset' })).toBeUndefined();
    expect(
      downloadEnd({ kind: 'changed', previous: download('downloading'), item: download('cancelled') }),
    ).toBeUndefined();
    expect(runEnd({ kind: 'changed', previous: run('stopping'), item: run('stopped') })).toBeUndefined();
  });

  it('can be silenced', () => {
    expect([mayNotify('all', 'done'), mayNotify('all', 'failed')]).toEqual([true, true]);
    expect([mayNotify('failures', 'done'), mayNotify('failures', 'failed')]).toEqual([false, true]);
    expect([mayNotify('none', 'done'), mayNotify('none', 'failed')]).toEqual([false, false]);
  });
});

describe('the status bar', () => {
  it('counts what is under way', () => {
    const text = (downloads: Download[], runs: Run[]) => describeActivity('running', downloads, runs).text;
    expect(text([], [])).toBe('$(unmute) Goya');
    expect(text([download('downloading')], [])).toBe('$(sync~spin) Goya: 1 download 0 %');
    expect(text([download('downloading'), download('queued'), download('paused')], [run('running')])).toBe(
      '$(sync~spin) Goya: 2 downloads 0 %, 1 run',
    );
    const half = download('downloading', { bytesDone: 1_500_000, bytesPerSecond: 2_000_000 });
    expect(text([half, download('downloading', { bytesPerSecond: 500_000 })], [])).toBe(
      '$(sync~spin) Goya: 2 downloads 25 % · 2.5 MB/s',
    );
    expect(text([], [run('completed')])).toBe('$(unmute) Goya');
  });

  it('shows a backend that is down before anything else', () => {
    expect(describeActivity('failed', [download('downloading')], [])).toMatchObject({
      text: '$(error) Goya',
      failed: true,
    });
    expect(describeActivity('waiting', [], []).text).toBe('$(sync~spin) Goya: starting');
  });
});
