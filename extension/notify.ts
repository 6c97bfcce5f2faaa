/** Notifications for the ends that people wait for: a finished download or run, with the next step and a way to silence them. */
import * as vscode from 'vscode';
import { readSetting } from './configuration';
import { commands, settingKeys, type NotificationLevel } from './contributions';
import { downloadEnd, mayNotify, runEnd, type End } from './ends';
import { withPage } from './hubPage';
import type { Services } from './services';
import { t } from './text/translate';

interface NextStep {
  readonly title: string;
  readonly command: string;
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
      });
    else void tellDone(end.message, done, argument);
  };
  const stops = [
    topics.downloads.mirror.onChange((change) => {
      const end = downloadEnd(change);
      if (end !== undefined)
        tell(
          end,
          { title: t('Show in Models'), command: 'goya.models.focus' },
          commands.retryDownload,
          end.item.repoId,
        );
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

async function tellDone(message: string, step: NextStep, argument: { id: string }): Promise<void> {
  const silence = t("Don't Show Again");
  const chosen = await vscode.window.showInformationMessage(message, step.title, silence);
  if (chosen === step.title) await vscode.commands.executeCommand(step.command, argument);
  if (chosen === silence)
    await vscode.workspace
      .getConfiguration('goya')
      .update(settingKeys.notifications, 'failures', vscode.ConfigurationTarget.Global);
}
