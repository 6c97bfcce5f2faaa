/** What the installation of the native engine says before it fetches anything. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { requireSpace } from '../../../../scripts/lib/tensorflow/provision.mjs';
import { bytesNeeded } from '../../../../scripts/lib/tensorflow/release.mjs';
import { notBuiltHere } from '../nativePlatforms';
import { installEngine } from './installEngine';
import { indexOfPip, preflight } from './preflight';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(os.tmpdir(), 'goya-preflight-'))));
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

const install = () => {
  const asked: string[] = [];
  const steps: string[] = [];
  const done = installEngine({
    storagePath: folder,
    source: 'official',
    send: ({ url }) => {
      asked.push(url);
      return Promise.reject(new Error('nobody is to be asked'));
    },
    signal: new AbortController().signal,
    onProgress: ({ step }) => steps.push(step),
  });
  return { done, asked, steps };
};

describe('the preflight', () => {
  it('names a missing compiler and how to get one, or that the system is another', async () => {
    vi.stubEnv('PATH', '');
    vi.stubEnv('CXX', '');
    const { done, asked, steps } = install();
    const message =
      notBuiltHere() === undefined ? /There is no C\+\+ compiler: .*apt-get install g\+\+/ : /Linux on x64/;
    await expect(done).rejects.toMatchObject({
      kind: 'engine.unavailable',
      message: expect.stringMatching(message) as string,
    });
    expect(asked).toEqual([]);
    expect(steps).toEqual(['check']);
    await expect(preflight('tensorflow', folder)).rejects.toMatchObject({
      kind: 'engine.unavailable',
      message: expect.stringMatching(message) as string,
    });
  });

  it("knows pip's index where one is set", async () => {
    vi.stubEnv('PIP_INDEX_URL', 'https://mirror.example.org/simple');
    expect(await indexOfPip()).toBe('https://mirror.example.org/simple');
    vi.stubEnv('PIP_INDEX_URL', 'no address');
    expect(await indexOfPip()).toBeUndefined();
  });

  it('counts the space on the disk of its folder', async () => {
    await expect(requireSpace(folder, 1)).resolves.toBeUndefined();
    const needed = 1e18;
    await expect(requireSpace(folder, needed)).rejects.toThrow(
      new RegExp(`needs .* on the disk of ${folder.replaceAll('\\', '\\\\')}, which has .* free`),
    );
    // What the editor's question and the page on training say.
    expect(bytesNeeded).toBe(1_200_000_000);
  });
});
