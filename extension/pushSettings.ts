/** Changed settings reach the backend at once: by an update where it can take them on, else by a restart. */
import * as vscode from 'vscode';
import { settingsUpdate, tokenDelete, tokenSet } from '../protocol/api/settings';
import { affectsEditorNetwork, affectsSetting, editorNetwork, readSetting } from './configuration';
import { settingKeys } from './contributions';
import { originOf } from './hubEndpoint';
import type { Services } from './services';
import { effectOf, toSettings } from './settings';
import { t } from './text/translate';

export function pushSettings(
  services: Pick<Services, 'client' | 'supervisor' | 'showError' | 'token'>,
): vscode.Disposable {
  const { client, supervisor, showError, token } = services;
  const apply = async (effect: 'update' | 'restart'): Promise<void> => {
    const { kind } = supervisor.state;
    if (effect === 'restart' || kind === 'failed') {
      if (kind !== 'stopped') await supervisor.restart();
    } else if (kind === 'running') {
      // The database's address takes effect by a restart only, and may hold a password: it is not sent to be kept.
      const { hub, downloads, training } = toSettings(readSetting, process.env, editorNetwork());
      const origin = originOf(hub?.endpoint ?? '');
      const kept = await token.get(origin);
      // Before the endpoint: a download that goes on there must not be refused in between.
      if (kept !== undefined) await client.call(tokenSet, { token: kept, origin });
      await client.call(settingsUpdate, { settings: { hub, downloads, training } });
    }
  };
  const pushTokens = async (): Promise<void> => {
    if (supervisor.state.kind !== 'running') return;
    const kept = Object.entries(await token.all());
    if (kept.length === 0) await client.call(tokenDelete, {});
    for (const [origin, each] of kept) await client.call(tokenSet, { token: each, origin });
    token.tell();
  };
  // Also those that another window set or forgot.
  const tokens = token.onDidChange(() => {
    pushTokens().catch((error: unknown) => showError(error));
  });
  const settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (affectsSetting(event, settingKeys.language)) void offerReload();
    const own = effectOf((key) => affectsSetting(event, key));
    const effect = own === 'none' && affectsEditorNetwork(event) ? 'update' : own;
    if (effect !== 'none') apply(effect).catch((error: unknown) => showError(error));
  });
  return vscode.Disposable.from(tokens, settings);
}

async function offerReload(): Promise<void> {
  const reload = t('Reload Window');
  const chosen = await vscode.window.showInformationMessage(
    t("Goya's language changes when the window is loaded again."),
    reload,
  );
  if (chosen === reload) await vscode.commands.executeCommand('workbench.action.reloadWindow');
}
