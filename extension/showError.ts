/** The one way in which an error reaches the person: a message with what can be done, the rest in the log. */
import * as vscode from 'vscode';
import { toStudioError } from '../protocol/wire/errors';
import { explain, type ErrorAction } from './errorTable';
import { t } from './text/translate';

export type ShowError = (error: unknown, options?: ShowErrorOptions) => void;

export interface ShowErrorOptions {
  /** Does again what failed. Without it "Try Again" is not offered. */
  readonly retry?: (() => void) | undefined;
  /** Keeps such messages away from now on; offered beside what can be done. */
  readonly silence?: (() => void) | undefined;
}

export function createShowError(log: vscode.LogOutputChannel): ShowError {
  return (thrown, options = {}) => {
    logError(log, thrown);
    const shown = explain(thrown);
    if (shown === undefined) return;
    const { retry, silence } = options;
    const never = t("Don't Show Again");
    const actions = shown.actions.filter((action) => action.kind !== 'retry' || retry !== undefined);
    void vscode.window
      .showErrorMessage(
        shown.message,
        ...actions.map((action) => action.title),
        ...(silence === undefined ? [] : [never]),
      )
      .then((title) => {
        if (title === never) silence?.();
        const chosen = actions.find((action) => action.title === title);
        if (chosen !== undefined) void run(chosen, retry);
      });
  };
}

async function run(action: ErrorAction, retry: (() => void) | undefined): Promise<void> {
  switch (action.kind) {
    case 'command':
      await vscode.commands.executeCommand(action.command, ...action.args);
      return;
    case 'openPage':
      await vscode.env.openExternal(vscode.Uri.parse(action.url));
      return;
    case 'showProblems':
      await vscode.commands.executeCommand('workbench.actions.view.problems');
      return;
    case 'retry':
      retry?.();
  }
}

function logError(log: vscode.LogOutputChannel, thrown: unknown): void {
  const error = toStudioError(thrown);
  if (error.kind === 'cancelled') return;
  log.error(`${error.kind}: ${error.message}`);
  if (error.cause instanceof Error && error.kind === 'internal') log.error(error.cause);
}
