import { t } from '../text/translate';
import { parseRepoName } from './repoName';

/** What an input box says of a name that is none; nothing of an empty one. */
export function repoNameProblem(text: string): string | undefined {
  return text.trim() === '' || parseRepoName(text) !== undefined
    ? undefined
    : t('Write it as owner/name or owner/name@revision, or paste the address of its page.');
}
