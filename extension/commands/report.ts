/** Reports as read-only Markdown documents, shown rendered. */
import * as vscode from 'vscode';
import { schemes } from '../contributions';
import type { Services } from '../services';

const texts = new Map<string, string>();
const changes = new vscode.EventEmitter<vscode.Uri>();
let registered = false;

/** Shows `markdown` under a name; a later report of the same name takes its place. */
export async function showReport(
  services: Pick<Services, 'context'>,
  name: string,
  markdown: string,
): Promise<void> {
  if (!registered) {
    registered = true;
    services.context.subscriptions.push(
      changes,
      vscode.workspace.registerTextDocumentContentProvider(schemes.report, {
        onDidChange: changes.event,
        provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
      }),
    );
  }
  const uri = vscode.Uri.from({ scheme: schemes.report, path: `/${name}.md` });
  texts.set(uri.path, markdown);
  changes.fire(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}
