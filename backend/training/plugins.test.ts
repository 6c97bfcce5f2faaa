import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import tabular from '../plugins/tabular-classification/index';
import { loadPlugins } from './plugins';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-plugins-'));
  for (const id of ['good', 'throws', 'hangs', 'half', 'Bad_Name', 'no-index']) {
    await mkdir(path.join(folder, 'first', id), { recursive: true });
    if (id !== 'no-index') await writeFile(path.join(folder, 'first', id, 'index.js'), '');
  }
  await mkdir(path.join(folder, 'second', 'good'), { recursive: true });
  await writeFile(path.join(folder, 'second', 'good', 'index.mjs'), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function importModule(entry: string): Promise<unknown> {
  switch (path.basename(path.dirname(entry))) {
    case 'throws':
      return Promise.reject(new Error('boom'));
    case 'hangs':
      return new Promise(() => undefined);
    case 'half':
      return Promise.resolve({ default: { ...tabular, load: 'later' } });
    default:
      return Promise.resolve({ default: tabular });
  }
}

it('loads what keeps the contract; whatever does not is listed with its reason', async () => {
  const folders = [path.join(folder, 'first'), path.join(folder, 'second'), path.join(folder, 'absent')];
  const { infos, loaded } = await loadPlugins({ folders, importModule, timeoutMs: 50 });
  expect([...loaded.keys()]).toEqual(['good']);
  expect(loaded.get('good')?.entry).toBe(path.join(folder, 'first', 'good', 'index.js'));
  const errors = Object.fromEntries(infos.map((info) => [path.relative(folder, info.path), info.error]));
  expect(errors).toEqual({
    [path.join('first', 'good')]: undefined,
    [path.join('first', 'throws')]: 'boom',
    [path.join('first', 'hangs')]: 'it did not load within 0.05 s',
    [path.join('first', 'half')]: expect.stringMatching(/load: must be a function/) as string,
    [path.join('first', 'Bad_Name')]: expect.stringMatching(/lower-case words/) as string,
    [path.join('second', 'good')]: 'there is already a task good',
  });
});

it('imports a real module from its folder', async () => {
  const real = path.join(folder, 'third', 'throws-really');
  await mkdir(real, { recursive: true });
  await writeFile(path.join(real, 'index.mjs'), `throw new Error('boom at load');`);
  const { infos } = await loadPlugins({ folders: [path.join(folder, 'third')] });
  expect(infos).toMatchObject([{ id: 'throws-really', loaded: false, error: 'boom at load' }]);
});
