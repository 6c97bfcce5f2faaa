/** Files and folders beside a training config, as one types a path. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { pathAt } from './paths';
import { rangeOf } from './pointerRange';

/** What goes on from what is typed; a folder asks on for what is in it. */
export async function completePaths(
  document: vscode.TextDocument,
  position: vscode.Position,
  tasks: readonly TrainingTaskInfo[],
): Promise<vscode.CompletionItem[]> {
  const place = pathAt(document.getText(), document.offsetAt(position), tasks);
  if (place === undefined) return [];
  const folderPart = place.typed.slice(0, place.typed.lastIndexOf('/') + 1);
  const folder = vscode.Uri.file(path.resolve(path.dirname(document.uri.fsPath), folderPart));
  let entries: [string, vscode.FileType][];
  try {
    entries = await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return []; // What is typed leads to no folder: nothing to offer, and the diagnostics say so.
  }
  return entries
    .filter(([name]) => !name.startsWith('.') && name !== 'node_modules')
    .map(([name, type]) => {
      const isFolder = (type & vscode.FileType.Directory) !== 0;
      const whole = JSON.stringify(`${folderPart}${name}${isFolder ? '/' : ''}`);
      const item = new vscode.CompletionItem(
        name,
        isFolder ? vscode.CompletionItemKind.Folder : vscode.CompletionItemKind.File,
      );
      item.insertText = whole;
      item.filterText = whole;
      item.range = rangeOf(document, place.replace);
      item.sortText = `${isFolder ? '0' : '1'}${name}`;
      return item;
    });
}
