import type { Download, DownloadState } from '../../../protocol/model/download';
import { contextValues, type ContextValue } from '../../contributions';
import { isolate, joinParts } from '../../text/bidi';
import {
  formatAge,
  formatBytes,
  formatNumber,
  formatPercent,
  formatRate,
  formatTimeLeft,
} from '../../text/format';
import { t } from '../../text/translate';
import { briefReasonOf, reasonOf } from './downloadFile';
import { factsTooltip, type Look } from './look';

const states: Readonly<Record<DownloadState, { icon: string; color?: string; contextValue: ContextValue }>> =
  {
    queued: { icon: 'clock', contextValue: contextValues.downloadQueued },
    downloading: { icon: 'sync~spin', color: 'charts.blue', contextValue: contextValues.downloadDownloading },
    paused: { icon: 'debug-pause', color: 'charts.yellow', contextValue: contextValues.downloadPaused },
    completed: { icon: 'pass', color: 'charts.green', contextValue: contextValues.downloadCompleted },
    failed: { icon: 'error', color: 'errorForeground', contextValue: contextValues.downloadFailed },
    cancelled: { icon: 'circle-slash', contextValue: contextValues.downloadCancelled },
  };

export function downloadLook(download: Download, now: number): Look {
  return {
    label: isolate(download.repoId),
    description: describe(download),
    ...states[download.state],
    ...(wantsToken(download) ? { contextValue: contextValues.downloadFailedToken } : {}),
    failed: download.state === 'failed',
    tooltip: factsTooltip(
      download.repoId,
      [
        [t('State'), stateName(download.state)],
        [t('Progress'), progressOf(download)],
        [t('Files'), `${formatNumber(download.filesDone)} / ${formatNumber(download.filesTotal)}`],
        [t('Folder'), download.path],
        [t('Commit'), download.commit],
        [t('Started'), formatAge(download.createdAt, now)],
      ],
      download.error === undefined ? undefined : reasonOf(download.error),
    ),
  };
}

function wantsToken({ state, error }: Download): boolean {
  return state === 'failed' && (error?.kind === 'hub.gated' || error?.kind === 'hub.unauthorized');
}

export function stateName(state: DownloadState): string {
  switch (state) {
    case 'queued':
      return t('waiting');
    case 'downloading':
      return t('downloading');
    case 'paused':
      return t('paused');
    case 'completed':
      return t('completed');
    case 'failed':
      return t('failed');
    case 'cancelled':
      return t('cancelled');
  }
}

function describe(download: Download): string {
  switch (download.state) {
    case 'queued':
      return download.bytesDone > 0 ? joinParts([stateName('queued'), share(download)]) : stateName('queued');
    case 'downloading':
      return joinParts([
        share(download),
        download.bytesPerSecond > 0 ? formatRate(download.bytesPerSecond) : undefined,
        download.etaSeconds === undefined ? undefined : formatTimeLeft(download.etaSeconds),
      ]);
    case 'paused':
      return joinParts([stateName('paused'), share(download)]);
    case 'completed':
      return formatBytes(download.bytesTotal);
    case 'failed':
      return t('failed: {0}', download.error === undefined ? '' : briefReasonOf(download.error));
    case 'cancelled':
      return stateName('cancelled');
  }
}

function share(download: Download): string {
  return formatPercent(download.bytesTotal === 0 ? 0 : download.bytesDone / download.bytesTotal);
}

function progressOf(download: Download): string {
  return t('{0} of {1}', formatBytes(download.bytesDone), formatBytes(download.bytesTotal));
}

/** The queue in its order, then what needs somebody, then what has ended, the newest first. */
export function compareDownloads(a: Download, b: Download): number {
  const rank = groupOf(a.state) - groupOf(b.state);
  if (rank !== 0) return rank;
  if (groupOf(a.state) === 0) return (a.position ?? 0) - (b.position ?? 0);
  return b.createdAt.localeCompare(a.createdAt);
}

function groupOf(state: DownloadState): number {
  if (state === 'failed') return 1;
  return state === 'completed' || state === 'cancelled' ? 2 : 0;
}
