import * as vscode from 'vscode';
import {
  downloadsCancel,
  downloadsClear,
  downloadsPause,
  downloadsResume,
} from '../../protocol/api/downloads';
import type { Download, DownloadState } from '../../protocol/model/download';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { downloadLook } from '../views/looks/download';
import { planDownload } from './planDownload';
import { pickEntity, reveal } from './pick';
import { parseRepoName } from './repoName';
import { targetOf } from './target';

export async function downloadByName(services: Services, argument: unknown): Promise<void> {
  const given = typeof argument === 'string' ? parseRepoName(argument) : undefined;
  if (given !== undefined) return planDownload(services, given);
  const text = await vscode.window.showInputBox({
    title: t('Download Model by Name'),
    prompt: t('A repository on the hub, with a revision if you like, or the address of its page'),
    placeHolder: 'facebook/mms-tts-fas',
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || parseRepoName(value) !== undefined
        ? undefined
        : t('Write it as owner/name or owner/name@revision, or paste the address of its page.'),
  });
  const name = parseRepoName(text ?? '');
  if (name !== undefined) await planDownload(services, name);
}

export async function downloadCurated(services: Services, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (target !== undefined) await planDownload(services, { repoId: target.repoId ?? target.id });
}

const pick = (
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
  const download = await pick(services, argument, t('Pause Download'), ['queued', 'downloading']);
  if (download !== undefined) await services.client.call(downloadsPause, { id: download.id });
}

export async function resumeDownload(services: Services, argument: unknown): Promise<void> {
  const download = await pick(services, argument, t('Resume Download'), ['paused', 'failed', 'cancelled']);
  if (download !== undefined) await services.client.call(downloadsResume, { id: download.id });
}

export async function cancelDownload(services: Services, argument: unknown): Promise<void> {
  const states: readonly DownloadState[] = ['queued', 'downloading', 'paused', 'failed'];
  const download = await pick(services, argument, t('Cancel Download'), states);
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

export async function revealDownload(services: Services, argument: unknown): Promise<void> {
  const download = await pick(services, argument, t('Show Folder'), ['completed', 'downloading', 'paused']);
  if (download !== undefined) await reveal(download.path);
}

export async function pauseAllDownloads(services: Services): Promise<void> {
  const { downloads } = services.topics;
  await downloads.ready();
  const active = downloads.mirror.list().filter(({ state }) => state === 'queued' || state === 'downloading');
  await Promise.all(active.map(({ id }) => services.client.call(downloadsPause, { id })));
}

export async function clearFinishedDownloads(services: Services): Promise<void> {
  const { removed } = await services.client.call(downloadsClear, {});
  if (removed === 0) void vscode.window.showInformationMessage(t('There is nothing to clear.'));
  else services.log.info(`cleared ${formatNumber(removed)} finished downloads from the list`);
}
