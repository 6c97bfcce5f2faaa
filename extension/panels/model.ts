import { downloadsPause, downloadsPlan, downloadsResume, downloadsStart } from '../../protocol/api/downloads';
import { hubCard, hubModelInfo } from '../../protocol/api/hub';
import type { ModelPageInput } from '../../protocol/api/panel';
import { hubPage } from '../hubPage';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import type { PanelPage } from './openPanel';

export interface ModelChoice {
  readonly repoId: string;
  readonly revision?: string;
  /** Picks this model's files in a repository that holds several. */
  readonly include?: readonly string[];
}

/** A hub model before it is downloaded, and while. It loads no file but its own. */
export function modelPage(): PanelPage<ModelChoice> {
  return {
    page: 'model',
    title: (choice) => (choice === undefined ? t('Model') : isolate(choice.repoId)),
    roots: () => [],
    allow: [hubModelInfo, hubCard, downloadsPlan, downloadsStart, downloadsPause, downloadsResume],
    followsToken: true,
    input: (choice) => Promise.resolve(inputOf(choice)),
  };
}

function inputOf(choice: ModelChoice | undefined): ModelPageInput {
  if (choice === undefined) return { pageUrl: hubPage('models') };
  const { repoId, revision, include } = choice;
  return {
    repoId,
    pageUrl: hubPage(repoId),
    ...(revision === undefined ? {} : { revision }),
    ...(include === undefined ? {} : { include: [...include] }),
  };
}
