/** Folders that people bring, against what the hub lists; verify and repair. */
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ModelsProgress } from '../../../protocol/api/models';
import { verificationOf, type Model, type Verification } from '../../../protocol/model/model';
import { openEmbeddedTest, type TestDatabase } from '../../../tests/fixtures/databases';
import { openLibrary, type Library } from '../../../tests/fixtures/library';

const weights = randomBytes(1_200_000);
const files = { 'config.json': '{"model_type":"vits"}', 'model.safetensors': weights, 'vocab[1].txt': 'آ' };

let database: TestDatabase;
let library: Library;
let folder: string;
let commit: string;
beforeAll(async () => {
  database = await openEmbeddedTest();
});
afterAll(() => database.close());
beforeEach(async () => {
  library = await openLibrary(database);
  commit = await library.hub.add('org/voice', files, { tags: ['license:mit'] });
  folder = path.join(library.root, 'brought');
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
});
afterEach(() => library.close());

const verdict = (model: Model): Verification => {
  const found = verificationOf(model);
  if (found === undefined) throw new Error('nothing was compared');
  return found;
};
async function installed(): Promise<Model> {
  await library.download('org/voice');
  const [model] = await library.models.list();
  if (model === undefined) throw new Error('no model');
  return model;
}

describe('a folder that somebody brought', () => {
  it('is compared with the hub when its repository is named, and can be verified offline later', async () => {
    await writeFile(path.join(folder, 'notes.txt'), 'mine');
    const model = await library.models.import(folder, { repoId: 'org/voice' });
    expect(model).toMatchObject({ repoId: 'org/voice', commit, path: folder, licence: 'mit' });
    expect(verdict(model)).toMatchObject({ state: 'verified', problems: [], against: ['hub'] });
    library.disconnect();
    expect((await library.models.verify(model.id)).ok).toBe(true);
    await writeFile(path.join(folder, 'config.json'), '{"model_type":"VITS"}');
    expect((await library.models.verify(model.id)).problems).toMatchObject([
      { file: 'config.json', kind: 'altered' },
    ]);
  });

  it('tells which files differ', async () => {
    await writeFile(path.join(folder, 'config.json'), '{"model_type":"other"}');
    await writeFile(path.join(folder, 'pytorch_model.bin'), 'pickle');
    const bad = Buffer.from(weights);
    bad[5] = (bad[5] ?? 0) ^ 1;
    await writeFile(path.join(folder, 'model.safetensors'), bad);
    const found = verdict(await library.models.import(folder, { repoId: 'org/voice' }));
    expect(found.state).toBe('differs');
    expect(found.problems.map(({ file }) => file).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'pytorch_model.bin',
    ]);
  });

  it('is compared at the version that is named', async () => {
    await library.hub.commit('org/voice', { ...files, 'config.json': '{"model_type":"newer"}' });
    expect(verdict(await library.models.import(folder, { repoId: 'org/voice' })).state).toBe('differs');
    const older = await library.models.import(folder, { repoId: 'org/voice', revision: commit });
    expect(verdict(older).state).toBe('verified');
    expect(older.commit).toBe(commit);
  });

  it('is unverified, with the reason, when nobody can tell', async () => {
    expect(verdict(await library.models.import(folder)).reason).toContain('which repository');
    expect(verdict(await library.models.import(folder, { repoId: 'org/none' }))).toMatchObject({
      state: 'unverified',
      against: [],
    });
    library.disconnect();
    const offline = verdict(await library.models.import(folder, { repoId: 'org/voice' }));
    expect(offline.state).toBe('unverified');
    expect(offline.reason).toContain('127.0.0.1');
  });

  it('with the bookkeeping of a download is known, and its damage seen without a hub', async () => {
    const { path: from, id } = await installed();
    const moved = path.join(library.root, 'moved');
    await cp(from, moved, { recursive: true, preserveTimestamps: true });
    await library.models.remove(id);
    const model = await library.models.import(moved, { repoId: 'org/voice' });
    expect(model).toMatchObject({ commit });
    expect(verdict(model)).toMatchObject({ state: 'verified', against: ['hub', 'record'] });
    library.disconnect();
    await rm(path.join(moved, 'model.safetensors'));
    await writeFile(path.join(moved, 'other.safetensors'), 'x');
    const damaged = await library.models.import(moved);
    expect(damaged).toMatchObject({ id: model.id, status: 'corrupt' });
    expect(verdict(damaged).problems).toMatchObject([{ file: 'model.safetensors', kind: 'missing' }]);
  });

  it('is the same model by another way to it', async () => {
    const model = await library.models.import(folder);
    const link = path.join(library.root, 'link');
    await symlink(folder, link);
    expect((await library.models.import(link)).id).toBe(model.id);
    expect((await library.models.import(`${folder}${path.sep}`)).id).toBe(model.id);
    expect(await library.models.list()).toHaveLength(1);
  });

  it('of links is refused with what to do; pickles are kept and never opened', async () => {
    const linked = path.join(library.root, 'linked');
    await mkdir(linked);
    await symlink(path.join(folder, 'model.safetensors'), path.join(linked, 'model.safetensors'));
    await expect(library.models.import(linked)).rejects.toMatchObject({
      kind: 'model.unsupported',
      message: expect.stringContaining('links') as string,
    });
    const pickled = path.join(library.root, 'pickled');
    await mkdir(pickled);
    await writeFile(path.join(pickled, 'pytorch_model.bin'), 'cos\nsystem\n(S"exit"\ntR.');
    const model = await library.models.import(pickled);
    expect(model).toMatchObject({ format: 'pytorch', metadata: { runsHere: { verdict: 'no' } } });
    expect(JSON.stringify(model.metadata['runsHere'])).toContain('pickle');
    await expect(library.models.import(folder, { repoId: '../..' })).rejects.toMatchObject({
      kind: 'download.unsafePath',
    });
  });
});

