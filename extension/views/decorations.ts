/** Failed nodes look in our trees as files with errors look in the explorer. */
import * as vscode from 'vscode';
import { schemes } from '../contributions';

export function registerDecorations(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: (uri) =>
      uri.scheme === schemes.state && uri.query === 'failed'
        ? new vscode.FileDecoration('!', undefined, new vscode.ThemeColor('list.errorForeground'))
        : undefined,
  });
}
