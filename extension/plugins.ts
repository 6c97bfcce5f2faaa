/** Training tasks that other extensions contribute: `"goya": { "plugins": ["./plugin.mjs"] }` in their package.json. */
import path from 'node:path';
import * as vscode from 'vscode';
import { pluginsContribute, pluginsList } from '../protocol/api/plugins';
import type { PluginSource } from '../protocol/model/plugin';
import { toStudioError } from '../protocol/wire/errors';
import type { Services } from './services';

interface Manifest {
  readonly goya?: { readonly plugins?: unknown } | null;
}

type Contributor = Pick<vscode.Extension<unknown>, 'id' | 'extensionPath' | 'packageJSON'>;

/** Paths that leave the extension's own folder are left out and named to `onProblem`. */
export function contributedPlugins(
  extensions: readonly Contributor[],
  onProblem: (message: string) => void,
): PluginSource[] {
  return extensions.flatMap(({ id, extensionPath, packageJSON }) => {
    const named = (packageJSON as Manifest | undefined)?.goya?.plugins;
    if (named === undefined) return [];
    if (!Array.isArray(named)) {
      onProblem(`${id}: "goya.plugins" in its package.json must be a list of paths.`);
      return [];
    }
    return named.flatMap((given: unknown) => {
      const file = typeof given === 'string' ? path.resolve(extensionPath, given) : extensionPath;
      const within = path.relative(extensionPath, file);
      if (within !== '' && !within.startsWith('..') && !path.isAbsolute(within))
        return [{ path: file, extensionId: id }];
      onProblem(`${id}: the plugin ${JSON.stringify(given)} is not a file inside the extension's folder.`);
      return [];
    });
  });
}

/**
 * Tells the backend when extensions are installed, enabled or removed. `changed`: other tasks are there, also when a
 * plugin that was slow to load has come.
 */
export function watchPlugins(
  { client, supervisor, log }: Pick<Services, 'client' | 'supervisor' | 'log'>,
  changed: () => void,
): vscode.Disposable {
  const closing = new AbortController();
  const watched = { signal: closing.signal, onProgress: changed };
  const failed = (error: unknown): void => {
    if (closing.signal.aborted) return;
    log.error(`The plugins of other extensions could not be loaded: ${toStudioError(error).message}`);
  };
  let sent = JSON.stringify(currentPlugins(log));
  const stop = supervisor.onState(({ kind }) => {
    if (kind === 'running') client.callWatched(pluginsList, {}, watched).catch(failed);
  });
  const extensions = vscode.extensions.onDidChange(() => {
    const plugins = currentPlugins(log);
    const text = JSON.stringify(plugins);
    // Most extensions have nothing to do with this; a backend that starts later is told at its start.
    if (text === sent) return;
    sent = text;
    if (supervisor.state.kind !== 'running') return;
    client.callWatched(pluginsContribute, { plugins }, watched).then(changed, failed);
  });
  return vscode.Disposable.from(extensions, new vscode.Disposable(stop), {
    dispose: () => closing.abort(),
  });
}

export function currentPlugins(log: vscode.LogOutputChannel): PluginSource[] {
  return contributedPlugins(vscode.extensions.all, (message) => log.warn(message));
}
