/** What a command would make of a document, beside it in VS Code's diff editor, until it is applied or closed. */
import * as vscode from 'vscode';
import { schemes } from '../contributions';
import { formatNumber } from '../text/format';
import { t } from '../text/translate';
import { setVirtualText } from '../commands/report';
import { placeAfter } from './ranges';

export interface Proposal {
  /** Of the diff's tab. */
  readonly title: string;
  readonly document: vscode.TextDocument;
  /** The version of the document that the edits are for. */
  readonly version: number;
  readonly edits: readonly vscode.TextEdit[];
  /** What was selected, to be selected again; nothing for the whole document. */
  readonly selections: readonly vscode.Range[];
}

/** By the address of the proposed text. */
const proposals = new Map<string, Proposal>();
let shown = 0;

export async function previewEdits(proposal: Proposal): Promise<void> {
  const { document, title, edits } = proposal;
  const uri = vscode.Uri.from({ scheme: schemes.preview, path: document.uri.path, query: String(++shown) });
  proposals.set(uri.toString(), proposal);
  setVirtualText(uri, changedText(proposal));
  await vscode.commands.executeCommand('vscode.diff', document.uri, uri, title);
  const apply = t('Apply');
  const message =
    edits.length === 1
      ? t('{0} would change 1 line.', title)
      : t('{0} would change {1} lines.', title, formatNumber(edits.length));
  const chosen = await vscode.window.showInformationMessage(message, apply, t('Discard'));
  if (chosen === apply) await applyAt(uri);
  else if (chosen !== undefined) await close(uri);
}

/** From the button of the diff's title bar, which gives the address of the side it is on. */
export async function applyPreview(target: unknown): Promise<void> {
  const uri = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
  if (uri !== undefined) await applyAt(uri);
}

async function applyAt(uri: vscode.Uri): Promise<void> {
  const proposal = proposals.get(uri.toString());
  if (proposal === undefined) {
    void vscode.window.showWarningMessage(
      t('This preview has been applied or is out of date. Run its command again.'),
    );
    return;
  }
  const { document, version, edits, selections } = proposal;
  if (document.isClosed || document.version !== version) {
    void vscode.window.showWarningMessage(
      t('The text has changed since. Run the command again to see what it would change now.'),
    );
    return;
  }
  const change = new vscode.WorkspaceEdit();
  change.set(document.uri, [...edits]);
  // One edit of the workspace is one step of undo.
  if (!(await vscode.workspace.applyEdit(change))) {
    void vscode.window.showWarningMessage(t('The text cannot be changed: it is read-only.'));
    return;
  }
  await close(uri);
  const editor = await vscode.window.showTextDocument(document);
  // The columns of before would select something else.
  if (selections.length > 0) editor.selections = selections.map((range) => selectionAfter(range, edits));
}

function selectionAfter({ start, end }: vscode.Range, edits: readonly vscode.TextEdit[]): vscode.Selection {
  const lines = edits.map(({ range, newText }) => ({
    line: range.start.line,
    from: range.start.character,
    to: range.end.character,
    text: newText,
  }));
  const [from, to] = [placeAfter(start, lines), placeAfter(end, lines)];
  return new vscode.Selection(from.line, from.character, to.line, to.character);
}

async function close(uri: vscode.Uri): Promise<void> {
  proposals.delete(uri.toString());
  const tabs = vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.toString() === uri.toString(),
    );
  await vscode.window.tabGroups.close(tabs);
  setVirtualText(uri, undefined);
}

/** The whole document with the edits in it: they are in order and on lines of their own. */
function changedText({ document, edits }: Proposal): string {
  const text = document.getText();
  const parts: string[] = [];
  let from = 0;
  for (const { range, newText } of edits) {
    parts.push(text.slice(from, document.offsetAt(range.start)), newText);
    from = document.offsetAt(range.end);
  }
  return parts.join('') + text.slice(from);
}
