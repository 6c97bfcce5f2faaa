/** A hub model as a line to choose from. Pure. */
import type { CuratedModel } from '../../protocol/api/hub';
import type { HubModel, RunsHere } from '../../protocol/model/hubModel';
import { joinParts } from '../text/bidi';
import { formatBytes, formatCount } from '../text/format';
import { t } from '../text/translate';
import { taskIcon, taskName } from '../views/looks/task';

export interface HubItem {
  readonly label: string;
  readonly description: string;
  readonly detail?: string;
}

/** What is known of a model beside what the search says. */
export interface KnownOfModel {
  readonly installed?: boolean;
  readonly sizeBytes?: number | undefined;
  readonly verdict?: RunsHere['verdict'] | undefined;
}

export function hubModelItem(model: HubModel, known: KnownOfModel = {}): HubItem {
  const { installed = false, sizeBytes, verdict } = known;
  return {
    label: `$(${installed ? 'pass' : taskIcon(model.task)}) ${model.repoId}`,
    description: joinParts([
      installed ? t('installed') : undefined,
      model.licence ?? t('no licence'),
      sizeBytes === undefined ? undefined : formatBytes(sizeBytes),
      verdict === undefined ? undefined : verdictWords(verdict),
      model.gated ? t('licence to accept') : undefined,
      model.private ? t('private') : undefined,
      model.downloads > 0 ? t('{0} downloads', formatCount(model.downloads)) : undefined,
      model.task === undefined ? undefined : taskName(model.task),
    ]),
  };
}

export function verdictWords(verdict: RunsHere['verdict']): string | undefined {
  switch (verdict) {
    case 'yes':
      return t('runs here');
    case 'slow':
      return t('runs here, slowly');
    case 'no':
      return t('does not run here yet');
    case 'unknown':
      return undefined;
  }
}

export function curatedItem(model: CuratedModel, installed: boolean): HubItem {
  return {
    label: `$(${installed ? 'pass' : taskIcon(model.task)}) ${model.title}`,
    description: joinParts([
      model.repoId,
      model.licence,
      model.sizeBytes === undefined ? undefined : formatBytes(model.sizeBytes),
      model.formats.join(', '),
      model.gated ? t('licence to accept') : undefined,
      model.available === false ? t('no longer on the hub') : undefined,
    ]),
    detail: [model.note, model.licenceNote].filter((part) => part !== undefined).join(' '),
  };
}
