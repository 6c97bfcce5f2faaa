/** What the page's one button does, told from everything that is known. Pure. */
import type { Download, DownloadPlan } from '../../protocol/model/download';
import type { HubModelDetails } from '../../protocol/model/hubModel';
import type { Model } from '../../protocol/model/model';

export interface Situation {
  readonly details?: HubModelDetails | undefined;
  /** Of the ticked files; absent while it is not known. */
  readonly plan?: DownloadPlan | undefined;
  readonly download?: Download | undefined;
  readonly installed?: Model | undefined;
  /** Files that are ticked; undefined until Goya's own choice is known. */
  readonly ticked: number | undefined;
}

export type Action =
  | { readonly kind: 'none' }
  | { readonly kind: 'nothingTicked' }
  | { readonly kind: 'planning' }
  | { readonly kind: 'pause' | 'resume'; readonly download: Download }
  | { readonly kind: 'reveal'; readonly model: Model }
  | { readonly kind: 'accept'; readonly url: string }
  | { readonly kind: 'diskFull'; readonly missing: number }
  | { readonly kind: 'download'; readonly bytes: number; readonly add: boolean };

export function actionOf({ details, plan, download, installed, ticked }: Situation): Action {
  if (download?.state === 'queued' || download?.state === 'downloading') return { kind: 'pause', download };
  if (download?.state === 'paused' || download?.state === 'failed') return { kind: 'resume', download };
  const ready = installed?.status === 'ready' ? installed : undefined;
  if (ready !== undefined && (plan === undefined || (plan.remainingBytes === 0 && ticked !== 0)))
    return { kind: 'reveal', model: ready };
  if (details === undefined) return { kind: 'none' };
  if (details.access?.granted === false) return { kind: 'accept', url: details.access.url };
  if (ticked === 0) return { kind: 'nothingTicked' };
  if (plan === undefined) return { kind: 'planning' };
  if (plan.remainingBytes > plan.freeBytes)
    return { kind: 'diskFull', missing: plan.remainingBytes - plan.freeBytes };
  return { kind: 'download', bytes: plan.remainingBytes, add: plan.remainingBytes === 0 };
}
