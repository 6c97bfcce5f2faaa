/** A model's way to a machine without a network, through the built backend. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { downloadsGet, downloadsPlan, downloadsStart } from '../../protocol/api/downloads';
import {
  modelsExport,
  modelsImport,
  modelsList,
  modelsRepair,
  modelsVerify,
} from '../../protocol/api/models';
import { verificationOf } from '../../protocol/model/model';
import { eventually } from '../fixtures/eventually';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { startBackend, type Backend } from './backend';

const weights = randomBytes(3_000_000);
const files = {
  'config.json': '{"model_type":"vits"}',
  'model.safetensors': weights,
  'واژه‌ها.txt': 'آ ب پ',
};

let hub: Hub;
let folder: string;
let running: Backend[];
beforeEach(async () => {
  hub = await startHub();
  await hub.add('org/voice', files, { tags: ['fa', 'license:mit'], pipeline_tag: 'text-to-speech' });
  folder = await mkdtemp(path.join(tmpdir(), 'goya-library-'));
  running = [];
});
afterEach(async () => {
  for (const backend of running) await backend.dispose();
  await hub.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

async function open(machine: string, endpoint = 'http://127.0.0.1:9'): Promise<Backend> {
  const backend = await startBackend({
    storagePath: path.join(folder, machine, 'storage'),
    modelsPath: path.join(folder, machine, 'models'),
    env: { HF_ENDPOINT: endpoint },
  });
  running.push(backend);
  return backend;
}
async function finished(backend: Backend, id: string): Promise<void> {
  await eventually(
    async () => {
      const { state, error } = await backend.call(downloadsGet, { id });
      if (state === 'failed') throw new Error(JSON.stringify(error));
      return state === 'completed';
    },
    { timeoutMs: 60_000 },
  );
}

it('goes by an archive from a machine with the hub to one without, and is whole there', async () => {
  const here = await open('here', hub.url);
  await finished(here, (await here.call(downloadsStart, { repoId: 'org/voice' })).id);
  const [model] = (await here.call(modelsList, {})).models;
  if (model === undefined) throw new Error('nothing is installed');
  const archive = path.join(folder, 'voice.tar');
  const exported = await here.call(modelsExport, { id: model.id, path: archive, format: 'archive' });
  expect(exported).toMatchObject({ path: archive, files: 3, bytes: model.sizeBytes });
  await expect(
    here.call(modelsExport, { id: model.id, path: archive, format: 'archive' }),
  ).rejects.toMatchObject({ kind: 'download.writeFailed' });
  expect(await here.stop()).toBe(0);
  await hub.close();

  const there = await open('there');
  const back = await there.call(modelsImport, { path: archive });
  expect(back).toMatchObject({
    repoId: 'org/voice',
    commit: model.commit,
    licence: 'mit',
    path: path.join(folder, 'there', 'models', 'org', 'voice'),
    status: 'ready',
  });
  expect(verificationOf(back)).toMatchObject({ state: 'unverified', problems: [] });
  expect(await there.call(modelsVerify, { id: back.id })).toEqual({ ok: true, problems: [] });
  expect((await readFile(path.join(back.path, 'model.safetensors'))).equals(weights)).toBe(true);
  // A client with the hub again would fetch nothing: the bookkeeping came along.
  hub = await startHub();
  await hub.add('org/voice', files, { tags: ['fa', 'license:mit'], pipeline_tag: 'text-to-speech' });
  await there.stop();
  const again = await open('there', hub.url);
  expect(await again.call(downloadsPlan, { repoId: 'org/voice' })).toMatchObject({ remainingBytes: 0 });
});

it('tells how far a check is, and repairs what it finds', async () => {
  const backend = await open('here', hub.url);
  await finished(backend, (await backend.call(downloadsStart, { repoId: 'org/voice' })).id);
  const [model] = (await backend.call(modelsList, {})).models;
  if (model === undefined) throw new Error('nothing is installed');
  await writeFile(path.join(model.path, 'config.json'), '{"model_type":"VITS"}');
  const seen = backend.watch('check');
  const found = await backend.call(modelsVerify, { id: model.id, token: 'check' });
  expect(found.problems).toMatchObject([{ file: 'config.json', kind: 'altered' }]);
  await eventually(() => Promise.resolve(seen.at(-1)?.['bytesDone'] === model.sizeBytes));
  const before = hub.requests.filter((request) => request.host === 'cdn').length;
  await finished(backend, (await backend.call(modelsRepair, { id: model.id })).id);
  expect(hub.requests.filter((request) => request.host === 'cdn')).toHaveLength(before);
  expect(await backend.call(modelsVerify, { id: model.id })).toEqual({ ok: true, problems: [] });
});
