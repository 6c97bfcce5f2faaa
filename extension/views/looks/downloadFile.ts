import type { DownloadFile, DownloadFileState } from '../../../protocol/model/download';
import { StudioError } from '../../../protocol/wire/errors';
import { contextValues } from '../../contributions';
import { explain, inBrief } from '../../errorTable';
import { isolate, joinParts } from '../../text/bidi';
import { formatBytes, formatPercent } from '../../text/format';
import { t } from '../../text/translate';
import { factsTooltip, type Look } from './look';

const icons: Readonly<Record<DownloadFileState, { icon: string; color?: string }>> = {
  waiting: { icon: 'circle-outline' },
  downloading: { icon: 'sync~spin', color: 'charts.blue' },
  verifying: { icon: 'shield', color: 'charts.blue' },
  done: { icon: 'check', color: 'charts.green' },
  failed: { icon: 'error', color: 'errorForeground' },
  present: { icon: 'check', color: 'charts.green' },
};

export function downloadFileLook(file: DownloadFile): Look {
  const reason = file.error === undefined ? undefined : reasonOf(file.error);
  return {
    label: isolate(file.path),
    description: describe(file),
    ...icons[file.state],
    contextValue: contextValues.downloadFile,
    failed: file.state === 'failed',
    tooltip: factsTooltip(
      file.path,
      [
        [t('State'), fileStateName(file.state)],
        [t('Progress'), t('{0} of {1}', formatBytes(file.bytesDone), formatBytes(file.size))],
      ],
      reason,
    ),
  };
}

/** What went wrong and what can be done, in the interface's language. */
export function reasonOf({ kind, message, retryable }: NonNullable<DownloadFile['error']>): string {
  return explain(new StudioError(kind, message, { retryable }))?.message ?? message;
}

/** The same for a row, which may be narrow. */
export function briefReasonOf({ kind, message }: NonNullable<DownloadFile['error']>): string {
  return inBrief(new StudioError(kind, message));
}

export function fileStateName(state: DownloadFileState): string {
  switch (state) {
    case 'waiting':
      return t('waiting');
    case 'downloading':
      return t('downloading');
    case 'verifying':
      return t('verifying');
    case 'done':
      return t('completed');
    case 'failed':
      return t('failed');
    case 'present':
      return t('was here before');
  }
}

function describe(file: DownloadFile): string {
  const { state, bytesDone, size } = file;
  const share = formatPercent(size === 0 ? 0 : bytesDone / size);
  switch (state) {
    case 'waiting':
      return joinParts([fileStateName(state), bytesDone > 0 ? share : undefined, formatBytes(size)]);
    case 'downloading':
      return joinParts([share, t('{0} of {1}', formatBytes(bytesDone), formatBytes(size))]);
    case 'verifying':
      return joinParts([fileStateName(state), formatBytes(size)]);
    case 'done':
      return joinParts(['✓', formatBytes(size)]);
    case 'failed':
      return t('failed: {0}', file.error === undefined ? '' : briefReasonOf(file.error));
    case 'present':
      return joinParts(['✓', fileStateName(state), formatBytes(size)]);
  }
}
