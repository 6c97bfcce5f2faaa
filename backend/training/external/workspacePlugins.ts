import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { PluginSource } from '../../../protocol/model/plugin';

/** The modules of a workspace's own plugins, `<folder>/*.mjs` and `<folder>/<name>/plugin.mjs`, by name; none when it has no such folder. */
export async function workspacePlugins(folder: string | undefined): Promise<PluginSource[]> {
  if (folder === undefined) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isDirectory() || entry.name.endsWith('.mjs'))
    .map((entry) => path.join(folder, entry.name, ...(entry.isDirectory() ? ['plugin.mjs'] : [])));
  return files.sort().map((file) => ({ path: file }));
}
