/** Finds and loads training tasks: every folder with an `index` is one, and a broken one hurts only itself. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PluginInfo, PluginSource } from '../../protocol/model/plugin';
import { pluginId, taskOf } from '../sdk/contract';
import type { TrainingTask } from '../sdk/trainingTask';
import { findUp } from './engines/place';
import { loadExternal } from './external/loadExternal';

/** Longest that a module may take to load, in milliseconds; `GOYA_PLUGIN_SECONDS` where that is not enough. */
export function loadTimeout(given = process.env['GOYA_PLUGIN_SECONDS']): number {
  const seconds = Number(given);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1000, longestTimer) : 10_000;
}
const longestTimer = 2_147_483_647;

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
  return new PluginLoading(options).all();
}

/**
 * Each module from outside loads for itself: whoever asks gets what is there, and a slow one is waited for by those only
 * who ask for it.
 */
export class PluginLoading {
  private readonly own: Promise<readonly Found[]>;
  private readonly outside: readonly (Found | 'loading')[];
  private readonly arrivals = new Set<Promise<void>>();
  private readonly listeners = new Set<() => Promise<void>>();

  /** Throws where the program that loads modules from outside is missing. */
  constructor(options: LoadOptions) {
    const { folders, files = [] } = options;
    this.own = loadFolders(folders, options);
    const workerEntry = files.length === 0 ? undefined : workerOf(options);
    const found: (Found | 'loading')[] = files.map(() => 'loading');
    this.outside = found;
    if (workerEntry === undefined) return;
    const timeoutMs = options.timeoutMs ?? loadTimeout();
    files.forEach((source, place) => {
      const arrival = loadExternal(source, { workerEntry, timeoutMs }).then((one) => {
        found[place] = one;
        this.arrivals.delete(arrival);
        for (const listener of this.listeners) void listener();
      });
      this.arrivals.add(arrival);
    });
  }

  /** What is there: Goya's own, and whatever has come from outside. */
  async soFar(): Promise<PluginSet> {
    const outside = this.outside.filter((one) => one !== 'loading');
    return together([...(await this.own), ...outside]);
  }

  /** With this task, should it come; everything else may still be on its way. */
  async withTask(id: string): Promise<PluginSet> {
    let set = await this.soFar();
    while (!set.loaded.has(id) && this.arrivals.size > 0) {
      await Promise.race(this.arrivals);
      set = await this.soFar();
    }
    return set;
  }

  /** Whether some are still loading. */
  get underWay(): boolean {
    return this.arrivals.size > 0;
  }

  /** When each has loaded or failed. `onArrival` gets what is there, also at once where some have come before. */
  async all(onArrival?: (set: PluginSet) => void): Promise<PluginSet> {
    const tell = async (): Promise<void> => onArrival?.(await this.soFar());
    this.listeners.add(tell);
    if (this.outside.some((one) => one !== 'loading')) await tell();
    await Promise.all(this.arrivals);
    this.listeners.delete(tell);
    return this.soFar();
  }
}

interface Found {
  readonly info: PluginInfo;
  readonly plugin?: LoadedPlugin;
}

function together(found: readonly Found[]): PluginSet {
  const infos: PluginInfo[] = [];
  const loaded = new Map<string, LoadedPlugin>();
  for (const { info, plugin } of found) {
    // The first of an id wins: an extension cannot slip its code under a task that ships with Goya.
    if (plugin !== undefined && loaded.has(plugin.id)) {
      infos.push({ ...info, loaded: false, error: `there is already a task ${plugin.id}` });
      continue;
    }
    infos.push(info);
    if (plugin !== undefined) loaded.set(plugin.id, plugin);
  }
  return { infos, loaded };
}

function workerOf({ workerEntry }: LoadOptions): string {
  const entry = workerEntry ?? findUp('pluginWorker.js', path.join('dist', 'backend', 'pluginWorker.js'));
  if (entry === undefined) throw new Error('pluginWorker.js is missing from this installation');
  return entry;
}

async function loadFolders(folders: readonly string[], options: LoadOptions): Promise<Found[]> {
  const found: (Found | undefined)[] = [];
  for (const folder of folders) {
    const names = (await readdir(folder, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
    found.push(...(await Promise.all(names.map((name) => loadOne(path.join(folder, name), name, options)))));
  }
  return found.filter((one) => one !== undefined);
}

async function loadOne(folder: string, id: string, options: LoadOptions): Promise<Found | undefined> {
  const entry = await entryOf(folder);
  if (entry === undefined) return undefined;
  const base = { id, kind: 'training-task' as const, path: folder };
  try {
    pluginId.parse(id);
    const load = (options.importModule ?? defaultImport)(entry);
    const task = taskOf(await within(load, options.timeoutMs ?? loadTimeout()));
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
