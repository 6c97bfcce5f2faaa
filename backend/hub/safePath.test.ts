import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRepoId } from './repoId';
import { checkSafePath, checkSafePaths, isInside, makeFolders } from './safePath';

const kind = (work: () => void): string | undefined => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { kind: string }).kind;
  }
};

describe('checkSafePath', () => {
  it.each([
    'config.json',
    'onnx/model_q4.onnx',
    'صدا/نمونهٔ یک.wav',
    '.gitattributes',
    'a..b/c',
    'console.json',
    'com10.txt',
    '.cache/other',
    'what?.txt',
  ])('accepts %s', (name) => {
    expect(kind(() => checkSafePath(name, 'x', 'linux'))).toBeUndefined();
  });

  it.each([
    '',
    '..',
    '../up',
    'a/../../b',
    './a',
    'a//b',
    'a/',
    '/etc/passwd',
    '//host/share',
    'C:/windows',
    'C:evil',
    'file.txt:stream',
    '..\\up',
    'a\\b',
    'nul\0byte',
    'line\nbreak',
    'aux',
    'sub/NUL.txt',
    'com1.json',
    'LPT9',
    'COM¹',
    'trailing.',
    'trailing ',
    'dir./x',
    '.git/hooks/post-checkout',
    'sub/.GIT/config',
    '.cache/huggingface/download/x.metadata',
    '.Cache/HuggingFace/x',
    'x'.repeat(250),
    `${'d'.repeat(256)}/x`,
    'd/'.repeat(1500) + 'x',
  ])('refuses %s', (name) => {
    expect(kind(() => checkSafePath(name))).toBe('download.unsafePath');
  });

  it('refuses what only Windows cannot write there', () => {
    expect(kind(() => checkSafePath('what?.txt', 'x', 'win32'))).toBe('download.unsafePath');
  });

  it('refuses names that collide', () => {
    expect(kind(() => checkSafePaths(['Model.bin', 'model.bin']))).toBe('download.unsafePath');
    expect(kind(() => checkSafePaths(['\u00e9', 'e\u0301']))).toBe('download.unsafePath');
    expect(kind(() => checkSafePaths(['a/b', 'a']))).toBe('download.unsafePath');
    expect(kind(() => checkSafePaths(['A', 'a/b/c']))).toBe('download.unsafePath');
    expect(kind(() => checkSafePaths(['a/b', 'ab', 'a/c']))).toBeUndefined();
  });
});

describe('checkRepoId', () => {
  it('takes the names that the hub gives', () => {
    for (const id of ['gpt2', 'facebook/mms-tts-fas', 'mah92/Khadijah-FA_EN-Matcha-TTS-Model', 'a/b.c']) {
      expect(kind(() => checkRepoId(id))).toBeUndefined();
    }
  });
  it('refuses the others, and folders in disguise as unsafe', () => {
    expect(kind(() => checkRepoId('a/b/c'))).toBe('hub.notFound');
    expect(kind(() => checkRepoId('two words/x'))).toBe('hub.notFound');
    expect(kind(() => checkRepoId('https://huggingface.co/a/b'))).toBe('hub.notFound');
    expect(kind(() => checkRepoId('../../etc'))).toBe('download.unsafePath');
    expect(kind(() => checkRepoId('a/..'))).toBe('download.unsafePath');
    expect(kind(() => checkRepoId('org/aux'))).toBe('download.unsafePath');
  });
});

describe('makeFolders', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'goya-safe-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('makes folders and answers the path, twice', async () => {
    expect(await makeFolders(root, ['a', 'b'], 'a/b/c.txt')).toBe(path.join(root, 'a', 'b'));
    expect(await makeFolders(root, ['a', 'b'], 'a/b/c.txt')).toBe(path.join(root, 'a', 'b'));
  });

  it('follows no link and goes through no file', async () => {
    await symlink(tmpdir(), path.join(root, 'link'));
    await expect(makeFolders(root, ['link'], 'link/x')).rejects.toMatchObject({
      kind: 'download.unsafePath',
    });
    await writeFile(path.join(root, 'file'), '');
    await expect(makeFolders(root, ['file'], 'file/x')).rejects.toMatchObject({
      kind: 'download.unsafePath',
    });
  });
});

it('knows what is inside a folder', () => {
  const base = path.resolve('/base/models');
  expect(isInside(base, path.join(base, 'a'))).toBe(true);
  expect(isInside(base, base)).toBe(true);
  expect(isInside(base, path.resolve('/base/models2'))).toBe(false);
  expect(isInside(base, path.resolve('/base'))).toBe(false);
});