describe('verify and repair', () => {
  it('tells missing, cut short and altered files apart, without a network, with progress', async () => {
    const model = await installed();
    const seen: ModelsProgress[] = [];
    const watched = { onProgress: (progress: ModelsProgress) => void seen.push(progress) };
    expect((await library.models.verify(model.id, watched)).ok).toBe(true);
    expect(seen.at(-1)?.bytesDone).toBe(model.sizeBytes);
    library.disconnect();
    await truncate(path.join(model.path, 'model.safetensors'), 1000);
    await writeFile(path.join(model.path, 'config.json'), '{"model_type":"VITS"}');
    await rm(path.join(model.path, 'vocab[1].txt'));
    const { ok, problems } = await library.models.verify(model.id);
    expect(ok).toBe(false);
    expect(problems.map(({ file, kind }) => [file, kind])).toEqual([
      ['config.json', 'altered'],
      ['model.safetensors', 'truncated'],
      ['vocab[1].txt', 'missing'],
    ]);
    const found = await library.models.get(model.id);
    expect(found.status).toBe('corrupt');
    expect(verdict(found).state).toBe('differs');
    const controller = new AbortController();
    controller.abort();
    await expect(library.models.verify(model.id, { signal: controller.signal })).rejects.toMatchObject({
      kind: 'cancelled',
    });
  });

  it('fetches only what is wrong, at the commit that is installed', async () => {
    const model = await installed();
    await library.hub.commit('org/voice', { ...files, 'config.json': '{"model_type":"newer"}' });
    await writeFile(path.join(model.path, 'config.json'), '{"model_type":"VITS"}');
    await rm(path.join(model.path, 'vocab[1].txt'));
    const before = library.sentBytes();
    const { id } = await library.models.repair(model.id);
    const done = await library.until(id, 'completed');
    expect(done.commit).toBe(commit);
    expect(await readFile(path.join(model.path, 'config.json'), 'utf8')).toBe(files['config.json']);
    expect(await readFile(path.join(model.path, 'vocab[1].txt'), 'utf8')).toBe('آ');
    expect(library.sentBytes() - before).toBeLessThan(1000);
    const repaired = await library.models.get(model.id);
    expect(repaired.status).toBe('ready');
    expect(verificationOf(repaired)).toBeUndefined();
    expect((await library.models.verify(model.id)).ok).toBe(true);
  });

  it('says why something cannot be repaired', async () => {
    const unknown = await library.models.import(folder);
    await expect(library.models.repair(unknown.id)).rejects.toMatchObject({ kind: 'model.unsupported' });
    const outside = await library.models.import(folder, { repoId: 'org/voice' });
    await expect(library.models.repair(outside.id)).rejects.toMatchObject({
      kind: 'model.unsupported',
      message: expect.stringContaining('org/voice') as string,
    });
  });
});
