/** Downloads that take from the official client's cache, and updates that clear up after the older version. */
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openEmbeddedTest, type TestDatabase } from '../../../tests/fixtures/databases';
import { gitBlob, openLibrary, sha256, type Library } from '../../../tests/fixtures/library';
import { LocalDir } from '../../hub/localDir';

const weights = randomBytes(1_500_000);
const config = '{"model_type":"vits"}';
const files = { 'config.json': config, 'model.safetensors': weights };

let database: TestDatabase;
let library: Library;
beforeAll(async () => {
  database = await openEmbeddedTest();
});
afterAll(() => database.close());
beforeEach(async () => {
  library = await openLibrary(database);
});
afterEach(() => library.close());

const at = (...parts: string[]): string => library.at('org/voice', ...parts);
async function cached(content: Record<string, Buffer | string>): Promise<string> {
  const blobs = path.join(library.cachePath, 'models--org--voice', 'blobs');
  await mkdir(blobs, { recursive: true });
  for (const [name, data] of Object.entries(content)) await writeFile(path.join(blobs, name), data);
  return blobs;
}

describe('files in the cache', () => {
  beforeEach(() => library.hub.add('org/voice', files));

  it('are copied: the hub is asked for no byte of them', async () => {
    await cached({ [sha256(weights)]: weights, [gitBlob(config)]: config });
    const plan = await library.downloads.plan({ repoId: 'org/voice' });
    expect(plan.cachedBytes).toBe(plan.totalBytes);
    expect(plan.remainingBytes).toBe(plan.totalBytes);
    expect(plan.files).toContainEqual({
      path: 'model.safetensors',
      size: weights.length,
      state: 'missing',
      source: 'cache',
    });
    const done = await library.download('org/voice');
    expect(done.bytesDone).toBe(done.bytesTotal);
    expect(library.sentBytes()).toBe(0);
    expect((await readFile(at('model.safetensors'))).equals(weights)).toBe(true);
    expect(await new LocalDir(at()).readMetadata('model.safetensors')).toMatchObject({
      commit: done.commit,
      etag: sha256(weights),
    });
    expect((await library.downloads.plan({ repoId: 'org/voice' })).cachedBytes).toBe(0);
    const left = await readdir(at('.cache', 'huggingface', 'download'));
    expect(left.filter((name) => !name.endsWith('.metadata'))).toEqual([]);
  });

  it('are fetched when the cache has them damaged, and the cache stays as it is', async () => {
    const bad = Buffer.from(weights);
    bad[1_400_000] = (bad[1_400_000] ?? 0) ^ 1;
    const blobs = await cached({ [sha256(weights)]: bad });
    await library.download('org/voice');
    expect((await readFile(at('model.safetensors'))).equals(weights)).toBe(true);
    expect(library.sentBytes()).toBeGreaterThanOrEqual(weights.length);
    expect((await readFile(path.join(blobs, sha256(weights)))).equals(bad)).toBe(true);
  });

  it('are fetched when a link would lead out of the cache', async () => {
    const blobs = await cached({});
    const outside = path.join(library.root, 'private');
    await writeFile(outside, weights);
    await symlink(outside, path.join(blobs, sha256(weights)));
    expect((await library.downloads.plan({ repoId: 'org/voice' })).cachedBytes).toBe(0);
    await library.download('org/voice');
    expect(library.sentBytes()).toBeGreaterThanOrEqual(weights.length);
  });
});

describe('an update', () => {
  const update = (): Promise<string> =>
    library.hub.add('org/voice', { 'config.json': config, 'model.safetensors': randomBytes(2000) });

  it('removes what the newer version does not have, unless the person changed it', async () => {
    await library.hub.add('org/voice', {
      ...files,
      'old/vocab.txt': 'آ ب',
      'merges.txt': 'a b',
      'tokenizer.json': '{}',
    });
    await library.download('org/voice');
    await writeFile(at('tokenizer.json'), '{"mine":1}');
    await writeFile(at('notes.txt'), 'mine');
    await update();
    await library.download('org/voice');
    expect((await readdir(at())).sort()).toEqual([
      '.cache',
      'config.json',
      'model.safetensors',
      'notes.txt',
      'tokenizer.json',
    ]);
    expect(await readFile(at('tokenizer.json'), 'utf8')).toBe('{"mine":1}');
    const kept = await readdir(at('.cache', 'huggingface', 'download'));
    expect(kept.filter((name) => name.endsWith('.metadata')).sort()).toEqual([
      'config.json.metadata',
      'model.safetensors.metadata',
      'tokenizer.json.metadata',
    ]);
  });

  it('leaves what was not asked about', async () => {
    await library.hub.add('org/voice', { ...files, 'vocab.txt': 'آ', 'vocab.old.txt': 'ب' });
    await library.download('org/voice', { include: ['*'] });
    await library.hub.add('org/voice', { 'config.json': config, 'vocab.txt': 'آ ب' });
    await library.download('org/voice', { include: ['vocab*'] });
    expect((await readdir(at())).sort()).toEqual(['.cache', 'config.json', 'model.safetensors', 'vocab.txt']);
  });

  it('removes nothing when it fails', async () => {
    await library.hub.add('org/voice', { ...files, 'vocab.txt': 'آ' });
    await library.download('org/voice');
    await update();
    library.hub.fault({ path: 'model.safetensors', status: 404 });
    const { id } = await library.downloads.start({ repoId: 'org/voice' });
    await library.until(id, 'failed');
    expect(await readFile(at('vocab.txt'), 'utf8')).toBe('آ');
  });

  it('follows no link out of the folder', async () => {
    await library.hub.add('org/voice', { ...files, 'sub/vocab.txt': 'آ' });
    await library.download('org/voice');
    const outside = path.join(library.root, 'outside');
    await mkdir(outside);
    await writeFile(path.join(outside, 'vocab.txt'), 'آ');
    await rm(at('sub'), { recursive: true });
    await symlink(outside, at('sub'));
    await update();
    await library.download('org/voice');
    expect(await readFile(path.join(outside, 'vocab.txt'), 'utf8')).toBe('آ');
  });
});
