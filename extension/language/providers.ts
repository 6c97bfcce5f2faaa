/** Completion and hover for training configs, from the tasks' own schemas. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { TrainingTaskInfo } from '../../protocol/model/plugin';
import { completionsAt, type PathSuggestions, type Suggestion } from './complete';
import { hoverAt } from './hover';
import type { Span } from './pointer';

type Tasks = () => Promise<readonly TrainingTaskInfo[]>;

export async function provideCompletions(
  document: vscode.TextDocument,
  position: vscode.Position,
  tasks: Tasks,
): Promise<vscode.CompletionItem[]> {
  const offset = document.offsetAt(position);
  const { suggestions, paths } = completionsAt(document.getText(), offset, await tasks());
  const items = suggestions.map((suggestion) => completionItem(document, suggestion));
  return paths === undefined ? items : [...items, ...(await pathItems(document, paths))];
}

export async function provideHover(
  document: vscode.TextDocument,
  position: vscode.Position,
  tasks: Tasks,
): Promise<vscode.Hover | undefined> {
  const found = hoverAt(document.getText(), document.offsetAt(position), await tasks());
  if (found === undefined) return undefined;
  return new vscode.Hover(new vscode.MarkdownString(found.markdown), rangeOf(document, found.span));
}

function completionItem(document: vscode.TextDocument, suggestion: Suggestion): vscode.CompletionItem {
  const item = new vscode.CompletionItem(
    { label: suggestion.label, description: suggestion.detail },
    suggestion.kind === 'property' ? vscode.CompletionItemKind.Property : vscode.CompletionItemKind.Value,
  );
  item.insertText = new vscode.SnippetString(suggestion.insert);
  item.range = rangeOf(document, suggestion.replace);
  // What is typed includes the quote: the filter must see one too.
  item.filterText = JSON.stringify(suggestion.label);
  item.sortText = `${suggestion.first ? '0' : '1'}${suggestion.label}`;
  item.documentation = new vscode.MarkdownString(suggestion.documentation);
  return item;
}

/** Files and folders beside the config that go on from what is typed; a folder asks on for what is in it. */
async function pathItems(
  document: vscode.TextDocument,
  paths: PathSuggestions,
): Promise<vscode.CompletionItem[]> {
  const folderPart = paths.typed.slice(0, paths.typed.lastIndexOf('/') + 1);
  const folder = vscode.Uri.file(path.resolve(path.dirname(document.uri.fsPath), folderPart));
  let entries: [string, vscode.FileType][];
  try {
    entries = await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return []; // What is typed leads to no folder: nothing to offer, and the diagnostics say so.
  }
  return entries
    .filter(([name]) => !name.startsWith('.') && name !== 'node_modules')
    .map(([name, type]) => {
      const isFolder = type === vscode.FileType.Directory;
      const whole = `${folderPart}${name}${isFolder ? '/' : ''}`;
      const item = new vscode.CompletionItem(
        name,
        isFolder ? vscode.CompletionItemKind.Folder : vscode.CompletionItemKind.File,
      );
      item.insertText = JSON.stringify(whole);
      item.filterText = JSON.stringify(whole);
      item.range = rangeOf(document, paths.replace);
      item.sortText = `${isFolder ? '0' : '1'}${name}`;
      return item;
    });
}

function rangeOf(document: vscode.TextDocument, span: Span): vscode.Range {
  return new vscode.Range(document.positionAt(span.offset), document.positionAt(span.offset + span.length));
}
