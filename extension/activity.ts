/** What runs now, in a few words: for the status bar. Pure. */
import type { Download } from '../protocol/model/download';
import type { Run } from '../protocol/model/run';
import { joinParts } from './text/bidi';
import { formatNumber, formatPercent, formatRate } from './text/format';
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

export function isResumableDownload({ state, error }: Download): boolean {
  return state === 'paused' || (state === 'failed' && error?.retryable === true);
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
    describeDownloads(downloads.filter(isActiveDownload)),
    countRuns(runs.filter(isActiveRun).length),
  ]
    .filter((part) => part !== undefined)
    .join(t(', '));
  if (parts === '')
    return { text: `$(unmute) ${t('Goya')}`, tooltip: t('Goya: nothing runs'), failed: false };
  return { text: `$(sync~spin) ${t('Goya: {0}', parts)}`, tooltip: t('Goya: show what runs'), failed: false };
}

/** All of them together: `2 downloads 43 % · 6.1 MB/s`. */
function describeDownloads(active: readonly Download[]): string | undefined {
  if (active.length === 0) return undefined;
  const sum = (part: (download: Download) => number): number =>
    active.reduce((total, download) => total + part(download), 0);
  const count = active.length === 1 ? t('1 download') : t('{0} downloads', formatNumber(active.length));
  const total = sum(({ bytesTotal }) => bytesTotal);
  const rate = sum(({ bytesPerSecond }) => bytesPerSecond);
  const share = total === 0 ? undefined : formatPercent(sum(({ bytesDone }) => bytesDone) / total);
  const figures = joinParts([share, rate > 0 ? formatRate(rate) : undefined]);
  return figures === '' ? count : `${count} ${figures}`;
}

function countRuns(count: number): string | undefined {
  if (count === 0) return undefined;
  return count === 1 ? t('1 run') : t('{0} runs', formatNumber(count));
}
