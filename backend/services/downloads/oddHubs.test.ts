/** What a hub, or somebody on the way to it, may answer that nobody expects. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from '../../../tests/fixtures/eventually';
import {
  bodyBytes,
  at,
  closeService,
  client,
  hub,
  modelsPath,
  openService,
  service,
  sha256,
  until,
  weights,
  withDownloads,
} from '../../../tests/fixtures/downloads';

withDownloads();

describe.each([
  ['one piece', {}],
  ['ranges', { rangesFrom: 500_000, rangeSize: 300_000 }],
])('a sign-in page in the place of a file, in %s', (_, tuning) => {
  const page = {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<html>Sign in to this network</html>'.repeat(50),
  };

  it('costs none of the bytes that are there, and does not become part of it', async () => {
    await closeService();
    openService(tuning);
    await service.recover();
    hub.fault({ host: 'cdn', bytesPerSecond: 500_000 });
    const { id } = await service.start({ repoId: 'org/voice', include: ['*.safetensors'] });
    await eventually(async () => expect((await service.get(id)).bytesDone).toBeGreaterThan(700_000));
    const before = await service.pause(id);
    hub.clearFaults();
    hub.fault({ ...page, path: '/resolve/' });
    await service.resume(id);
    const failed = await until(id, 'failed');
    expect(failed.error).toMatchObject({ kind: 'hub.invalidResponse', retryable: true });
    expect(failed.error?.message).toContain('login page');
    expect(failed.bytesDone).toBe(before.bytesDone);
    hub.clearFaults();
    const sent = bodyBytes();
    await service.resume(id);
    await until(id, 'completed');
    expect(bodyBytes() - sent).toBeLessThanOrEqual(weights.length - before.bytesDone);
    expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
  });

  it('is passed by when it goes away soon, from the first byte on', async () => {
    await closeService();
    openService(tuning);
    await service.recover();
    hub.fault({ ...page, path: '/resolve/', method: 'GET', times: 2 });
    const { id } = await service.start({ repoId: 'org/voice', include: ['*.safetensors'] });
    await until(id, 'completed');
    expect(bodyBytes()).toBe(weights.length);
  });
});

it('a compressed body in the place of a range is unpacked, and nothing of it mixed up', async () => {
  await closeService();
  openService({ rangesFrom: 500_000, rangeSize: 300_000 });
  await service.recover();
  hub.fault({ host: 'cdn', gzip: true });
  const { id } = await service.start({ repoId: 'org/voice', include: ['*.safetensors'] });
  await until(id, 'completed');
  expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
});

it('lengths that are announced too short, and bodies that end early, are gone on from', async () => {
  await closeService();
  openService({ rangesFrom: 500_000, rangeSize: 300_000 });
  await service.recover();
  hub.fault({ host: 'cdn', truncate: 1000, times: 3 });
  const { id } = await service.start({ repoId: 'org/voice', include: ['*.safetensors'] });
  await until(id, 'completed');
  expect(sha256(await readFile(at('model.safetensors')))).toBe(sha256(weights));
  expect(bodyBytes()).toBe(weights.length);
});

it('a repository without files is planned as nothing and not begun', async () => {
  await hub.add('org/empty', {});
  const plan = await service.plan({ repoId: 'org/empty' });
  expect(plan).toMatchObject({ files: [], totalBytes: 0, remainingBytes: 0 });
  await expect(service.start({ repoId: 'org/empty' })).rejects.toMatchObject({ kind: 'hub.notFound' });
  expect(await client.model('org/empty')).toMatchObject({ files: [], totalBytes: 0 });
  expect(await service.list()).toEqual([]);
});

it('a Persian name as long as the disk takes with its bookkeeping comes; a longer one is refused before anything is written', async () => {
  const longest = 'م'.repeat(123);
  const content = randomBytes(600_000);
  await hub.add('org/long', { [longest]: content });
  await until((await service.start({ repoId: 'org/long', include: ['*'] })).id, 'completed');
  expect((await readFile(path.join(modelsPath, 'org', 'long', longest))).equals(content)).toBe(true);
  await hub.add('org/longer', { [`${longest}م`.padEnd(255, 'x')]: content });
  await expect(service.start({ repoId: 'org/longer', include: ['*'] })).rejects.toMatchObject({
    kind: 'download.unsafePath',
  });
});
