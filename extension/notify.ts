/** Notifications for the ends that people wait for: a finished download or run, with the next step and a way to silence them. */
import * as vscode from 'vscode';
import type { Download } from '../protocol/model/download';
import { readSetting } from './configuration';
import { commands, settingKeys, type NotificationLevel } from './contributions';
import { downloadEnd, mayNotify, runEnd, type End } from './ends';
import { withPage } from './hubPage';
import type { Services } from './services';
import { t } from './text/translate';
import { isPlayable } from './views/looks/model';

interface NextStep {
  readonly title: string;
  readonly command: string;
  /** Instead of the object that ended. */
  readonly argument?: { readonly id: string };
}

export function watchEnds(services: Pick<Services, 'topics' | 'showError'>): vscode.Disposable {
  const { topics, showError } = services;
  const tell = <T extends { readonly id: string }>(
    end: End<T>,
    done: NextStep,
    retry: string,
    page?: string,
  ): void => {
    const level = readSetting(settingKeys.notifications) as NotificationLevel;
    if (!mayNotify(level, end.kind)) return;
    const argument = { id: end.item.id };
    if (end.kind === 'failed')
      showError(page === undefined ? end.error : withPage(end.error, page), {
        retry: () => void vscode.commands.executeCommand(retry, argument),
        silence: () => void setLevel('none'),
      });
    else void tellDone(end.message, done, done.argument ?? argument);
  };
  const stops = [
    topics.downloads.mirror.onChange((change) => {
      const end = downloadEnd(change);
      if (end !== undefined) tell(end, nextStep(topics, end.item), commands.retryDownload, end.item.repoId);
    }),
    topics.runs.mirror.onChange((change) => {
      const end = runEnd(change);
      if (end !== undefined) tell(end, { title: t('Try It'), command: commands.tryRun }, commands.resumeRun);
    }),
  ];
  return new vscode.Disposable(() => {
    for (const stop of stops) stop();
  });
}

/** A model that runs here is tried; of any other, one wants to see the files. */
function nextStep({ models }: Services['topics'], download: Download): NextStep {
  const model = models.mirror.list().find(({ path }) => path === download.path);
  return model !== undefined && isPlayable(model)
    ? { title: t('Try It'), command: commands.tryModel, argument: { id: model.id } }
    : { title: t('Show Folder'), command: commands.revealDownload };
}

async function tellDone(message: string, step: NextStep, argument: { id: string }): Promise<void> {
  const silence = t("Don't Show Again");
  const chosen = await vscode.window.showInformationMessage(message, step.title, silence);
  if (chosen === step.title) await vscode.commands.executeCommand(step.command, argument);
  if (chosen === silence) await setLevel('failures');
}

async function setLevel(level: NotificationLevel): Promise<void> {
  await vscode.workspace
    .getConfiguration('goya')
    .update(settingKeys.notifications, level, vscode.ConfigurationTarget.Global);
}
