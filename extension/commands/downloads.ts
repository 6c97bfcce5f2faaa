import * as vscode from 'vscode';
import { downloadsCancel, downloadsPause, downloadsResume } from '../../protocol/api/downloads';
import type { Download, DownloadState } from '../../protocol/model/download';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatBytes } from '../text/format';
import { t } from '../text/translate';
import { downloadLook } from '../views/looks/download';
import { planDownload } from './planDownload';
import { confirm, pickEntity, reveal } from './pick';
import { parseRepoName } from './repoName';
import { repoNameProblem } from './repoNameProblem';
import { targetOf } from './target';

export async function downloadByName(services: Services, argument: unknown): Promise<void> {
  const given = typeof argument === 'string' ? parseRepoName(argument) : undefined;
  if (given !== undefined) return planDownload(services, given);
  const text = await vscode.window.showInputBox({
    title: t('Download Model by Name'),
    prompt: t('A repository on the hub, with a revision if you like, or the address of its page'),
    placeHolder: 'facebook/mms-tts-fas',
    ignoreFocusOut: true,
    validateInput: repoNameProblem,
  });
  const name = parseRepoName(text ?? '');
  if (name !== undefined) await planDownload(services, name);
}

export async function downloadCurated(services: Services, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (target !== undefined)
    await planDownload(services, { repoId: target.repoId ?? target.id }, target.include);
}

export const pickDownload = (
  services: Services,
  argument: unknown,
  title: string,
  states: readonly DownloadState[],
): Promise<Download | undefined> =>
  pickEntity(services.topics.downloads, {
    argument,
    title,
    filter: (download) => states.includes(download.state),
    choice: (download) => downloadLook(download, Date.now()),
    none: t('There is no download for that now.'),
  });

export async function pauseDownload(services: Services, argument: unknown): Promise<void> {
  const download = await pickDownload(services, argument, t('Pause Download'), ['queued', 'downloading']);
  if (download !== undefined) await services.client.call(downloadsPause, { id: download.id });
}

export async function resumeDownload(services: Services, argument: unknown): Promise<void> {
  const download = await pickDownload(services, argument, t('Resume Download'), [
    'paused',
    'failed',
    'cancelled',
  ]);
  if (download !== undefined) await services.client.call(downloadsResume, { id: download.id });
}

const cancellable: readonly DownloadState[] = ['queued', 'downloading', 'paused', 'failed'];

export async function cancelDownload(services: Services, argument: unknown): Promise<void> {
  const download = await pickDownload(services, argument, t('Cancel Download'), cancellable);
  if (download === undefined) return;
  const keep = t('Cancel, Keep What Arrived');
  const discard = t('Cancel and Delete What Arrived');
  const chosen = await vscode.window.showWarningMessage(
    t('Cancel the download of {0}?', isolate(download.repoId)),
    { modal: true, detail: t('What has arrived can be kept, so that a later download goes on from there.') },
    keep,
    discard,
  );
  if (chosen === undefined) return;
  await services.client.call(downloadsCancel, { id: download.id, discard: chosen === discard });
}

/** Also for one that was cancelled before: its bytes go. */
export async function discardDownload(services: Services, argument: unknown): Promise<void> {
  const states = [...cancellable, 'cancelled'] as const;
  const download = await pickDownload(services, argument, t('Cancel and Delete What Arrived'), states);
  if (download === undefined) return;
  const agreed = await confirm(
    t('Cancel the download of {0}?', isolate(download.repoId)),
    t('What has arrived of it is deleted: {0}.', formatBytes(download.bytesDone)),
    t('Cancel and Delete What Arrived'),
  );
  if (agreed) await services.client.call(downloadsCancel, { id: download.id, discard: true });
}

export async function copyDownloadError(services: Services, argument: unknown): Promise<void> {
  const download = await pickDownload(services, argument, t('Copy Error'), ['failed']);
  if (download?.error === undefined) return;
  const { kind, message } = download.error;
  await vscode.env.clipboard.writeText(`${download.repoId}@${download.commit}: ${kind}: ${message}`);
}

export async function revealDownload(services: Services, argument: unknown): Promise<void> {
  const download = await pickDownload(services, argument, t('Show Folder'), [
    'completed',
    'downloading',
    'paused',
    'failed',
  ]);
  if (download !== undefined) await reveal(download.path);
}
