/** Reports as read-only Markdown documents, shown rendered. */
import * as vscode from 'vscode';
import { schemes } from '../contributions';
import { t } from '../text/translate';

const texts = new Map<string, string>();
const changes = new vscode.EventEmitter<vscode.Uri>();

export interface Report {
  /** What the tab says. */
  readonly name: string;
  /** What it is about; a later report of the same name and subject takes its place. */
  readonly subject?: string;
  readonly markdown: string;
}

export interface Reports {
  readonly onDidChange: vscode.Event<vscode.Uri>;
  text(uri: vscode.Uri): string;
}

/** A tab may outlive its window: what it said then is not kept. */
export const reports: Reports = {
  onDidChange: changes.event,
  text: (uri) =>
    texts.get(uri.toString()) ??
    t('This report is from before the window was loaded. Run its command again for a new one.'),
};

/** What a read-only document says; undefined forgets it. */
export function setVirtualText(uri: vscode.Uri, text: string | undefined): void {
  if (text === undefined) texts.delete(uri.toString());
  else texts.set(uri.toString(), text);
  changes.fire(uri);
}

export async function showReport({ name, subject = '', markdown }: Report): Promise<void> {
  const uri = vscode.Uri.from({ scheme: schemes.report, path: `/${name}.md`, query: subject });
  setVirtualText(uri, markdown);
  await vscode.commands.executeCommand('markdown.showPreview', uri);
}
