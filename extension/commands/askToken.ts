/** The box that a token is typed into: it stays open, with the reason, until the hub takes the token. */
import * as vscode from 'vscode';
import type { tokenValidate } from '../../protocol/api/settings';
import { isStudioError, toStudioError } from '../../protocol/wire/errors';
import type { Result } from '../../protocol/wire/spec';
import { t } from '../text/translate';

type Answer = Result<typeof tokenValidate>;

export interface AskToken {
  readonly title: string;
  readonly prompt: string;
  readonly validate: (token: string, signal: AbortSignal) => Promise<Answer>;
}

export interface EnteredToken {
  readonly token: string;
  /** Undefined when the hub could not be asked and the person keeps it all the same. */
  readonly owner?: Answer;
}

/** Undefined when the person gives up. Rejects with what keeps the hub from being asked. */
export function askToken({ title, prompt, validate }: AskToken): Promise<EnteredToken | undefined> {
  const box = vscode.window.createInputBox();
  Object.assign(box, { title, prompt, placeholder: 'hf_…', password: true, ignoreFocusOut: true });
  const controller = new AbortController();
  return new Promise<EnteredToken | undefined>((resolve, reject) => {
    const accept = async (): Promise<void> => {
      const token = box.value.trim();
      if (token === '' || box.busy) return;
      if (!/^[\x21-\x7e]+$/.test(token)) {
        box.validationMessage = t('A token is one word of letters, digits and signs, without spaces.');
        return;
      }
      box.busy = true;
      try {
        const owner = await validate(token, controller.signal);
        if (owner.valid) resolve({ token, owner });
        else box.validationMessage = t('The hub does not know this token, or it has expired.');
      } catch (error) {
        if (isStudioError(error, 'hub.unreachable')) resolve(await keepUnchecked(token, error.message));
        else reject(toStudioError(error));
      } finally {
        box.busy = false;
      }
    };
    box.onDidChangeValue(() => (box.validationMessage = undefined));
    box.onDidAccept(() => void accept());
    box.onDidHide(() => {
      // Hidden while the hub is asked: the person gave up. Otherwise the question below has its own answer.
      controller.abort();
      if (!asking.now) resolve(undefined);
    });
    const asking = { now: false };
    const keepUnchecked = async (token: string, reason: string): Promise<EnteredToken | undefined> => {
      asking.now = true;
      box.hide();
      const keep = t('Keep It Unchecked');
      const chosen = await vscode.window.showWarningMessage(
        t('The hub cannot be reached, so the token could not be checked: {0}', reason),
        keep,
      );
      return chosen === keep ? { token } : undefined;
    };
    box.show();
  }).finally(() => box.dispose());
}
