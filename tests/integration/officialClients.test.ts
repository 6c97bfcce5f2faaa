/** The fixture hub is as the real one to clients that others wrote: they search, list and fetch from it byte for byte. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { downloadFile, listFiles, listModels, snapshotDownload, whoAmI } from '@huggingface/hub';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHub, type Hub } from '../fixtures/hub/server.mjs';
import { python, pythonClient } from '../fixtures/pythonClient';

const client = await pythonClient();
const accessToken = 'hf_good';
const weights = randomBytes(3_000_000);
const files: Record<string, Buffer> = {
  'config.json': Buffer.from('{"model_type":"vits"}'),
  'model.safetensors': weights,
  'empty.txt': Buffer.alloc(0),
  'nested/deeper/صدا.json': Buffer.from('{"متن":"سلام"}'),
  'nested/با فاصله.txt': Buffer.from('نشانی'),
};
// The JavaScript client cannot take an empty file in a snapshot.
const without = (name: string): Record<string, Buffer> =>
  Object.fromEntries(Object.entries(files).filter(([other]) => other !== name));

let hub: Hub;
let folder: string;
let commit: string;

beforeAll(async () => {
  hub = await startHub({ tokens: { [accessToken]: { name: 'sara' } }, resolveCache: true });
  commit = await hub.add('org/voice', files, { tags: ['fa'], downloads: 5 });
  await hub.add('org/other', { 'config.json': '{}' }, { downloads: 9 });
  await hub.add('org/whole', without('empty.txt'));
  const readers = [accessToken];
  const kept = { 'config.json': '{}', 'model.safetensors': weights };
  await hub.add('org/gated', kept, { gated: 'manual', readers });
  await hub.add('org/private', kept, { private: true, readers });
  for (let i = 0; i < 9; i += 1) await hub.add(`many/model-${i}`, { 'config.json': '{}' });
  folder = await mkdtemp(path.join(tmpdir(), 'goya-official-'));
});
afterAll(async () => {
  await hub.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
const digests = (from: Record<string, Buffer>): Record<string, string> =>
  Object.fromEntries(Object.entries(from).map(([name, data]) => [name, digest(data)]));

/** Their digests, by name. */
async function read(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, file).split(path.sep).join('/');
    if (entry.isDirectory() || name.startsWith('.cache/')) continue;
    found[name] = digest(await readFile(file));
  }
  return found;
}
const hashOf = (name: string, data: Buffer): string =>
  name.endsWith('.safetensors')
    ? createHash('sha256').update(data).digest('hex')
    : createHash('sha1').update(`blob ${data.length}\0`).update(data).digest('hex');
const listed = Object.fromEntries(
  Object.entries(files).map(([name, data]) => [name, [data.length, hashOf(name, data)]]),
);

describe.skipIf(client === undefined)('Python huggingface_hub', () => {
  let said: Record<string, unknown>;
  beforeAll(async () => {
    const session = { endpoint: hub.url, home: path.join(folder, 'home'), token: accessToken };
    said = (await python(client!, session, 'officialClient.py', folder)) as typeof said;
  });

  it('searches and lists', () => {
    expect(said).toMatchObject({ search: ['org/voice'], tagged: ['org/voice'], commit, files: listed });
    const author = said['author'] as string[];
    expect(author.slice(0, 2)).toEqual(['org/other', 'org/voice']);
    expect(author).toContain('org/private');
    expect(said['pages']).toHaveLength(7);
    expect(said['tree']).toEqual(
      Object.fromEntries(Object.entries(files).map(([name, data]) => [name, data.length])),
    );
    expect(said['whoami']).toBe('sara');
  });

  it('fetches a branch and a commit, into a folder and into its cache', async () => {
    const snapshots = said['snapshot'] as Record<string, string>;
    expect(await read(snapshots['branch']!)).toEqual(digests(files));
    expect(await read(snapshots['commit']!)).toEqual(digests(files));
    const cached = said['cached'] as string;
    expect(path.basename(cached)).toBe(commit);
    for (const [name, data] of Object.entries(files))
      expect(digest(await readFile(path.join(cached, name)))).toBe(digest(data));
    expect(await readFile(said['one'] as string, 'utf8')).toBe('{"متن":"سلام"}');
  });

  it('fetches what is gated or private with a token, and tells refusals apart', async () => {
    expect(digest(await readFile(said['gated'] as string))).toBe(digest(weights));
    expect(digest(await readFile(said['private'] as string))).toBe(digest(weights));
    expect(said['refusals']).toEqual({
      repository: 'RepositoryNotFoundError',
      revision: 'RevisionNotFoundError',
      file: 'RemoteEntryNotFoundError',
      gated: 'GatedRepoError',
      private: 'RepositoryNotFoundError',
      token: expect.stringMatching(/HfHubHTTPError|HTTPError|LocalTokenNotFoundError/) as string,
    });
  });

  it('gets large files by way of the other host, without the token', () => {
    const large = hub.requests.filter((request) => request.host === 'cdn');
    expect(large.length).toBeGreaterThan(0);
    for (const { headers, status } of large)
      expect([headers.authorization, status]).toEqual([undefined, 200]);
  });
});

describe('npm @huggingface/hub', () => {
  const hubUrl = (): string => hub.url;
  async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
    const found: T[] = [];
    for await (const item of items) found.push(item);
    return found;
  }
  async function fetched(repo: string, name: string, more: object = {}): Promise<string> {
    const blob = await downloadFile({ repo, path: name, hubUrl: hubUrl(), ...more });
    return digest(Buffer.from(await blob!.arrayBuffer()));
  }

  it('searches and lists', async () => {
    const found = await all(listModels({ search: { query: 'voice' }, hubUrl: hubUrl() }));
    expect(found.map(({ name }) => name)).toEqual(['org/voice']);
    const many = await all(listModels({ search: { owner: 'many' }, limit: 7, hubUrl: hubUrl() }));
    expect(many).toHaveLength(7);
    const tree = await all(listFiles({ repo: 'org/voice', recursive: true, hubUrl: hubUrl() }));
    const sizes = tree.filter(({ type }) => type === 'file').map((file) => [file.path, file.size]);
    expect(Object.fromEntries(sizes)).toEqual(
      Object.fromEntries(Object.entries(files).map(([name, data]) => [name, data.length])),
    );
    expect(await whoAmI({ accessToken, hubUrl: hubUrl() })).toMatchObject({ name: 'sara' });
  });

  it('fetches every file of a branch and of a commit', async () => {
    for (const [name, data] of Object.entries(without('empty.txt'))) {
      expect(await fetched('org/voice', name)).toBe(digest(data));
      expect(await fetched('org/voice', name, { revision: commit })).toBe(digest(data));
    }
    const snapshot = await snapshotDownload({
      repo: 'org/whole',
      cacheDir: path.join(folder, 'js'),
      hubUrl: hubUrl(),
    });
    expect(await read(snapshot)).toEqual(digests(without('empty.txt')));
  });

  it('fetches what is gated or private with a token, and is refused without', async () => {
    for (const repo of ['org/gated', 'org/private']) {
      expect(await fetched(repo, 'model.safetensors', { accessToken })).toBe(digest(weights));
      await expect(fetched(repo, 'model.safetensors')).rejects.toMatchObject({ statusCode: 401 });
    }
    expect(await downloadFile({ repo: 'org/voice', path: 'none.bin', hubUrl: hubUrl() })).toBeNull();
    const none = { repo: 'org/none', path: 'config.json', accessToken, hubUrl: hubUrl() };
    await expect(downloadFile(none)).rejects.toMatchObject({ statusCode: 404 });
  });
});
