/** What runs now, in a few words: for the status bar. Pure. */
import type { Download } from '../protocol/model/download';
import type { Run } from '../protocol/model/run';
import { formatNumber } from './text/format';
import { t } from './text/translate';

export type BackendKind = 'stopped' | 'starting' | 'running' | 'waiting' | 'failed';

export interface Activity {
  readonly text: string;
  readonly tooltip: string;
  readonly failed: boolean;
}

export function isActiveDownload(download: Download): boolean {
  return download.state === 'queued' || download.state === 'downloading';
}

export function isActiveRun(run: Run): boolean {
  return run.state === 'queued' || run.state === 'running' || run.state === 'stopping';
}

export function describeActivity(
  backend: BackendKind,
  downloads: readonly Download[],
  runs: readonly Run[],
): Activity {
  if (backend === 'failed')
    return { text: `$(error) ${t('Goya')}`, tooltip: t('The Goya backend does not run.'), failed: true };
  if (backend === 'waiting' || backend === 'starting')
    return {
      text: `$(sync~spin) ${t('Goya: starting')}`,
      tooltip: t('The Goya backend starts.'),
      failed: false,
    };
  const parts = [
    countDownloads(downloads.filter(isActiveDownload).length),
    countRuns(runs.filter(isActiveRun).length),
  ]
    .filter((part) => part !== undefined)
    .join(t(', '));
  if (parts === '')
    return { text: `$(unmute) ${t('Goya')}`, tooltip: t('Goya: nothing runs'), failed: false };
  return { text: `$(sync~spin) ${t('Goya: {0}', parts)}`, tooltip: t('Goya: show what runs'), failed: false };
}

function countDownloads(count: number): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? t('1 download') : t('{0} downloads', formatNumber(count));
}

function countRuns(count: number): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? t('1 run') : t('{0} runs', formatNumber(count));
}
