/** Asking the person which object or file a command is about, when it was called with none. */
import * as vscode from 'vscode';
import { StudioError } from '../../protocol/wire/errors';
import type { Topic } from '../topics';
import { t } from '../text/translate';
import type { Entity } from '../topicMirror';
import { withNotice } from './notice';
import { fileOf, targetOf } from './target';

export interface Choice {
  readonly label: string;
  readonly description?: string | undefined;
  readonly icon?: string | undefined;
}

export interface PickOptions<T> {
  readonly argument: unknown;
  readonly title: string;
  readonly choice: (item: T) => Choice;
  /** Which of them the command is for. */
  readonly filter?: (item: T) => boolean;
  /** Said when there is none to choose from. */
  readonly none: string;
}

/** The object that `argument` names, or the one that the person picks; undefined when they give up. */
export async function pickEntity<T extends Entity>(
  topic: Topic<T>,
  options: PickOptions<T>,
): Promise<T | undefined> {
  await topic.ready();
  const target = targetOf(options.argument);
  if (target !== undefined) return topic.mirror.get(target.id);
  const items = topic.mirror.list().filter(options.filter ?? (() => true));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(options.none);
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(
    items.map((item) => {
      const { label, description, icon } = options.choice(item);
      return {
        label: icon === undefined ? label : `$(${icon}) ${label}`,
        description: description ?? '',
        item,
      };
    }),
    { title: options.title, matchOnDescription: true },
  );
  return picked?.item;
}

/** Refuses what VS Code has no file for. */
export function requireFolder(folder: string | undefined): string {
  if (folder !== undefined) return folder;
  throw new StudioError(
    'settings.invalid',
    t('This needs a folder to work in. Open one first (File, Open Folder).'),
  );
}

/** A file or folder from a menu, a data set's path, or from the person. */
export async function pickPath(
  argument: unknown,
  options: { readonly title: string; readonly filters?: Record<string, string[]> },
): Promise<string | undefined> {
  const given = fileOf(argument);
  if (given !== undefined) return given;
  const file = t('A File…');
  const folder = t('A Folder…');
  const kind = await vscode.window.showQuickPick([`$(folder) ${folder}`, `$(file) ${file}`], {
    title: options.title,
  });
  if (kind === undefined) return undefined;
  const folders = kind.endsWith(folder);
  const picked = await vscode.window.showOpenDialog({
    title: options.title,
    canSelectFiles: !folders,
    canSelectFolders: folders,
    canSelectMany: false,
    ...(folders || options.filters === undefined ? {} : { filters: options.filters }),
  });
  return picked?.[0]?.fsPath;
}

/** A question before something that cannot be undone. */
export async function confirm(message: string, detail: string, action: string): Promise<boolean> {
  const chosen = await vscode.window.showWarningMessage(message, { modal: true, detail }, action);
  return chosen === action;
}

/** Opens the operating system's file manager, or the explorer where there is none (in a browser). */
export async function reveal(path: string): Promise<void> {
  const uri = vscode.Uri.file(path);
  const inWorkspace = vscode.workspace.getWorkspaceFolder(uri) !== undefined;
  const command =
    inWorkspace || vscode.env.uiKind === vscode.UIKind.Web || vscode.env.remoteName !== undefined
      ? 'revealInExplorer'
      : 'revealFileInOS';
  await vscode.commands.executeCommand(command, uri);
}

export function withProgress<T>(title: string, work: (signal: AbortSignal) => Promise<T>): Thenable<T> {
  return withNotice(title, work);
}
