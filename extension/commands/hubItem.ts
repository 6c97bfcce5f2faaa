/** A hub model as a line to choose from. Pure. */
import type { CuratedModel } from '../../protocol/api/hub';
import type { HubModel } from '../../protocol/model/hubModel';
import { joinParts } from '../text/bidi';
import { formatBytes, formatCount } from '../text/format';
import { t } from '../text/translate';
import { taskIcon } from '../views/looks/task';

export interface HubItem {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
}

export function hubModelItem(model: HubModel): HubItem {
  return {
    label: `$(${taskIcon(model.task)}) ${model.repoId}`,
    description: joinParts([
      model.task,
      t('{0} downloads', formatCount(model.downloads)),
      model.licence,
      model.gated ? t('licence to accept') : undefined,
      model.private ? t('private') : undefined,
    ]),
  };
}

export function curatedItem(model: CuratedModel, installed: boolean): HubItem {
  return {
    label: `$(${installed ? 'pass' : taskIcon(model.task)}) ${model.title}`,
    description: joinParts([
      model.repoId,
      model.licence,
      model.sizeBytes === undefined ? undefined : formatBytes(model.sizeBytes),
      model.formats.join(', '),
    ]),
    detail: model.note,
  };
}
