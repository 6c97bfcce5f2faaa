/** Commands on the queue of downloads as a whole, and on places in it. */
import * as vscode from 'vscode';
import {
  downloadsClear,
  downloadsPause,
  downloadsReorder,
  downloadsResume,
} from '../../protocol/api/downloads';
import type { Download, DownloadState } from '../../protocol/model/download';
import { isActiveDownload, isResumableDownload } from '../activity';
import type { Services } from '../services';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { compareDownloads } from '../views/looks/download';
import { pickDownload } from './downloads';

const unfinished: readonly DownloadState[] = ['queued', 'downloading', 'paused'];

async function all(services: Services, filter: (download: Download) => boolean): Promise<Download[]> {
  const { downloads } = services.topics;
  await downloads.ready();
  return downloads.mirror.list().filter(filter).toSorted(compareDownloads);
}

export async function pauseAllDownloads(services: Services): Promise<void> {
  const active = await all(services, isActiveDownload);
  await Promise.all(active.map(({ id }) => services.client.call(downloadsPause, { id })));
}

/** Paused ones, and failed ones that may do better now; one after the other, so that their order stays. */
export async function resumeAllDownloads(services: Services): Promise<void> {
  for (const { id } of await all(services, isResumableDownload))
    await services.client.call(downloadsResume, { id });
}

export async function moveDownloadFirst(services: Services, argument: unknown): Promise<void> {
  const download = await pickDownload(services, argument, t('Move to Front'), unfinished);
  if (download === undefined) return;
  await services.client.call(downloadsReorder, { id: download.id, position: 'first' });
}

export async function moveDownloadUp(services: Services, argument: unknown): Promise<void> {
  const download = await pickDownload(services, argument, t('Move Up'), unfinished);
  if (download === undefined) return;
  const queue = await all(services, ({ state }) => unfinished.includes(state));
  const index = queue.findIndex(({ id }) => id === download.id);
  if (index > 0) await services.client.call(downloadsReorder, { id: download.id, position: index - 1 });
}

export async function clearFinishedDownloads(services: Services): Promise<void> {
  const { removed } = await services.client.call(downloadsClear, {});
  if (removed === 0) void vscode.window.showInformationMessage(t('There is nothing to clear.'));
  else services.log.info(`cleared ${formatNumber(removed)} finished downloads from the list`);
}
