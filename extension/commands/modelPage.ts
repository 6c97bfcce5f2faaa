/** Opening a model's page: from the search, a tree, another page, or by name. */
import * as vscode from 'vscode';
import { panels } from '../contributions';
import { modelPage, type ModelChoice } from '../panels/model';
import { openPanel } from '../panels/openPanel';
import type { Services } from '../services';
import { t } from '../text/translate';
import { parseRepoName } from './repoName';
import { targetOf } from './target';

export async function openModelPage(services: Services, argument: unknown): Promise<void> {
  const choice = choiceOf(argument) ?? (await ask());
  if (choice !== undefined) await openPanel(services, panels.model, modelPage(), choice);
}

function choiceOf(argument: unknown): ModelChoice | undefined {
  if (typeof argument === 'string') return parseRepoName(argument);
  const repoId = targetOf(argument)?.repoId ?? own(argument);
  if (repoId === undefined) return undefined;
  const include =
    typeof argument === 'object' && argument !== null && 'include' in argument ? argument.include : undefined;
  const patterns = Array.isArray(include) ? include.filter((each) => typeof each === 'string') : undefined;
  return { repoId, ...(patterns === undefined ? {} : { include: patterns }) };
}

/** `{repoId}` without an id, as the search and the lists give it. */
function own(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('repoId' in argument)) return undefined;
  return typeof argument.repoId === 'string' ? argument.repoId : undefined;
}

async function ask(): Promise<ModelChoice | undefined> {
  const text = await vscode.window.showInputBox({
    title: t('Open Model Page'),
    prompt: t('A repository on the hub, with a revision if you like, or the address of its page'),
    placeHolder: 'facebook/mms-tts-fas',
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === '' || parseRepoName(value) !== undefined
        ? undefined
        : t('Write it as owner/name or owner/name@revision, or paste the address of its page.'),
  });
  return parseRepoName(text ?? '');
}
