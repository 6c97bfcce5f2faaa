/** A path of a training config, picked by hand. */
import path from 'node:path';
import * as vscode from 'vscode';
import { changeOf } from '../language/edits';
import { rangeOf } from '../language/pointerRange';
import { layoutOf } from '../language/quickFixes';
import { t } from '../text/translate';
import { pickPath } from './pick';
import { fileOf } from './target';

/** Puts the picked path at a JSON pointer of a config, relative to it; can be undone like anything typed. */
export async function pickConfigPath(file: unknown, pointer: unknown): Promise<void> {
  const config = fileOf(file);
  if (config === undefined || typeof pointer !== 'string') return;
  const picked = await pickPath(undefined, { title: t('Pick a File or Folder…') });
  if (picked === undefined) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(config));
  const value = path.relative(path.dirname(config), picked).split(path.sep).join('/') || '.';
  const change = changeOf(document.getText(), { kind: 'set', path: pointer, value }, layoutOf(document));
  if (change === undefined) return;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, rangeOf(document, change), change.text);
  await vscode.workspace.applyEdit(edit);
}
