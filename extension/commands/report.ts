/** Reports as read-only Markdown documents, shown rendered. */
import * as vscode from 'vscode';
import { schemes } from '../contributions';
import type { Services } from '../services';

const texts = new Map<string, string>();
const changes = new vscode.EventEmitter<vscode.Uri>();
let registered = false;

export interface Report {
  /** What the tab says. */
  readonly name: string;
  /** What it is about; a later report of the same name and subject takes its place. */
  readonly subject?: string;
  readonly markdown: string;
}

export async function showReport(services: Pick<Services, 'context'>, report: Report): Promise<void> {
  if (!registered) {
    registered = true;
    services.context.subscriptions.push(
      changes,
      vscode.workspace.registerTextDocumentContentProvider(schemes.report, {
        onDidChange: changes.event,
        provideTextDocumentContent: (uri) => texts.get(uri.toString()) ?? '',
      }),
    );
  }
  const { name, subject = '', markdown } = report;
  const uri = vscode.Uri.from({ scheme: schemes.report, path: `/${name}.md`, query: subject });
  texts.set(uri.toString(), markdown);
  changes.fire(uri);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}
