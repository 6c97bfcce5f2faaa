import * as vscode from 'vscode';
import { editors } from '../contributions';
import type { LoadStudio } from '../studio';

export function registerEditors(studio: LoadStudio): vscode.Disposable[] {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => (await studio()).showAudio([uri], panel),
  };
  return [
    vscode.window.registerCustomEditorProvider(editors.audio, provider, {
      supportsMultipleEditorsPerDocument: true,
    }),
  ];
}
