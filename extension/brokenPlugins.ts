/** Says once which plugins brought no training task and why: their configs would otherwise name a task that nobody knows. */
import path from 'node:path';
import * as vscode from 'vscode';
import { pluginsList } from '../protocol/api/plugins';
import type { PluginInfo } from '../protocol/model/plugin';
import { toStudioError } from '../protocol/wire/errors';
import { commands } from './contributions';
import type { Services } from './services';
import { isolate } from './text/bidi';
import { t } from './text/translate';

export function watchBrokenPlugins({
  client,
  supervisor,
  log,
  onTasksChanged,
}: Pick<Services, 'client' | 'supervisor' | 'log' | 'onTasksChanged'>): vscode.Disposable {
  const said = new Set<string>();
  const look = async (): Promise<void> => {
    try {
      const { plugins } = await client.call(pluginsList, {});
      for (const plugin of plugins) {
        const sentence = brokenSentence(plugin);
        if (sentence === undefined || said.has(sentence)) continue;
        said.add(sentence);
        log.warn(sentence);
        void tell(sentence);
      }
    } catch (error) {
      log.warn(`The plugins could not be listed: ${toStudioError(error).message}`);
    }
  };
  const stop = supervisor.onState(({ kind }) => {
    if (kind === 'running') void look();
  });
  return vscode.Disposable.from(
    new vscode.Disposable(stop),
    onTasksChanged(() => void look()),
  );
}

/** Names the plugin, whose it is, and what it did; undefined for one that works. */
export function brokenSentence({ path: file, extensionId, loaded, error }: PluginInfo): string | undefined {
  if (loaded) return undefined;
  const name = isolate(extensionId === undefined ? file : path.basename(file));
  const why = isolate(error ?? '');
  return extensionId === undefined
    ? t('The plugin {0} brings no training task: {1}. Other tasks are not affected.', name, why)
    : t(
        'The plugin {0} of the extension {1} brings no training task: {2}. Other tasks are not affected.',
        name,
        isolate(extensionId),
        why,
      );
}

async function tell(sentence: string): Promise<void> {
  const show = t('Show Log');
  if ((await vscode.window.showWarningMessage(sentence, show)) === show)
    await vscode.commands.executeCommand(commands.showLog);
}
