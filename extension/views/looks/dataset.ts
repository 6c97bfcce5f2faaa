import type { Dataset } from '../../../protocol/model/dataset';
import { contextValues } from '../../contributions';
import { isolate, joinParts } from '../../text/bidi';
import { formatAge, formatBytes, formatDuration, formatNumber } from '../../text/format';
import { t } from '../../text/translate';
import { factsTooltip, type Look } from './look';

export function datasetLook(dataset: Dataset, now: number): Look {
  const seconds = dataset.stats['seconds'];
  const length = typeof seconds === 'number' ? formatDuration(seconds) : undefined;
  const count = formatNumber(dataset.items);
  return {
    label: isolate(dataset.name),
    description: joinParts([
      length === undefined ? t('{0} rows', count) : t('{0} clips', count),
      length,
      dataset.errors > 0 ? t('errors: {0}', formatNumber(dataset.errors)) : undefined,
      dataset.warnings > 0 ? t('warnings: {0}', formatNumber(dataset.warnings)) : undefined,
    ]),
    icon: length === undefined ? 'table' : 'pulse',
    color: dataset.errors > 0 ? 'errorForeground' : dataset.warnings > 0 ? 'charts.yellow' : undefined,
    contextValue: contextValues.dataset,
    failed: dataset.errors > 0,
    tooltip: factsTooltip(dataset.name, [
      [t('Format'), dataset.format],
      [t('Size'), formatBytes(dataset.sizeBytes)],
      [t('Folder'), dataset.path],
      [t('Added'), formatAge(dataset.createdAt, now)],
    ]),
  };
}
