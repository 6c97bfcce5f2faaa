/**
 * Finds the engines that `engines/install` puts together by looking at files alone: cheap enough for `initialize`, and nothing of it is
 * loaded into the main process. They lie in `<engines>/{tensorflow,sherpa-onnx}-<version>/{engine.json, lib/, …}`.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { say } from '../../language/say';

/** The JavaScript half, bundled here, and the native half must be of one version. */
export const tfjsVersion = '4.22.0';

const manifest = z.object({
  name: z.string(),
  version: z.string(),
  tfjsNode: z.string().optional(),
  platform: z.string(),
  arch: z.string(),
  /** Bytes of each file, by its path in the folder. */
  sizes: z.record(z.string(), z.number()).default({}),
});
type Manifest = z.infer<typeof manifest>;

/** An engine that is installed by `engines/install`. */
interface Kind {
  /** Of its folders, before the version. */
  readonly name: string;
  readonly binding: string;
  /** Why this one does not suit; undefined where it does. */
  readonly unfit: (folder: string, found: Manifest) => string | undefined;
}

const tensorflow: Kind = {
  name: 'tensorflow',
  binding: path.join('lib', 'tfjs_binding.node'),
  unfit: (folder, { tfjsNode }) =>
    tfjsNode === tfjsVersion
      ? undefined
      : say`${folder} is built for tfjs-node ${tfjsNode ?? '?'}, this Goya needs ${tfjsVersion}`,
};

const sherpaOnnx: Kind = {
  name: 'sherpa-onnx',
  binding: path.join('lib', 'sherpa-onnx.node'),
  unfit: () => undefined,
};

export interface NativeEngine {
  readonly folder: string;
  readonly version: string;
  readonly binding: string;
}

export interface NativeSearch {
  readonly engine?: NativeEngine;
  /** Why there is none. */
  readonly reason: string;
}

export interface SearchOptions {
  readonly storagePath: string | undefined;
  readonly env?: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
  readonly arch?: string;
  readonly home?: string;
}

/** Folders that may hold engines, the first wins. */
export function enginePaths(options: SearchOptions): string[] {
  const { storagePath, env = process.env, platform = process.platform, home = os.homedir() } = options;
  const own = env['GOYA_ENGINES_PATH'];
  const cache = env['GOYA_CACHE'];
  return [
    ...(own ? [own] : []),
    ...(storagePath === undefined ? [] : [path.join(storagePath, 'engines')]),
    ...(cache ? [path.join(cache, 'engines')] : []),
    path.join(userCache(env, platform, home), 'engines'),
  ];
}

function userCache(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (platform === 'win32') {
    return path.join(env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local'), 'goya', 'cache');
  }
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'goya');
  const xdg = env['XDG_CACHE_HOME'];
  return path.join(xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'goya');
}

export function findNative(options: SearchOptions): Promise<NativeSearch> {
  return find(tensorflow, options);
}

/** The engine for ONNX models: its folder has `espeak-ng-data/` too. */
export function findOnnx(options: SearchOptions): Promise<NativeSearch> {
  return find(sherpaOnnx, options);
}

async function find(kind: Kind, options: SearchOptions): Promise<NativeSearch> {
  let reason = say`not installed`;
  for (const folder of enginePaths(options)) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((one) => one.startsWith(`${kind.name}-`)).sort(newestFirst)) {
      const found = await inspect(kind, path.join(folder, name));
      if (found.engine !== undefined) return found;
      reason = found.reason;
    }
  }
  return { reason };
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}

async function inspect(kind: Kind, folder: string): Promise<NativeSearch> {
  const file = path.join(folder, 'engine.json');
  let parsed;
  try {
    parsed = manifest.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return { reason: say`${file} is missing or damaged` };
  }
  if (parsed.platform !== process.platform || parsed.arch !== process.arch) {
    return {
      reason: say`${folder} is built for ${`${parsed.platform}-${parsed.arch}`}, this is ${`${process.platform}-${process.arch}`}`,
    };
  }
  const unfit = kind.unfit(folder, parsed);
  if (unfit !== undefined) return { reason: unfit };
  const binding = path.join(folder, kind.binding);
  for (const [name, size] of Object.entries({
    [kind.binding]: undefined,
    ...parsed.sizes,
  })) {
    const info = await stat(path.join(folder, name)).catch(() => undefined);
    if (info === undefined || (size !== undefined && info.size !== size)) {
      return { reason: say`${path.join(folder, name)} is missing or incomplete` };
    }
  }
  return { engine: { folder, version: parsed.version, binding }, reason: say`found in ${folder}` };
}
