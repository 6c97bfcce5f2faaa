import * as vscode from 'vscode';
import { tokenDelete, tokenSet, tokenValidate } from '../../protocol/api/settings';
import { isStudioError } from '../../protocol/wire/errors';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { withProgress } from './pick';

export async function setToken(services: Services): Promise<void> {
  const entered = await vscode.window.showInputBox({
    title: t('Set Hugging Face Token'),
    prompt: t(
      'A token from huggingface.co, Settings, Access Tokens. It is kept in the system’s secret store.',
    ),
    placeHolder: 'hf_…',
    password: true,
    ignoreFocusOut: true,
  });
  const token = entered?.trim() ?? '';
  if (token === '') return;
  const owner = await validate(services, token);
  if (owner === undefined) return;
  await services.token.set(token);
  await services.client.call(tokenSet, { token });
  void vscode.window.showInformationMessage(owner);
}

/** The sentence to show when the token is kept; undefined when it is not. */
async function validate(services: Services, token: string): Promise<string | undefined> {
  try {
    const answer = await withProgress(t('Asking the hub about the token'), (signal) =>
      services.client.call(tokenValidate, { token }, signal),
    );
    if (answer.valid)
      return answer.name === undefined
        ? t('The token is set.')
        : t('The token is set: you are {0} on the hub.', isolate(answer.name));
    const again = t('Enter Another');
    const reason = answer.reason ?? t('the hub does not know it');
    const chosen = await vscode.window.showErrorMessage(
      t('The token was not kept: {0}.', reason.replace(/\.$/, '')),
      again,
    );
    if (chosen === again) await setToken(services);
    return undefined;
  } catch (error) {
    if (!isStudioError(error, 'hub.unreachable')) throw error;
    const keep = t('Keep It Unchecked');
    const chosen = await vscode.window.showWarningMessage(
      t('The hub cannot be reached, so the token could not be checked: {0}', error.message),
      keep,
    );
    return chosen === keep ? t('The token is set, unchecked.') : undefined;
  }
}

export async function forgetToken(services: Services): Promise<void> {
  const known = (await services.token.get()) !== undefined;
  await services.token.delete();
  await services.client.call(tokenDelete, {});
  void vscode.window.showInformationMessage(
    known ? t('The token is forgotten.') : t('There was no token to forget.'),
  );
}
