import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePluginWorker } from '../../../tests/fixtures/pluginWorker';
import type { PluginSource } from '../../../protocol/model/plugin';
import { inspectConfig } from '../inspectConfig';
import { loadPlugins } from '../plugins';
import { configSchema, jsonSchemaOf } from '../config/schema';
import { ask } from './ask';
import { workspacePlugins } from './workspacePlugins';

let folder: string;
let worker: Awaited<ReturnType<typeof bundlePluginWorker>>;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'goya-external-'));
  worker = await bundlePluginWorker();
}, 60_000);
afterAll(async () => {
  await worker.remove();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

/** A plugin's text; `inspect` and what stands around the export may be changed. */
const whole = (id: string, { inspect = '[]', before = '', task = '' } = {}): string => `${before}
export default { apiVersion: 1, id: ${JSON.stringify(id)}, create: ({ z, dataPath, problem }) => ({
  title: 'T', description: 'D',
  data: z.strictObject({ path: dataPath('Here.'), size: z.number().default(3).refine((n) => n !== 13, 'unlucky') }),
  model: z.strictObject({ units: z.number().int().min(1).default(8).describe('Units.') }),
  inspect: (context) => ${inspect},
  prepare: () => { throw new Error('never here'); },
  ${task}
}) };`;

async function file(name: string, text: string): Promise<PluginSource> {
  await writeFile(path.join(folder, `${name}.mjs`), text);
  return { path: path.join(folder, `${name}.mjs`), extensionId: 'someone.plugin' };
}

const load = (files: PluginSource[], timeoutMs = 20_000) =>
  loadPlugins({ folders: [], files, workerEntry: worker.entry, timeoutMs });

describe('a plugin from outside', () => {
  it('is a task with the schema that it wrote', async () => {
    const { infos, loaded } = await load([await file('good', whole('good-task'))]);
    const at = path.join(folder, 'good.mjs');
    expect(infos).toEqual([
      {
        id: 'good-task',
        kind: 'training-task',
        title: 'T',
        path: at,
        extensionId: 'someone.plugin',
        loaded: true,
      },
    ]);
    const plugin = loaded.get('good-task');
    const { properties } = jsonSchemaOf(configSchema('good-task', plugin!.task));
    expect(properties?.['data']).toMatchObject({
      properties: { path: { format: 'path', description: 'Here.' }, size: { default: 3 } },
      required: ['path'],
      additionalProperties: false,
    });
    expect(properties?.['model']).toMatchObject({ properties: { units: { default: 8 } } });
  });

  it('has its config checked, its defaults filled in, and its data looked at', async () => {
    const inspect = `[problem('/data/size', JSON.stringify([context.data, context.model, context.training.epochs, context.resolve('x')]))]`;
    const { loaded } = await load([await file('looks', whole('looks', { inspect }))]);
    const tasks = new Map([...loaded].map(([id, { task }]) => [id, task]));
    const problems = async (config: object) =>
      (
        await inspectConfig(
          { config: { task: 'looks', ...config }, basePath: folder },
          { tasks, workspacePath: folder },
        )
      ).problems;
    const [found] = await problems({ data: { path: 'looks.mjs' }, training: { epochs: 7 } });
    expect(found?.path).toBe('/data/size');
    expect(JSON.parse(found?.message ?? '')).toEqual([
      { path: 'looks.mjs', size: 3 },
      { units: 8 },
      7,
      path.join(folder, 'x'),
    ]);
    expect(await problems({ data: { path: 'looks.mjs', sise: 1 } })).toMatchObject([
      {
        path: expect.stringMatching(/^\/data/) as string,
        message: expect.stringContaining('size') as string,
      },
    ]);
    expect(await problems({ data: { path: 'looks.mjs' }, model: { units: 0 } })).toMatchObject([
      { severity: 'error', path: '/model/units' },
    ]);
    // Known to the plugin's own code alone.
    expect(await problems({ data: { path: 'looks.mjs', size: 13 } })).toMatchObject([
      { severity: 'error', path: '/data/size', message: 'unlucky' },
    ]);
  });
});

describe('a broken plugin', () => {
  it.each<[string, string, RegExp]>([
    ['throws', `throw new Error('boom at load');`, /boom at load/],
    [
      'throws-later',
      `setTimeout(() => { throw new Error('boom later'); }, 0); await new Promise(() => {});`,
      /boom later/,
    ],
    [
      'create-throws',
      `export default { apiVersion: 1, id: 'a', create() { throw new Error('boom in create'); } };`,
      /boom in create/,
    ],
    ['no-default', `export const task = 3;`, /no default export/],
    ['no-title', whole('no-title', { task: `title: undefined,` }), /title/],
    ['no-inspect', whole('no-inspect', { task: `inspect: undefined,` }), /inspect: must be a function/],
    ['no-prepare', whole('no-prepare', { task: `prepare: 'later',` }), /prepare: must be a function/],
    ['no-schema', whole('no-schema', { task: `data: { path: 'x' },` }), /data: must be a zod object/],
    ['old', `export default { apiVersion: 99, id: 'old', create() {} };`, /apiVersion: must be 1/],
    ['hostile-id', whole('../../etc'), /id: use lower-case words/],
    ['proto', whole('__proto__'), /id: use lower-case words/],
    ['ends', `process.exit(3);`, /ended itself with code 3/],
    ['syntax', `export default {`, /Unexpected/],
    ['missing-import', `import 'no-such-package-here';`, /no-such-package-here/],
    ['eats-memory', `const all = []; for (;;) all.push(new Array(1e6).fill({}));`, /crashed|did not answer/],
  ])('%s is listed with its reason, and the others work', async (name, text, reason) => {
    const { infos, loaded } = await load([await file(name, text), await file('fine', whole('fine'))]);
    expect(infos[0]).toMatchObject({
      id: name,
      loaded: false,
      error: expect.stringMatching(reason) as string,
    });
    expect(infos[1]).toMatchObject({ id: 'fine', loaded: true });
    expect([...loaded.keys()]).toEqual(['fine']);
  });

  it.each([
    ['waits', 'await new Promise(() => setInterval(() => {}, 1000));'],
    ['spins', 'for (;;);'],
  ])('%s for ever and is given up', async (name, before) => {
    const { infos } = await load([await file(name, whole(name, { before }))], 1500);
    expect(infos[0]).toMatchObject({ loaded: false, error: 'it did not answer within 1.5 s' });
  });

  it('is not there, is no module, or has no absolute path', async () => {
    const { infos } = await load([
      { path: path.join(folder, 'gone.mjs') },
      { path: path.join(folder, 'text.txt') },
      { path: 'relative.mjs' },
      { path: folder },
    ]);
    expect(infos.map(({ error }) => error)).toEqual([
      expect.stringMatching(/gone\.mjs is not there/),
      expect.stringMatching(/not a JavaScript module/),
      expect.stringMatching(/not an absolute path/),
      expect.stringMatching(/not a JavaScript module/),
    ]);
  });

  it('cannot take the place of another', async () => {
    const [first, second] = [await file('one', whole('same')), await file('two', whole('same'))];
    const { infos, loaded } = await load([first, second]);
    expect(infos.map(({ error }) => error)).toEqual([undefined, 'there is already a task same']);
    expect(loaded.get('same')?.entry).toBe(first.path);
  });

  it.each([
    ['throws', `{ throw new Error('boom in inspect'); }`, /boom in inspect/],
    ['answers nonsense', `({ fine: true })`, /failed while it looked/],
    ['spins', `{ for (;;); }`, /did not finish its look at the data within/],
    ['waits', `new Promise(() => {})`, /did not finish its look at the data within|ended itself/],
  ])('that %s in inspect is a problem of its own configs', async (name, inspect, reason) => {
    const id = `inspect-${name.split(' ')[0] ?? ''}`;
    const { loaded } = await load([await file(id, whole(id, { inspect }))]);
    const tasks = new Map([...loaded].map(([key, { task }]) => [key, task]));
    const source = { config: { task: id, data: { path: `${id}.mjs` } }, basePath: folder };
    const { problems } = await inspectConfig(source, { tasks, workspacePath: folder }, 1500);
    expect(problems).toMatchObject([{ severity: 'error', message: expect.stringMatching(reason) as string }]);
  });

  it('is stopped when nobody waits for it any more', async () => {
    const { path: at } = await file('endless', whole('endless', { before: 'for (;;);' }));
    const abort = new AbortController();
    const answer = ask(
      { kind: 'describe', file: at },
      { workerEntry: worker.entry, timeoutMs: 60_000, signal: abort.signal },
    );
    abort.abort();
    await expect(answer).rejects.toThrow('cancelled');
  });
});

it("finds a workspace's own plugins", async () => {
  const own = path.join(folder, 'own');
  await mkdir(path.join(own, 'deep'), { recursive: true });
  await writeFile(path.join(own, 'flat.mjs'), whole('flat'));
  await writeFile(path.join(own, 'deep', 'plugin.mjs'), whole('deep'));
  await writeFile(path.join(own, 'notes.md'), '');
  const found = await workspacePlugins(own);
  expect(found.map(({ path: at }) => path.relative(own, at))).toEqual([
    path.join('deep', 'plugin.mjs'),
    'flat.mjs',
  ]);
  expect(await workspacePlugins(undefined)).toEqual([]);
  expect(await workspacePlugins(path.join(folder, 'absent'))).toEqual([]);
  expect([...(await load(found)).loaded.keys()]).toEqual(['deep', 'flat']);
});
