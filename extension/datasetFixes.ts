/** Quick fixes for texts of a data set: in one row, or in all rows of the file. The editor's own undo takes them back. */
import * as vscode from 'vscode';
import { datasetsFixes } from '../protocol/api/datasets';
import type { TextFix } from '../protocol/model/datasetRows';
import type { Services } from './services';
import { t } from './text/translate';

interface Choice {
  readonly fix: TextFix;
  /** Undefined: in all rows. */
  readonly line: number | undefined;
}

export class DatasetFixes implements vscode.CodeActionProvider {
  private readonly choices = new WeakMap<
    vscode.CodeAction,
    Choice & { readonly document: vscode.TextDocument }
  >();

  constructor(private readonly services: Pick<Services, 'client' | 'showError'>) {}

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return diagnostics.flatMap((diagnostic) => {
      const fix = fixOf(diagnostic);
      if (fix === undefined) return [];
      const line = diagnostic.range.start.line + 1;
      return [
        this.action(document, diagnostic, { fix, line }),
        this.action(document, diagnostic, { fix, line: undefined }),
      ];
    });
  }

  /** What it changes is asked when it is chosen: the backend knows which part of the line is the text. */
  async resolveCodeAction(action: vscode.CodeAction): Promise<vscode.CodeAction> {
    const choice = this.choices.get(action);
    if (choice === undefined) return action;
    try {
      action.edit = await this.editOf(choice.document, choice);
    } catch (error) {
      this.services.showError(error);
    }
    return action;
  }

  private action(
    document: vscode.TextDocument,
    diagnostic: vscode.Diagnostic,
    choice: Choice,
  ): vscode.CodeAction {
    const action = new vscode.CodeAction(titleOf(choice), vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = choice.line !== undefined;
    this.choices.set(action, { ...choice, document });
    return action;
  }

  private async editOf(document: vscode.TextDocument, { fix, line }: Choice): Promise<vscode.WorkspaceEdit> {
    // The backend reads the file: what is typed and not saved yet is not in it.
    if (document.isDirty) await document.save();
    const { edits } = await this.services.client.call(datasetsFixes, {
      path: document.uri.fsPath,
      fix,
      ...(line !== undefined && { line }),
    });
    const edit = new vscode.WorkspaceEdit();
    for (const { line: first, lines, before, after } of edits) {
      const last = document.lineAt(first + lines - 2);
      const range = new vscode.Range(first - 1, 0, last.lineNumber, last.text.length);
      const ending = before.endsWith('\r') ? -1 : undefined;
      if (document.getText(range).replaceAll('\r', '') === before.replaceAll('\r', ''))
        edit.replace(document.uri, range, ending === undefined ? after : after.slice(0, ending));
    }
    return edit;
  }
}

const fixes: readonly TextFix[] = ['letters', 'digits', 'invisible', 'halfSpace', 'spaces'];

function fixOf({ source, code }: vscode.Diagnostic): TextFix | undefined {
  return source === 'Goya' ? fixes.find((fix) => code === `text.${fix}`) : undefined;
}

function titleOf({ fix, line }: Choice): string {
  const here = line !== undefined;
  switch (fix) {
    case 'letters':
      return here ? t('Use Persian letters in this row') : t('Use Persian letters in all rows');
    case 'digits':
      return here ? t('Use Persian digits in this row') : t('Use Persian digits in all rows');
    case 'invisible':
      return here ? t('Remove unseen signs in this row') : t('Remove unseen signs in all rows');
    case 'halfSpace':
      return here
        ? t('Set zero-width non-joiners right in this row')
        : t('Set zero-width non-joiners right in all rows');
    case 'spaces':
      return here ? t('Set spaces right in this row') : t('Set spaces right in all rows');
  }
}
