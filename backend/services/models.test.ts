import { mkdir, mkdtemp, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Model } from '../../protocol/model/model';
import { openEmbeddedTest, silent, type TestDatabase } from '../../tests/fixtures/databases';
import { LocalDir } from '../hub/localDir';
import { DownloadsStore } from '../stores/downloads';
import { ModelsStore } from '../stores/models';
import { ModelsService } from './models';

let database: TestDatabase;
let root: string;
let modelsPath: string;
let store: ModelsStore;
let downloads: DownloadsStore;
let service: ModelsService;
let inUse: string | undefined;
let changed: Model[];

beforeAll(async () => {
  database = await openEmbeddedTest();
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.reset();
  root = await mkdtemp(path.join(tmpdir(), 'goya-library-'));
  modelsPath = path.join(root, 'models');
  await mkdir(modelsPath);
  store = new ModelsStore(database.db);
  downloads = new DownloadsStore(database.db);
  inUse = undefined;
  changed = [];
  service = new ModelsService({ store, downloads, modelsPath, log: silent, inUse: () => inUse });
  service.on('changed', (model) => changed.push(model));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const commit = 'a'.repeat(40);
/** A folder as a download leaves it. */
async function downloaded(repoId = 'org/voice'): Promise<Model> {
  const folder = path.join(modelsPath, ...repoId.split('/'));
  const local = new LocalDir(folder);
  for (const [file, content] of [
    ['config.json', '{"model_type":"whisper"}'],
    ['sub/model.safetensors', 'weights'],
  ] as const) {
    const etag = createHash('sha256').update(content).digest('hex');
    const { destination } = await local.prepare(file, etag);
    await writeFile(destination, content);
    await local.writeMetadata(file, commit, etag);
  }
  return service.import(folder);
}
async function tfjs(folder: string, weights = 24): Promise<void> {
  await mkdir(folder, { recursive: true });
  const manifest = [{ paths: ['weights.bin'], weights: [{ name: 'w', shape: [2, 3], dtype: 'float32' }] }];
  await writeFile(
    path.join(folder, 'model.json'),
    JSON.stringify({ format: 'layers-model', modelTopology: {}, weightsManifest: manifest }),
  );
  await writeFile(path.join(folder, 'weights.bin'), Buffer.alloc(weights));
}

describe('import', () => {
  it('takes a tf.js model where it lies', async () => {
    const folder = path.join(root, 'mine', 'بازشناس');
    await tfjs(folder);
    const model = await service.import(folder);
    expect(model).toMatchObject({
      name: 'بازشناس',
      type: 'other',
      format: 'tfjs',
      path: folder,
      status: 'ready',
    });
    expect(model.sizeBytes).toBeGreaterThan(24);
    expect(model.metadata).toMatchObject({ runsHere: { verdict: 'yes' } });
    expect((await service.import(folder)).id).toBe(model.id);
    expect(await service.list()).toHaveLength(1);
    expect(changed).toHaveLength(2);
  });

  it('reads where a folder came from', async () => {
    expect(await downloaded()).toMatchObject({
      repoId: 'org/voice',
      commit,
      architecture: 'whisper',
      type: 'stt',
      format: 'safetensors',
    });
  });

  it('refuses what is not a model', async () => {
    await mkdir(path.join(root, 'empty'));
    await writeFile(path.join(root, 'file'), '');
    const cases = [
      ['relative/path', 'model.notFound'],
      [path.join(root, 'nowhere'), 'model.notFound'],
      [path.join(root, 'file'), 'model.unsupported'],
      [path.join(root, 'empty'), 'model.unsupported'],
      [root, 'model.unsupported'],
      [modelsPath, 'model.unsupported'],
    ] as const;
    for (const [folder, kind] of cases) {
      await expect(service.import(folder)).rejects.toMatchObject({ kind });
    }
    expect(await service.list()).toEqual([]);
  });
});

describe('list', () => {
  it('notices a folder that vanished, and that it came back', async () => {
    const model = await downloaded();
    await rename(model.path, path.join(root, 'moved'));
    expect((await service.get(model.id)).status).toBe('missing');
    expect(changed.at(-1)?.status).toBe('missing');
    await rename(path.join(root, 'moved'), model.path);
    expect((await service.list())[0]?.status).toBe('ready');
    expect(await service.list('tts')).toEqual([]);
    expect(await service.list('stt')).toHaveLength(1);
  });
});

describe('verify', () => {
  it('finds a changed byte and a missing file, and says when all is well again', async () => {
    const model = await downloaded();
    expect(await service.verify(model.id)).toEqual({ ok: true, problems: [] });
    await writeFile(path.join(model.path, 'sub', 'model.safetensors'), 'Weights');
    await rename(path.join(model.path, 'config.json'), path.join(root, 'aside.json'));
    const { ok, problems } = await service.verify(model.id);
    expect(ok).toBe(false);
    expect(problems.map((problem) => problem.file)).toEqual(['config.json', 'sub/model.safetensors']);
    expect((await service.get(model.id)).status).toBe('corrupt');
    await writeFile(path.join(model.path, 'sub', 'model.safetensors'), 'weights');
    await rename(path.join(root, 'aside.json'), path.join(model.path, 'config.json'));
    expect((await service.verify(model.id)).ok).toBe(true);
    expect((await service.get(model.id)).status).toBe('ready');
  });

  it('checks a tf.js model against its own manifest', async () => {
    const folder = path.join(root, 'mine');
    await tfjs(folder);
    const { id } = await service.import(folder);
    expect((await service.verify(id)).ok).toBe(true);
    await writeFile(path.join(folder, 'weights.bin'), Buffer.alloc(23));
    expect((await service.verify(id)).problems).toMatchObject([{ file: 'weights.bin' }]);
    await rm(path.join(folder, 'weights.bin'));
    expect((await service.verify(id)).problems).toMatchObject([{ file: 'weights.bin' }]);
  });

  it('tells that the folder is gone', async () => {
    const model = await downloaded();
    await rm(model.path, { recursive: true });
    expect((await service.verify(model.id)).problems).toHaveLength(1);
    expect((await service.get(model.id)).status).toBe('missing');
  });
});

describe('remove', () => {
  it('deletes the folder below the models folder, and the row', async () => {
    const model = await downloaded();
    const removed: string[] = [];
    service.on('removed', (id) => removed.push(id));
    await service.remove(model.id);
    expect(removed).toEqual([model.id]);
    expect(await readdir(modelsPath)).toEqual([]);
    await expect(service.get(model.id)).rejects.toMatchObject({ kind: 'model.notFound' });
  });

  it('leaves alone what was imported from elsewhere', async () => {
    const folder = path.join(root, 'mine');
    await tfjs(folder);
    const { id } = await service.import(folder);
    await service.remove(id);
    expect(await readdir(folder)).toHaveLength(2);
    expect(await service.list()).toEqual([]);
  });

  it('deletes a trained model, but not a folder that became more', async () => {
    for (const extra of [false, true]) {
      const folder = path.join(root, `trained-${extra}`);
      await tfjs(folder);
      await writeFile(path.join(folder, 'goya.json'), '{}');
      if (extra) await mkdir(path.join(folder, 'src'));
      const { id } = await store.upsertImported({
        name: 'x',
        type: 'other',
        path: folder,
        metadata: { runId: 'r' },
      });
      await service.remove(id);
      expect((await stat(folder).catch(() => undefined)) !== undefined).toBe(extra);
    }
  });

  it('follows no link out of the models folder', async () => {
    const outside = path.join(root, 'outside');
    await tfjs(path.join(outside, 'voice'));
    await symlink(outside, path.join(modelsPath, 'org'));
    const { id } = await store.upsertImported({
      name: 'x',
      type: 'other',
      path: path.join(modelsPath, 'org', 'voice'),
    });
    await service.remove(id);
    expect(await readdir(path.join(outside, 'voice'))).toHaveLength(2);
  });

  it('refuses while somebody uses it', async () => {
    const model = await downloaded();
    inUse = 'a training run reads it';
    await expect(service.remove(model.id)).rejects.toMatchObject({ kind: 'model.inUse' });
    inUse = undefined;
    await downloads.create({
      repoId: 'org/voice',
      commit,
      path: model.path,
      files: [{ path: 'a', size: 1 }],
    });
    await expect(service.remove(model.id)).rejects.toMatchObject({ kind: 'model.inUse' });
    expect((await stat(model.path)).isDirectory()).toBe(true);
  });
});
