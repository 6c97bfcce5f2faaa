import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { release } from '../../../scripts/lib/tensorflow/release.mjs';
import { describeEngines } from './describe';
import { loadEngine } from './load';
import { enginePaths, findNative } from './locate';
import { wantedThreads } from './wasmThreads';
import { nativePlatforms } from './nativePlatforms';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(path.join(tmpdir(), 'goya-engines-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const nowhere = () => ({
  storagePath: folder,
  env: { GOYA_CACHE: folder, XDG_CACHE_HOME: folder },
  home: folder,
});

/** An engine's folder as the provisioning script leaves it, with small files in place of the libraries. */
async function fake(version: string, change: object = {}): Promise<string> {
  const target = path.join(folder, 'engines', `tensorflow-${version}`);
  await mkdir(path.join(target, 'lib'), { recursive: true });
  await writeFile(path.join(target, 'lib', 'tfjs_binding.node'), 'binary');
  const manifest = {
    name: 'tensorflow',
    version,
    tfjsNode: '4.22.0',
    platform: process.platform,
    arch: process.arch,
    sizes: { 'lib/tfjs_binding.node': 6 },
    ...change,
  };
  await writeFile(path.join(target, 'engine.json'), JSON.stringify(manifest));
  return target;
}

describe('where engines are looked for', () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ['linux', {}, path.join('/h', '.cache', 'goya', 'engines')],
    ['linux', { XDG_CACHE_HOME: '/x' }, path.join('/x', 'goya', 'engines')],
    ['linux', { XDG_CACHE_HOME: 'relative' }, path.join('/h', '.cache', 'goya', 'engines')],
    ['darwin', {}, path.join('/h', 'Library', 'Caches', 'goya', 'engines')],
    ['win32', { LOCALAPPDATA: '/l' }, path.join('/l', 'goya', 'cache', 'engines')],
  ])('%s %j', (platform, env, last) => {
    const paths = enginePaths({ storagePath: '/s', env, platform, home: '/h' });
    expect(paths).toEqual([path.join('/s', 'engines'), last]);
  });

  it('lets the environment go first', () => {
    const env = { GOYA_ENGINES_PATH: '/mine', GOYA_CACHE: '/c' };
    expect(enginePaths({ storagePath: '/s', env, platform: 'linux', home: '/h' }).slice(0, 3)).toEqual([
      '/mine',
      path.join('/s', 'engines'),
      path.join('/c', 'engines'),
    ]);
  });
});

describe('findNative', () => {
  it('takes the newest whole one', async () => {
    await fake('2.9.1');
    const newest = await fake('2.18.1');
    expect((await findNative(nowhere())).engine).toMatchObject({ version: '2.18.1', folder: newest });
  });

  it.each<[string, object, RegExp]>([
    ['another system', { platform: 'plan9' }, /built for plan9/],
    ['another tfjs-node', { tfjsNode: '3.0.0' }, /needs 4\.22\.0/],
    ['a cut-off file', { sizes: { 'lib/tfjs_binding.node': 7 } }, /incomplete/],
    ['a missing library', { sizes: { 'deps/lib/libtensorflow.so': 1 } }, /missing/],
    ['a damaged manifest', { version: 3 }, /damaged/],
  ])('passes over %s and says why', async (_name, change, reason) => {
    await fake('2.18.1', change);
    const found = await findNative(nowhere());
    expect(found.engine).toBeUndefined();
    expect(found.reason).toMatch(reason);
  });
});

