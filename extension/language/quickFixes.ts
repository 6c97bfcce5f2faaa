/** Quick fixes for training configs: what the backend says would mend a problem, and a file picked by hand. */
import * as vscode from 'vscode';
import type { ConfigFix } from '../../protocol/model/configFix';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { commands } from '../contributions';
import { isolate } from '../text/bidi';
import { t } from '../text/translate';
import { changeOf } from './edits';
import { touch, type Finding } from './findings';
import { isPathField } from './paths';
import { pointerParts, type Span } from './pointer';
import { rangeOf } from './pointerRange';

export interface FixRequest {
  readonly document: vscode.TextDocument;
  readonly range: vscode.Range;
  readonly diagnostics: readonly vscode.Diagnostic[];
  readonly findings: readonly Finding[];
  readonly tasks: readonly TrainingTaskInfo[];
}

export function quickFixes(request: FixRequest): vscode.CodeAction[] {
  const { document, range, findings } = request;
  const start = document.offsetAt(range.start);
  const here: Span = { offset: start, length: document.offsetAt(range.end) - start };
  return findings.filter(({ span }) => touch(span, here)).flatMap((finding) => fixesOf(finding, request));
}

function fixesOf(finding: Finding, { document, diagnostics, tasks }: FixRequest): vscode.CodeAction[] {
  const text = document.getText();
  const { problem, span } = finding;
  const place = rangeOf(document, span);
  const about = diagnostics.filter((one) => one.range.intersection(place) !== undefined);
  const make = (title: string): vscode.CodeAction => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [...about];
    return action;
  };
  const made = (problem.fixes ?? []).flatMap((fix, i) => {
    const action = make(titleOf(fix, findingHas(text, finding)));
    const change = changeOf(text, fix, layoutOf(document));
    if (change === undefined || isEmptyPath(fix, text, tasks)) return [];
    action.edit = new vscode.WorkspaceEdit();
    action.edit.replace(document.uri, rangeOf(document, change), change.text);
    action.isPreferred = i === 0;
    return [action];
  });
  if (document.uri.scheme !== 'file' || !isPathField(text, problem.path, tasks)) return made;
  const pick = make(t('Pick a File or Folder…'));
  pick.command = {
    title: pick.title,
    command: commands.pickConfigPath,
    arguments: [document.uri, problem.path],
  };
  return [...made, pick];
}

/** An empty path would only be the next problem: it is picked instead. */
function isEmptyPath(fix: ConfigFix, text: string, tasks: readonly TrainingTaskInfo[]): boolean {
  return fix.kind === 'set' && fix.value === '' && isPathField(text, fix.path, tasks);
}

/** Whether what the problem is about stands in the text, rather than being missing from it. */
function findingHas(text: string, { problem, span }: Finding): boolean {
  const name = pointerParts(problem.path).at(-1) ?? '';
  if (problem.code === 'schema.missing') return false;
  return (
    /^\d+$/.test(name) || text.slice(span.offset, span.offset + span.length).includes(JSON.stringify(name))
  );
}

function titleOf(fix: ConfigFix, present: boolean): string {
  const name = (pointer: string): string => isolate(pointerParts(pointer).at(-1) ?? '');
  switch (fix.kind) {
    case 'set':
      return present
        ? t('Change to {0}', isolate(short(fix.value)))
        : t('Insert {0}: {1}', name(fix.path), isolate(short(fix.value)));
    case 'move': {
      const target = pointerParts(fix.to);
      const same = target.slice(0, -1).join('/') === pointerParts(fix.path).slice(0, -1).join('/');
      return same ? t('Rename to {0}', name(fix.to)) : t('Move to {0}', isolate(target.join('.')));
    }
    case 'remove':
      return t('Remove {0}', name(fix.path));
  }
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** As the editor types in this file. */
export function layoutOf(document: vscode.TextDocument) {
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  const { tabSize, insertSpaces } = editor?.options ?? {};
  return {
    tabSize: typeof tabSize === 'number' ? tabSize : 2,
    insertSpaces: insertSpaces !== false,
    eol: document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n',
  };
}
