/** A QuickPick that asks somebody else for its lines while one types. */
import * as vscode from 'vscode';
import { toStudioError } from '../../protocol/wire/errors';

export interface SearchPickOptions {
  readonly title: string;
  readonly placeholder: string;
  search(
    text: string,
    signal: AbortSignal,
  ): Promise<readonly (vscode.QuickPickItem & { readonly value: string })[]>;
}

const pauseMs = 300;

/** What was chosen; undefined when the person gave up. A failed search is said in the list. */
export function searchPick(options: SearchPickOptions): Promise<string | undefined> {
  const pick = vscode.window.createQuickPick<vscode.QuickPickItem & { value?: string }>();
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.ignoreFocusOut = true;
  // What was found is shown, whether or not VS Code sees the words in it.
  pick.matchOnDescription = true;
  let asked = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const ask = async (text: string): Promise<void> => {
    asked.abort();
    const { signal } = (asked = new AbortController());
    pick.busy = true;
    try {
      const found = await options.search(text, signal);
      if (!signal.aborted) pick.items = found.map((item) => ({ ...item, alwaysShow: true }));
    } catch (error) {
      if (!signal.aborted) pick.items = [{ label: toStudioError(error).message, alwaysShow: true }];
    }
    if (!signal.aborted) pick.busy = false;
  };
  return new Promise((resolve) => {
    pick.onDidChangeValue((text) => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(text.trim()), pauseMs);
    });
    pick.onDidAccept(() => {
      const value = pick.selectedItems[0]?.value;
      if (value === undefined) return;
      resolve(value);
      pick.hide();
    });
    pick.onDidHide(() => {
      clearTimeout(timer);
      asked.abort();
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    void ask('');
  });
}
