import * as vscode from 'vscode';
import { editors } from '../contributions';
import type { Services } from '../services';

export function registerEditors(
  context: vscode.ExtensionContext,
  log: vscode.LogOutputChannel,
  services: () => Promise<Services>,
): vscode.Disposable[] {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => {
      const { showAudio } = await import('./audio');
      const client = async () => (await services()).client;
      await showAudio({ context, log, client }, uri, panel);
    },
  };
  return [
    vscode.window.registerCustomEditorProvider(editors.audio, provider, {
      supportsMultipleEditorsPerDocument: true,
    }),
  ];
}
