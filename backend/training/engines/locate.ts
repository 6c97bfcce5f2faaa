/**
 * Finds the native TensorFlow engine by looking at files alone: cheap enough for `initialize`, and nothing of it is
 * loaded into the main process. Its layout is `<engines>/tensorflow-<version>/{engine.json, lib/, deps/lib/}`.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { say } from '../../language/say';

/** The JavaScript half, bundled here, and the native half must be of one version. */
export const tfjsVersion = '4.22.0';

const manifest = z.object({
  name: z.literal('tensorflow'),
  version: z.string(),
  tfjsNode: z.string(),
  platform: z.string(),
  arch: z.string(),
  /** Bytes of each file, by its path in the folder. */
  sizes: z.record(z.string(), z.number()).default({}),
});

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

export async function findNative(options: SearchOptions): Promise<NativeSearch> {
  let reason = say`not installed`;
  for (const folder of enginePaths(options)) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((one) => one.startsWith('tensorflow-')).sort(newestFirst)) {
      const found = await inspectNative(path.join(folder, name));
      if (found.engine !== undefined) return found;
      reason = found.reason;
    }
  }
  return { reason };
}

function newestFirst(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true });
}

async function inspectNative(folder: string): Promise<NativeSearch> {
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
  if (parsed.tfjsNode !== tfjsVersion) {
    return {
      reason: say`${folder} is built for tfjs-node ${parsed.tfjsNode}, this Goya needs ${tfjsVersion}`,
    };
  }
  const binding = path.join(folder, 'lib', 'tfjs_binding.node');
  for (const [name, size] of Object.entries({
    [path.join('lib', 'tfjs_binding.node')]: undefined,
    ...parsed.sizes,
  })) {
    const info = await stat(path.join(folder, name)).catch(() => undefined);
    if (info === undefined || (size !== undefined && info.size !== size)) {
      return { reason: say`${path.join(folder, name)} is missing or incomplete` };
    }
  }
  return { engine: { folder, version: parsed.version, binding }, reason: say`found in ${folder}` };
}
