/** Finds and loads training tasks: every folder with an `index` is one, and a broken one hurts only itself. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginInfo, PluginSource } from '../../protocol/model/plugin';
import { pluginId, taskOf } from '../sdk/contract';
import type { TrainingTask } from '../sdk/trainingTask';
import { findUp } from './engines/place';
import { loadExternal } from './external/loadExternal';

/** A module that never finishes loading must not hold up the others, in milliseconds. */
const loadTimeout = 10_000;

export interface LoadedPlugin {
  readonly id: string;
  readonly task: TrainingTask;
  /** The module that the trainer's process imports. */
  readonly entry: string;
}

export interface PluginSet {
  readonly infos: readonly PluginInfo[];
  readonly loaded: ReadonlyMap<string, LoadedPlugin>;
}

export interface LoadOptions {
  /** Of Goya's own tasks, a folder each. */
  readonly folders: readonly string[];
  /** Modules from outside; theirs come after Goya's own. */
  readonly files?: readonly PluginSource[] | undefined;
  /** `pluginWorker.js`; beside this bundle by default. */
  readonly workerEntry?: string | undefined;
  /** Given in tests; a plain `import()` otherwise. */
  readonly importModule?: (entry: string) => Promise<unknown>;
  readonly timeoutMs?: number;
}

const defaultImport = (entry: string): Promise<unknown> =>
  import(pathToFileURL(entry).href) as Promise<unknown>;

export async function loadPlugins(options: LoadOptions): Promise<PluginSet> {
  const infos: PluginInfo[] = [];
  const loaded = new Map<string, LoadedPlugin>();
  for (const folder of options.folders) {
    const names = (await readdir(folder, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    const found = await Promise.all(names.map((name) => loadOne(path.join(folder, name), name, options)));
    found.forEach((one) => take(one));
  }
  const outside = await Promise.all((options.files ?? []).map((source) => loadOutside(source, options)));
  outside.forEach((one) => take(one));
  return { infos, loaded };

  function take(one: Found | undefined): void {
    if (one === undefined) return;
    const { info, plugin } = one;
    // The first of an id wins: an extension cannot slip its code under a task that ships with Goya.
    if (plugin !== undefined && loaded.has(plugin.id)) {
      infos.push({ ...info, loaded: false, error: `there is already a task ${plugin.id}` });
      return;
    }
    infos.push(info);
    if (plugin !== undefined) loaded.set(plugin.id, plugin);
  }
}

interface Found {
  readonly info: PluginInfo;
  readonly plugin?: LoadedPlugin;
}

function loadOutside(source: PluginSource, options: LoadOptions): Promise<Found> {
  const workerEntry =
    options.workerEntry ?? findUp('pluginWorker.js', path.join('dist', 'backend', 'pluginWorker.js'));
  if (workerEntry === undefined) throw new Error('pluginWorker.js is missing from this installation');
  return loadExternal(source, { workerEntry, timeoutMs: options.timeoutMs ?? loadTimeout });
}

async function loadOne(folder: string, id: string, options: LoadOptions): Promise<Found | undefined> {
  const entry = await entryOf(folder);
  if (entry === undefined) return undefined;
  const base = { id, kind: 'training-task' as const, path: folder };
  try {
    pluginId.parse(id);
    const load = (options.importModule ?? defaultImport)(entry);
    const task = taskOf(await within(load, options.timeoutMs ?? loadTimeout));
    return { info: { ...base, title: task.title, loaded: true }, plugin: { id, task, entry } };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { info: { ...base, title: id, loaded: false, error: message } };
  }
}

async function entryOf(folder: string): Promise<string | undefined> {
  for (const name of ['index.js', 'index.mjs', 'index.ts']) {
    const file = path.join(folder, name);
    const info = await stat(file).catch(() => undefined);
    if (info?.isFile() === true) return file;
  }
  return undefined;
}

async function within<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it did not load within ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
