import * as vscode from 'vscode';
import { once } from '../coalesce';
import { schemes } from '../contributions';
import type { LoadStudio } from '../studio';

/** From the start, so that a tab that VS Code opens again has something to show. */
export function registerReports(studio: LoadStudio): vscode.Disposable[] {
  const changes = new vscode.EventEmitter<vscode.Uri>();
  const reports = once(async () => {
    const loaded = (await studio()).reports;
    loaded.onDidChange((uri) => changes.fire(uri));
    return loaded;
  });
  const provider: vscode.TextDocumentContentProvider = {
    onDidChange: changes.event,
    provideTextDocumentContent: async (uri) => (await reports()).text(uri),
  };
  return [schemes.report, schemes.preview].map((scheme) =>
    vscode.workspace.registerTextDocumentContentProvider(scheme, provider),
  );
}
