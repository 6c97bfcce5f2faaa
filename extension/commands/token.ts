/** Signing in at the hub: enter, check, send to a mirror, forget; and where the token in use comes from. */
import * as vscode from 'vscode';
import { tokenDelete, tokenSet, tokenStatus, tokenValidate } from '../../protocol/api/settings';
import type { Result } from '../../protocol/wire/spec';
import { defaultHubEndpoint, hostOf } from '../hubEndpoint';
import type { Services } from '../services';
import { isolate } from '../text/bidi';
import { sentences, t } from '../text/translate';
import { askToken } from './askToken';
import { confirm, withProgress } from './pick';

type Status = Result<typeof tokenStatus>;

interface TokenChoice extends vscode.QuickPickItem {
  readonly run?: () => Promise<void>;
}

/** With `send`: asks only whether a token that is kept for another address goes to the one in use too. */
export async function setToken(services: Services, argument?: unknown): Promise<void> {
  const status = await services.client.call(tokenStatus, {});
  const kept = await services.token.all();
  const other = Object.entries(kept).find(([origin]) => origin !== status.endpoint);
  const here = kept[status.endpoint];
  if (argument === 'send' && here === undefined && other !== undefined) {
    return sendToken(services, status.endpoint, other[1]);
  }
  const choices: TokenChoice[] = [
    { label: `$(key) ${t('Enter a Token…')}`, run: () => enterToken(services, status.endpoint) },
  ];
  if (here === undefined && other !== undefined) {
    const label = t('Send Your Token to {0}…', isolate(hostOf(status.endpoint)));
    choices.unshift({
      label: `$(arrow-right) ${label}`,
      run: () => sendToken(services, status.endpoint, other[1]),
    });
  }
  if (here !== undefined) {
    choices.push({
      label: `$(verified) ${t('Check the Token in Use')}`,
      run: () => checkToken(services, here),
    });
  }
  if (Object.keys(kept).length > 0) {
    choices.push({ label: `$(trash) ${t('Forget Token')}`, run: () => forgetToken(services) });
  }
  if (choices.length === 1 && status.source === 'none') return enterToken(services, status.endpoint);
  const picked = await vscode.window.showQuickPick(choices, {
    title: t('Hugging Face Token'),
    placeHolder: statusSentence(status),
  });
  await picked?.run?.();
}

function statusSentence(status: Status): string {
  const host = isolate(hostOf(status.endpoint));
  const { source, where = '', heldBack } = status;
  if (source === 'client') return t('{0} is asked with the token from the secret store.', host);
  if (source !== 'none') return t('{0} is asked with the token from {1}.', host, isolate(where));
  if (heldBack === undefined) return t('{0} is asked without a token.', host);
  return t('{0} gets no token: yours was given for {1}.', host, isolate(hostOf(heldBack.origin)));
}

async function enterToken(services: Services, endpoint: string): Promise<void> {
  const host = isolate(hostOf(endpoint));
  const entered = await askToken({
    title: t('Set Hugging Face Token'),
    prompt:
      endpoint === defaultHubEndpoint
        ? t('A token from huggingface.co, Settings, Access Tokens. It is kept in the system’s secret store.')
        : t('A token for {0}. It is kept in the system’s secret store and sent there only.', host),
    validate: (token, signal) => services.client.call(tokenValidate, { token }, signal),
  });
  if (entered === undefined) return;
  await keep(services, endpoint, entered.token);
  void vscode.window.showInformationMessage(
    entered.owner === undefined ? t('The token is set, unchecked.') : ownerSentence(entered.owner),
  );
}

async function keep(services: Services, origin: string, token: string): Promise<void> {
  await services.token.set(token, origin);
  await services.client.call(tokenSet, { token, origin });
}

async function sendToken(services: Services, endpoint: string, token: string): Promise<void> {
  const host = isolate(hostOf(endpoint));
  const sure = await confirm(
    t('Send your token to {0}?', host),
    t('Whoever runs that address can then act as you on the hub. Send it only to one you trust.'),
    t('Send'),
  );
  if (!sure) return;
  await keep(services, endpoint, token);
  void vscode.window.showInformationMessage(t('{0} gets your token from now on.', host));
}

async function checkToken(services: Services, token: string): Promise<void> {
  const answer = await withProgress(t('Asking the hub about the token'), (signal) =>
    services.client.call(tokenValidate, { token }, signal),
  );
  if (answer.valid) void vscode.window.showInformationMessage(ownerSentence(answer));
  else void vscode.window.showErrorMessage(t('The hub does not know this token, or it has expired.'));
}

function ownerSentence({
  name,
  role,
}: {
  readonly name?: string | undefined;
  readonly role?: string | undefined;
}): string {
  if (name === undefined) return t('The token is set.');
  const who = isolate(name);
  switch (role ?? '') {
    case 'read':
      return t('You are {0} on the hub; the token may read.', who);
    case 'write':
      return t(
        'You are {0} on the hub; the token may read and write: one that only reads is enough for Goya.',
        who,
      );
    case 'fineGrained':
      return t(
        'You are {0} on the hub; the token is fine-grained: it reads only what it names, so allow it gated repositories.',
        who,
      );
    default:
      return t('The token is set: you are {0} on the hub.', who);
  }
}

export async function forgetToken(services: Services): Promise<void> {
  const known = Object.keys(await services.token.all()).length > 0;
  await services.token.delete();
  await services.client.call(tokenDelete, {});
  const { source, where = '' } = await services.client.call(tokenStatus, {});
  const said = known ? t('The token is forgotten.') : t('There was no token to forget.');
  const left = source === 'none' ? '' : t('The one from {0} is in use now.', isolate(where));
  void vscode.window.showInformationMessage(sentences(said, left));
}
