/**
 * Titles of the trees in the language of `goya.language`. The manifest's are in VS Code's display language, of which
 * there is no Persian.
 */
import { views, type ViewId } from '../contributions';
import { language, t } from '../text/translate';

/** Undefined where the manifest's title stays. */
export function viewTitle(id: ViewId): string | undefined {
  if (language() === 'en') return undefined;
  switch (id) {
    case views.models:
      return t('Models');
    case views.downloads:
      return t('Downloads');
    case views.training:
      return t('Training');
    case views.datasets:
      return t('Data Sets');
  }
}
