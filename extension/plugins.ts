/** Training tasks that other extensions contribute: `"goya": { "plugins": ["./plugin.mjs"] }` in their package.json. */
import path from 'node:path';
import * as vscode from 'vscode';
import { pluginsContribute } from '../protocol/api/plugins';
import type { PluginSource } from '../protocol/model/plugin';
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

/** Tells the backend when extensions are installed, enabled or removed; `changed` follows its answer. */
export function watchPlugins(
  { client, supervisor, log }: Pick<Services, 'client' | 'supervisor' | 'log'>,
  changed: () => void,
): vscode.Disposable {
  let sent = JSON.stringify(currentPlugins(log));
  return vscode.extensions.onDidChange(() => {
    const plugins = currentPlugins(log);
    const text = JSON.stringify(plugins);
    // Most extensions have nothing to do with this; a backend that starts later is told at its start.
    if (text === sent) return;
    sent = text;
    if (supervisor.state.kind !== 'running') return;
    client.call(pluginsContribute, { plugins }).then(changed, (error: unknown) => {
      log.error(`The plugins of other extensions could not be loaded: ${String(error)}`);
    });
  });
}

export function currentPlugins(log: vscode.LogOutputChannel): PluginSource[] {
  return contributedPlugins(vscode.extensions.all, (message) => log.warn(message));
}
