import * as vscode from 'vscode';
import { isActiveDownload, isActiveRun } from '../activity';
import { commands, extensionId, walkthroughs } from '../contributions';
import type { Services } from '../services';
import { language, t } from '../text/translate';
import { downloadLook } from '../views/looks/download';
import { runLook } from '../views/looks/run';
import { confirm } from './pick';

export async function restartBackend(services: Services): Promise<void> {
  const running = services.topics.runs.mirror.list().filter(isActiveRun);
  if (services.supervisor.state.kind === 'running' && running.length > 0) {
    const sure = await confirm(
      t('Restart the backend while something is being trained?'),
      t('The run is interrupted at its last checkpoint. It can be resumed from there.'),
      t('Restart'),
    );
    if (!sure) return;
  }
  await services.supervisor.restart();
  await services.supervisor.ready();
}

export function showLog(services: Services): Promise<void> {
  services.log.show(true);
  return Promise.resolve();
}

export async function openSettings(key: unknown): Promise<void> {
  const query = typeof key === 'string' && key !== '' ? `goya.${key}` : `@ext:${extensionId}`;
  await vscode.commands.executeCommand('workbench.action.openSettings', query);
}

export async function openFirstSteps(): Promise<void> {
  await vscode.commands.executeCommand(
    'workbench.action.openWalkthrough',
    `${extensionId}#${walkthroughs[language()]}`,
  );
}

interface ActivityItem extends vscode.QuickPickItem {
  readonly command?: string;
  readonly argument?: string;
}

/** What runs now, each with the way to it; then what one does next. */
export async function showActivity(services: Services): Promise<void> {
  const { downloads, runs } = services.topics;
  const now = Date.now();
  const items: ActivityItem[] = [
    ...runs.mirror
      .list()
      .filter(isActiveRun)
      .map((run) => {
        const { label, description } = runLook(run, now);
        return {
          label: `$(sync~spin) ${label}`,
          description: description ?? '',
          command: commands.openDashboard,
          argument: run.id,
        };
      }),
    ...downloads.mirror
      .list()
      .filter(isActiveDownload)
      .map((download) => {
        const { label, description } = downloadLook(download, now);
        return {
          label: `$(cloud-download) ${label}`,
          description: description ?? '',
          command: 'goya.downloads.focus',
        };
      }),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: `$(search) ${t('Search Models…')}`, command: commands.searchModels },
    { label: `$(new-file) ${t('New Training Config…')}`, command: commands.newTrainingConfig },
    { label: `$(heart) ${t('Check Connection')}`, command: commands.checkConnection },
    { label: `$(output) ${t('Show Log')}`, command: commands.showLog },
  ];
  const picked = await vscode.window.showQuickPick(items, { title: t('Goya') });
  if (picked?.command !== undefined) await vscode.commands.executeCommand(picked.command, picked.argument);
}
