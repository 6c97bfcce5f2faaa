import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gitBlob, sha256 } from '../../../tests/fixtures/library';
import { cachePath } from './cachePath';
import { copyProved } from './copyProved';
import { HubCache, type CacheQuery } from './hubCache';

const commit = 'c'.repeat(40);
const content = Buffer.alloc(3_000_000, 'weights');
const query: CacheQuery = {
  repoId: 'org/voice',
  commit,
  path: 'sub/model.safetensors',
  size: content.length,
  etag: sha256(content),
};

let root: string;
let repository: string;
let cache: HubCache;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'goya-cache-'));
  repository = path.join(root, 'hub', 'models--org--voice');
  cache = new HubCache(path.join(root, 'hub'));
  await mkdir(path.join(repository, 'blobs'), { recursive: true });
  await mkdir(path.join(repository, 'snapshots', commit, 'sub'), { recursive: true });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const paths = async (wanted: CacheQuery = query): Promise<string[]> =>
  (await cache.find(wanted)).map((found) => path.relative(repository, found.path));

describe('where the cache is', () => {
  it('follows the official client’s variables', () => {
    expect(cachePath({}, '/home/s')).toBe(path.resolve('/home/s/.cache/huggingface/hub'));
    expect(cachePath({ XDG_CACHE_HOME: '/x' }, '/home/s')).toBe(path.resolve('/x/huggingface/hub'));
    expect(cachePath({ HF_HOME: '~/hf', XDG_CACHE_HOME: '/x' }, '/home/s')).toBe(
      path.resolve('/home/s/hf/hub'),
    );
    expect(cachePath({ HUGGINGFACE_HUB_CACHE: '/old', HF_HOME: '/hf' })).toBe(path.resolve('/old'));
    expect(cachePath({ HF_HUB_CACHE: '/new', HUGGINGFACE_HUB_CACHE: '/old' })).toBe(path.resolve('/new'));
    expect(cachePath({})).toContain(homedir());
  });
});

describe('finding', () => {
  it('takes a blob by its hash', async () => {
    await writeFile(path.join(repository, 'blobs', sha256(content)), content);
    expect(await paths()).toEqual([path.join('blobs', sha256(content))]);
    expect(await paths({ ...query, repoId: 'org/other' })).toEqual([]);
    expect(await paths({ ...query, size: 5 })).toEqual([]);
    expect(await paths({ ...query, etag: 'strange' })).toEqual([]);
  });

  it('names the same file once when a snapshot links to its blob', async () => {
    await writeFile(path.join(repository, 'blobs', sha256(content)), content);
    await symlink(
      path.join('..', '..', '..', 'blobs', sha256(content)),
      path.join(repository, 'snapshots', commit, 'sub', 'model.safetensors'),
    );
    expect(await paths()).toHaveLength(1);
  });

  it('takes a snapshot’s own file where the system has no links, of another commit too', async () => {
    const other = path.join('snapshots', 'd'.repeat(40), 'sub');
    await mkdir(path.join(repository, other), { recursive: true });
    await writeFile(path.join(repository, other, 'model.safetensors'), content);
    expect(await paths()).toEqual([path.join(other, 'model.safetensors')]);
  });

  it('follows no link out of the repository’s folder', async () => {
    const outside = path.join(root, 'outside');
    await writeFile(outside, content);
    await symlink(outside, path.join(repository, 'blobs', sha256(content)));
    await symlink(outside, path.join(repository, 'snapshots', commit, 'sub', 'model.safetensors'));
    expect(await paths()).toEqual([]);
    await symlink(repository, path.join(root, 'hub', 'models--org--linked'));
    await symlink(root, path.join(root, 'hub', 'models--org--elsewhere'));
    expect(await paths({ ...query, repoId: 'org/elsewhere', path: 'outside' })).toEqual([]);
  });

  it('is empty where there is no cache, and for a mark that a file does not exist', async () => {
    expect(await new HubCache(path.join(root, 'nowhere')).find(query)).toEqual([]);
    await mkdir(path.join(repository, '.no_exist', commit), { recursive: true });
    await writeFile(path.join(repository, '.no_exist', commit, 'config.json'), '');
    expect(await paths({ ...query, path: 'config.json', size: 0, etag: gitBlob('') })).toEqual([]);
  });
});

describe('copying', () => {
  const from = (): string => path.join(repository, 'blobs', 'x');
  const to = (): string => path.join(root, 'copy');
  const copy = { size: content.length, etag: sha256(content) };

  it('proves the hash, says how far it is, and leaves a writable file', async () => {
    await writeFile(from(), content);
    await chmod(from(), 0o444);
    const seen: number[] = [];
    expect(await copyProved({ ...copy, from: from(), to: to(), onBytes: (bytes) => seen.push(bytes) })).toBe(
      true,
    );
    expect((await readFile(to())).equals(content)).toBe(true);
    expect(seen.at(-1)).toBe(content.length);
    expect((await stat(to())).mode & 0o200).toBe(0o200);
    expect((await readFile(from())).equals(content)).toBe(true);
  });

  it('takes a git blob by its own hash', async () => {
    await writeFile(from(), 'سلام');
    const size = Buffer.byteLength('سلام');
    expect(await copyProved({ from: from(), to: to(), size, etag: gitBlob('سلام') })).toBe(true);
  });

  it.each(['altered', 'shorter', 'gone'])('leaves nothing of a file that is %s', async (kind) => {
    const bad = Buffer.from(content);
    bad[2_500_000] = 1;
    if (kind !== 'gone') await writeFile(from(), kind === 'altered' ? bad : content.subarray(1));
    expect(await copyProved({ ...copy, from: from(), to: to() })).toBe(false);
    expect(await readdir(root)).toEqual(['hub']);
  });

  it('stops when it is cancelled', async () => {
    await writeFile(from(), content);
    const controller = new AbortController();
    const copying = copyProved({
      ...copy,
      from: from(),
      to: to(),
      signal: controller.signal,
      onBytes: () => controller.abort(),
    });
    // Where the file system shares blocks the copy is whole before anybody could cancel it.
    await copying.then(
      (whole) => expect(whole).toBe(true),
      (error: unknown) => expect(error).toMatchObject({ kind: 'cancelled' }),
    );
    controller.abort();
    await expect(
      copyProved({ ...copy, from: from(), to: path.join(root, 'late'), signal: controller.signal }),
    ).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await readdir(root)).not.toContain('late');
  });
});
