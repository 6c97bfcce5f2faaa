/** Another hub in mid-download: a download goes on there from the bytes on disk, and the token stays where it belongs. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { downloadsGet, downloadsPause, downloadsResume, downloadsStart } from '../../protocol/api/downloads';
import { settingsUpdate, tokenSet } from '../../protocol/api/settings';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { startBackend, type Backend } from './backend';

// One that comes in one piece, and one that comes in ranges.
const files = { 'a.bin': randomBytes(6_000_000), 'model.safetensors': randomBytes(34 << 20) };
const total = files['a.bin'].length + files['model.safetensors'].length;
const long = { timeoutMs: 60_000 };

let hub: Hub;
let mirror: Hub;
let folder: string;
let backend: Backend;

beforeEach(async () => {
  hub = await startHub({ tokens: { hf_good: { name: 'sara' } } });
  mirror = await startHub();
  for (const each of [hub, mirror]) await each.add('org/voice', files);
  folder = await mkdtemp(path.join(tmpdir(), 'goya-mirror-'));
  backend = await startBackend({
    storagePath: path.join(folder, 'storage'),
    modelsPath: path.join(folder, 'models'),
    env: { HF_ENDPOINT: hub.url },
  });
  await backend.call(tokenSet, { token: 'hf_good' });
});
afterEach(async () => {
  await backend.dispose();
  await Promise.all([hub.close(), mirror.close()]);
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const goTo = (endpoint: string): Promise<unknown> =>
  backend.call(settingsUpdate, { settings: { hub: { endpoint } } });
const bodies = (at: Hub): Hub['requests'] => at.requests.filter(({ host }) => host === 'cdn');
const bytesDone = async (id: string): Promise<number> => (await backend.call(downloadsGet, { id })).bytesDone;

async function expectWhole(): Promise<void> {
  const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
  for (const [name, content] of Object.entries(files)) {
    const installed = await readFile(path.join(folder, 'models', 'org', 'voice', name));
    expect(digest(installed)).toBe(digest(content));
  }
}

it('a running download changes hubs at once, a paused one when it is resumed; neither loses what it has', async () => {
  hub.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
  mirror.fault({ host: 'cdn', bytesPerSecond: 1_000_000 });
  const { values } = await backend.subscribe('downloads');
  const { id } = await backend.call(downloadsStart, { repoId: 'org/voice' });
  const before = await eventually(async () => {
    const done = await bytesDone(id);
    return done > 4_000_000 && done;
  }, long);

  await goTo(mirror.url);
  const told = values.length;
  await eventually(async () => (await bytesDone(id)) > before + 4_000_000, long);
  const asked = hub.requests.length;
  // Nothing was begun anew, and nothing went on at the old place.
  const later = values.slice(told).map((value) => Number(value['bytesDone']));
  expect(Math.min(...later)).toBeGreaterThan(before - 1_000_000);
  expect(bodies(mirror).every(({ headers }) => headers.range !== undefined)).toBe(true);
  expect(mirror.requests.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);

  const paused = await backend.call(downloadsPause, { id });
  expect(paused.state).toBe('paused');
  expect(hub.requests.length).toBe(asked);
  await goTo(hub.url);
  hub.clearFaults();
  const first = hub.requests.length;
  await backend.call(downloadsResume, { id });
  await eventually(async () => (await backend.call(downloadsGet, { id })).state === 'completed', long);
  await expectWhole();
  const last = hub.requests.slice(first);
  const fetched = last.filter(({ host }) => host === 'cdn').reduce((sum, { bytes }) => sum + bytes, 0);
  expect(fetched).toBeLessThanOrEqual(total - paused.bytesDone + 1_000_000);
  expect(last.some(({ host, headers }) => host === 'hub' && headers.authorization === 'Bearer hf_good')).toBe(
    true,
  );
});
