import * as vscode from 'vscode';
import { speechView } from '../contributions';
import type { LoadStudio } from '../studio';

/** Its page stays when something else is looked at: what is spoken is to be heard to its end. */
export function registerSpeech(studio: LoadStudio): vscode.Disposable[] {
  const provider: vscode.WebviewViewProvider = {
    resolveWebviewView: async (view) => (await studio()).showSpeech(view),
  };
  const options = { webviewOptions: { retainContextWhenHidden: true } };
  return [vscode.window.registerWebviewViewProvider(speechView.id, provider, options)];
}
