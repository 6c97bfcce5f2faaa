import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LocalDir } from './localDir';

const commit = 'c'.repeat(40);
const content = Buffer.from('the weights');
const sha256 = createHash('sha256').update(content).digest('hex');
const gitSha1 = createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
const file = { path: 'onnx/model.onnx', size: content.length, etag: sha256 };

let root: string;
let local: LocalDir;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'goya-local-'));
  local = new LocalDir(root);
});
afterEach(() => rm(root, { recursive: true }));

const bookkeeping = (...parts: string[]): string => path.join(root, '.cache', 'huggingface', ...parts);

describe('layout', () => {
  it('is that of the official client', async () => {
    const { destination, partial } = await local.prepare(file.path, file.etag);
    expect(destination).toBe(path.join(root, 'onnx', 'model.onnx'));
    // sha1 of the metadata's file name, base64 for URLs with its padding, as Python makes it.
    const stem = createHash('sha1').update('model.onnx.metadata').digest('base64url') + '=';
    expect(partial).toBe(bookkeeping('download', 'onnx', `${stem}.${sha256}.incomplete`));
    expect(await readFile(bookkeeping('.gitignore'), 'utf8')).toBe('*');
    expect(await readFile(bookkeeping('CACHEDIR.TAG'), 'utf8')).toMatch(
      /^Signature: 8a477f597d28d172789f06886806bc55\n/,
    );
  });

  it('writes commit, etag and seconds on three lines, and reads them', async () => {
    const { destination } = await local.prepare(file.path, file.etag);
    await writeFile(destination, content);
    await local.writeMetadata(file.path, commit, sha256);
    const text = await readFile(bookkeeping('download', 'onnx', 'model.onnx.metadata'), 'utf8');
    expect(text).toMatch(new RegExp(`^${commit}\n${sha256}\n\\d{10}(\\.\\d+)?\n$`));
    expect(await local.readMetadata(file.path)).toMatchObject({ commit, etag: sha256 });
  });
});

describe('state', () => {
  it('is present by the bookkeeping, without reading the file', async () => {
    const { destination } = await local.prepare(file.path, file.etag);
    await writeFile(destination, Buffer.alloc(content.length, 1));
    await local.writeMetadata(file.path, commit, sha256);
    expect(await local.state(file)).toEqual({ state: 'present', bytesDone: content.length });
  });

  it.each([
    ['sha256', sha256],
    ['git blob', gitSha1],
  ])('is present without bookkeeping when the %s fits', async (_name, etag) => {
    await writeFile(path.join(root, 'model.bin'), content);
    expect((await local.state({ path: 'model.bin', size: content.length, etag })).state).toBe('present');
    await writeFile(path.join(root, 'model.bin'), Buffer.alloc(content.length));
    expect((await local.state({ path: 'model.bin', size: content.length, etag })).state).toBe('missing');
  });

  it('does not believe bookkeeping older than the file', async () => {
    const { destination } = await local.prepare(file.path, file.etag);
    await local.writeMetadata(file.path, commit, sha256);
    await writeFile(destination, Buffer.alloc(content.length, 1));
    const later = new Date(Date.now() + 60_000);
    await utimes(destination, later, later);
    expect((await local.state(file)).state).toBe('missing');
    await writeFile(destination, content);
    expect((await local.state(file)).state).toBe('present');
  });

  it('is missing when it is of another size, another version, a folder or a link', async () => {
    const { destination } = await local.prepare(file.path, file.etag);
    await writeFile(destination, 'short');
    expect((await local.state(file)).state).toBe('missing');
    await writeFile(destination, content);
    await local.writeMetadata(file.path, commit, 'f'.repeat(64));
    expect((await local.state(file)).state).toBe('missing');
    await rm(destination);
    await mkdir(destination);
    expect((await local.state(file)).state).toBe('missing');
    await rm(destination, { recursive: true });
    await writeFile(path.join(root, 'elsewhere'), content);
    await symlink(path.join(root, 'elsewhere'), destination);
    expect((await local.state(file)).state).toBe('missing');
  });

  it('counts partial bytes of this version only', async () => {
    const { partial } = await local.prepare(file.path, file.etag);
    await writeFile(partial, 'the');
    const later = new LocalDir(root);
    expect(await later.state(file)).toEqual({ state: 'partial', bytesDone: 3 });
    expect((await later.state({ ...file, etag: 'e'.repeat(64) })).state).toBe('missing');
  });

  it('survives bookkeeping that is damaged', async () => {
    const { destination } = await local.prepare(file.path, file.etag);
    await writeFile(destination, content);
    await writeFile(local.metadataPath(file.path), 'not three lines');
    expect(await local.readMetadata(file.path)).toBeUndefined();
    expect((await local.state(file)).state).toBe('present');
  });
});

it('goes on from what the newer official clients left, and can throw it away', async () => {
  const { partial } = await local.prepare(file.path, file.etag);
  const theirs = partial.replace(/incomplete$/, '1a2b3c4d.incomplete');
  await writeFile(theirs, 'the wei');
  expect(await new LocalDir(root).state(file)).toEqual({ state: 'partial', bytesDone: 7 });
  await new LocalDir(root).prepare(file.path, file.etag);
  expect(await readFile(partial, 'utf8')).toBe('the wei');
  await expect(stat(theirs)).rejects.toMatchObject({ code: 'ENOENT' });
  await local.discardPartials([file]);
  expect(await readdir(path.dirname(partial))).toEqual([]);
});

it('refuses a folder that is a link', async () => {
  await mkdir(path.join(root, '.cache'));
  await symlink(tmpdir(), bookkeeping());
  await expect(local.prepare(file.path, file.etag)).rejects.toMatchObject({ kind: 'download.unsafePath' });
});

it('says that a models folder which is a file cannot be written', async () => {
  await writeFile(path.join(root, 'file'), '');
  await expect(new LocalDir(path.join(root, 'file')).prepare('a', undefined)).rejects.toMatchObject({
    kind: 'download.writeFailed',
  });
});