describe('describeEngines', () => {
  it('lists them best first, with what to do about a missing one', async () => {
    const engines = await describeEngines({ ...nowhere(), platform: 'linux', arch: 'x64' });
    expect(engines.map(({ name, available }) => [name, available])).toEqual([
      ['tensorflow', false],
      ['wasm', true],
      ['cpu', true],
    ]);
    expect(engines[0]?.reason).toMatch(/not installed.*Install Native TensorFlow Engine/);
    expect(engines.every((engine) => !engine.available || engine.version !== undefined)).toBe(true);
  });

  it.each([
    ['darwin', 'arm64', /Linux on x64 only, this is darwin-arm64.*over SSH/],
    ['win32', 'x64', /Linux on x64 only, this is win32-x64.*in WSL/],
    ['linux', 'arm64', /Linux on x64 only, this is linux-arm64.*over SSH/],
  ] as const)('says on %s-%s what to do instead of installing it', async (platform, arch, reason) => {
    const options = { ...nowhere(), platform, arch };
    const [native] = await describeEngines(options);
    expect(native?.reason).toMatch(reason);
    expect(native?.reason).not.toContain('Install Native');
    await expect(loadEngine('tensorflow', options)).rejects.toMatchObject({
      kind: 'engine.unavailable',
      message: expect.stringMatching(reason) as string,
    });
  });

  it('is built of sources that make no external buffers: Electron refuses those', async () => {
    const folder = path.resolve(import.meta.dirname, '../../../node_modules/@tensorflow/tfjs-node/binding');
    for (const name of await readdir(folder))
      expect(await readFile(path.join(folder, name), 'utf8')).not.toMatch(/napi_create_external_\w*buffer/);
  });

  it('builds where there is a wheel for it, and nowhere else', () => {
    expect(nativePlatforms).toEqual(Object.keys(release.wheels));
  });
});

/** One step of learning on the engine in force; answers the loss before and after. */
function learn(): [number, number] {
  const model = sequential({
    layers: [
      layers.conv1d({ inputShape: [12, 3], filters: 4, kernelSize: 3, padding: 'same', activation: 'relu' }),
      layers.globalAveragePooling1d({}),
      layers.dense({ units: 2 }),
    ],
  });
  const x = tf.randomNormal([8, 12, 3], 0, 1, 'float32', 1);
  const y = tf.randomNormal([8, 2], 0, 1, 'float32', 2);
  const loss = (): tf.Scalar =>
    tf.mean(tf.square(tf.sub(model.apply(x, { training: true }) as tf.Tensor, y)));
  const optimizer = tf.train.sgd(0.1);
  const before = loss().dataSync()[0]!;
  for (let i = 0; i < 5; i++) optimizer.minimize(loss);
  return [before, loss().dataSync()[0]!];
}

describe('loadEngine', () => {
  it.each(['wasm', 'cpu'] as const)('%s starts and learns', async (name) => {
    expect(await loadEngine(name, nowhere())).toMatchObject({
      name,
      reason: expect.stringMatching(/chosen/) as string,
    });
    const [before, after] = learn();
    expect(after).toBeLessThan(before);
  });

  it('says with which build of WebAssembly it runs', async () => {
    const { build, reason } = await loadEngine('wasm', nowhere());
    expect(build).toMatchObject({ simd: expect.any(Boolean) as boolean, threads: wantedThreads() });
    expect(reason).toMatch(
      build['simd'] === true ? /with SIMD on (one|\d+) thread/ : /without SIMD on one thread/,
    );
  });

  it('says what to do when the engine asked for is not there', async () => {
    await expect(loadEngine('tensorflow', nowhere())).rejects.toMatchObject({
      kind: 'engine.unavailable',
      message: expect.stringMatching(/not installed.*Install Native TensorFlow Engine.*"auto"/) as string,
    });
  });

  it('falls back from an engine that does not load, and says so', async () => {
    await fake('2.18.1');
    const { name, reason } = await loadEngine('auto', nowhere());
    expect(name).toBe('wasm');
    expect(reason).toMatch(/^tensorflow: /);
  });

  it('trains on native TensorFlow where it is provisioned', async (context) => {
    const found = await findNative({ storagePath: undefined, home: homedir() });
    context.skip(found.engine === undefined, `the native engine is ${found.reason}`);
    const engine = await loadEngine('tensorflow', { storagePath: undefined });
    expect(engine).toMatchObject({ name: 'tensorflow', version: found.engine?.version });
    expect(tf.getBackend()).toBe('tensorflow');
    const [before, after] = learn();
    expect(after).toBeLessThan(before);
    await tf.setBackend('cpu');
  });
});
