/** Which changes are an end that somebody waits for, and what to say about it. Pure. */
import type { Download } from '../protocol/model/download';
import type { Run } from '../protocol/model/run';
import { StudioError } from '../protocol/wire/errors';
import { isActiveDownload, isActiveRun } from './activity';
import type { NotificationLevel } from './contributions';
import { isolate } from './text/bidi';
import { formatBytes, formatMetric } from './text/format';
import { t } from './text/translate';
import type { Change } from './topicMirror';

export type End<T> =
  | { readonly kind: 'done'; readonly item: T; readonly message: string }
  | { readonly kind: 'failed'; readonly item: T; readonly error: StudioError };

export function downloadEnd(change: Change<Download>): End<Download> | undefined {
  if (change.kind !== 'changed' || !isActiveDownload(change.previous)) return undefined;
  const { item } = change;
  if (item.state === 'completed')
    return {
      kind: 'done',
      item,
      message: t('{0} is here: {1}.', isolate(item.repoId), formatBytes(item.bytesTotal)),
    };
  return item.state === 'failed' ? { kind: 'failed', item, error: failureOf(item) } : undefined;
}

export function runEnd(change: Change<Run>): End<Run> | undefined {
  if (change.kind !== 'changed' || !isActiveRun(change.previous)) return undefined;
  const { item } = change;
  if (item.state === 'completed') {
    const figure = headlineMetric(item);
    const name = isolate(item.name);
    const message =
      figure === undefined
        ? t('Training of {0} is done.', name)
        : t('Training of {0} is done: {1}.', name, figure);
    return { kind: 'done', item, message };
  }
  return item.state === 'failed' ? { kind: 'failed', item, error: failureOf(item) } : undefined;
}

/** The one figure that says how good a run is: `val_accuracy 0.97`. */
export function headlineMetric(run: Pick<Run, 'metrics'>): string | undefined {
  const name = ['val_accuracy', 'val_per', 'val_loss', 'accuracy', 'loss'].find(
    (candidate) => run.metrics[candidate] !== undefined,
  );
  const value = name === undefined ? undefined : run.metrics[name];
  return name === undefined || value === undefined ? undefined : `${name} ${formatMetric(value)}`;
}

export function mayNotify(level: NotificationLevel, kind: End<unknown>['kind']): boolean {
  return level === 'all' || (level === 'failures' && kind === 'failed');
}

function failureOf(item: Download | Run): StudioError {
  const name = 'repoId' in item ? item.repoId : item.name;
  const { kind, message, retryable } = item.error ?? {
    kind: 'internal' as const,
    message: t('It ended without a reason.'),
    retryable: true,
  };
  return new StudioError(kind, `${isolate(name)}: ${message}`, { retryable });
}
