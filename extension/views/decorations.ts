/** Nodes that failed or need a look appear in our trees as files with errors and warnings in the explorer. */
import * as vscode from 'vscode';
import { schemes } from '../contributions';

const colors: Readonly<Record<string, string>> = {
  failed: 'list.errorForeground',
  warned: 'list.warningForeground',
};

export function registerDecorations(): vscode.Disposable {
  return vscode.window.registerFileDecorationProvider({
    provideFileDecoration: (uri) => {
      const color = uri.scheme === schemes.state ? colors[uri.query] : undefined;
      return color === undefined
        ? undefined
        : new vscode.FileDecoration('!', undefined, new vscode.ThemeColor(color));
    },
  });
}
