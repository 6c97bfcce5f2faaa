/** Finds the runtimes beside Goya's own families: every folder with an `index` is one, and a broken one hurts only itself. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import type { Detected, ModelFiles, ModelRuntime } from '../sdk/modelRuntime';
import { findUp } from '../training/engines/place';

export interface LoadedRuntime {
  readonly id: string;
  /** The module that the inference process imports. */
  readonly entry: string;
  readonly runtime: ModelRuntime;
}

const contract = z.looseObject({
  title: z.string(),
  engine: z.literal('onnx'),
  detect: z.custom<ModelRuntime['detect']>((value) => typeof value === 'function'),
  load: z.custom<ModelRuntime['load']>((value) => typeof value === 'function'),
});

export interface Known {
  readonly loaded: LoadedRuntime;
  readonly detected: Detected;
}

export class Runtimes {
  private list: Promise<readonly LoadedRuntime[]> | undefined;

  constructor(
    private readonly folder = runtimesFolder(),
    private readonly onBroken: (entry: string, error: unknown) => void = () => undefined,
  ) {}

  /** Read at the first question and kept. */
  all(): Promise<readonly LoadedRuntime[]> {
    return (this.list ??= this.read());
  }

  /** The first that knows the model. A runtime that throws knows it not. */
  async detect(files: ModelFiles): Promise<Known | undefined> {
    for (const loaded of await this.all()) {
      try {
        const detected = await loaded.runtime.detect(files);
        if (detected !== undefined) return { loaded, detected };
      } catch (error) {
        this.onBroken(loaded.entry, error);
      }
    }
    return undefined;
  }

  private async read(): Promise<readonly LoadedRuntime[]> {
    const { folder } = this;
    if (folder === undefined) return [];
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    const ids = entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .sort();
    const found: LoadedRuntime[] = [];
    for (const id of ids) {
      const entry = path.join(folder, id, 'index.js');
      try {
        found.push({ id, entry, runtime: await loadRuntime(entry) });
      } catch (error) {
        this.onBroken(entry, error);
      }
    }
    return found;
  }
}

/** Throws for a module that is no runtime. */
export async function loadRuntime(entry: string): Promise<ModelRuntime> {
  const module = (await import(pathToFileURL(entry).href)) as { default?: unknown };
  return contract.parse(module.default);
}

function runtimesFolder(): string | undefined {
  const known = findUp(
    path.join('runtimes', 'onnx', 'index.js'),
    path.join('dist', 'backend', 'runtimes', 'onnx', 'index.js'),
  );
  return known === undefined ? undefined : path.dirname(path.dirname(known));
}
