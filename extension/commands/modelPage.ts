/** Opening a model's page: from the search, a tree, another page, or by name. */
import * as vscode from 'vscode';
import { panels } from '../contributions';
import { modelPage, type ModelChoice } from '../panels/model';
import { openPanel } from '../panels/openPanel';
import type { Services } from '../services';
import { t } from '../text/translate';
import { parseRepoName } from './repoName';
import { repoNameProblem } from './repoNameProblem';
import { isTextList, targetOf } from './target';

export async function openModelPage(services: Services, argument: unknown): Promise<void> {
  const choice = choiceOf(argument) ?? (await ask());
  if (choice !== undefined) await openPanel(services, panels.model, modelPage(), choice);
}

function choiceOf(argument: unknown): ModelChoice | undefined {
  if (typeof argument === 'string') return parseRepoName(argument);
  const target = targetOf(argument);
  if (target?.repoId !== undefined) return choice(target.repoId, target.include);
  // `{repoId}` without an id, as the search and the lists give it.
  if (typeof argument !== 'object' || argument === null || !('repoId' in argument)) return undefined;
  if (typeof argument.repoId !== 'string') return undefined;
  return choice(argument.repoId, 'include' in argument ? argument.include : undefined);
}

function choice(repoId: string, include: unknown): ModelChoice {
  return { repoId, ...(isTextList(include) ? { include } : {}) };
}

async function ask(): Promise<ModelChoice | undefined> {
  const text = await vscode.window.showInputBox({
    title: t('Open Model Page'),
    prompt: t('A repository on the hub, with a revision if you like, or the address of its page'),
    placeHolder: 'facebook/mms-tts-fas',
    ignoreFocusOut: true,
    validateInput: repoNameProblem,
  });
  return parseRepoName(text ?? '');
}
