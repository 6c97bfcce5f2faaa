/** Changed settings reach the backend at once: by an update where it can take them on, else by a restart. */
import * as vscode from 'vscode';
import { settingsUpdate } from '../protocol/api/settings';
import { affectsSetting, readSetting } from './configuration';
import { settingKeys } from './contributions';
import type { Services } from './services';
import { effectOf, toSettings } from './settings';
import { t } from './text/translate';

export function pushSettings(
  services: Pick<Services, 'client' | 'supervisor' | 'showError'>,
): vscode.Disposable {
  const { client, supervisor, showError } = services;
  const apply = async (effect: 'update' | 'restart'): Promise<void> => {
    const { kind } = supervisor.state;
    if (effect === 'restart' || kind === 'failed') {
      if (kind !== 'stopped') await supervisor.restart();
    } else if (kind === 'running') {
      // The database's address takes effect by a restart only, and may hold a password: it is not sent to be kept.
      const { hub, downloads, training } = toSettings(readSetting, process.env);
      await client.call(settingsUpdate, { settings: { hub, downloads, training } });
    }
  };
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (affectsSetting(event, settingKeys.language)) void offerReload();
    const effect = effectOf((key) => affectsSetting(event, key));
    if (effect !== 'none') apply(effect).catch((error: unknown) => showError(error));
  });
}

async function offerReload(): Promise<void> {
  const reload = t('Reload Window');
  const chosen = await vscode.window.showInformationMessage(
    t("Goya's language changes when the window is loaded again."),
    reload,
  );
  if (chosen === reload) await vscode.commands.executeCommand('workbench.action.reloadWindow');
}
