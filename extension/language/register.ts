import * as vscode from 'vscode';
import {
  schemes,
  trainingConfigLanguage,
  trainingConfigPattern,
  trainingConfigSuffix,
} from '../contributions';
import { once } from '../coalesce';
import type { LoadStudio } from '../studio';
import type { ConfigLanguage } from './configLanguage';

/** Files on disk, and those that are not saved yet. */
const documentSchemes = ['file', 'untitled'];
const selector: vscode.DocumentSelector = documentSchemes.map((scheme) => ({
  language: trainingConfigLanguage,
  pattern: trainingConfigPattern,
  scheme,
}));

/** Registers names only; the first training config that is looked at brings the rest. */
export function registerLanguage(studio: LoadStudio): vscode.Disposable[] {
  const language = async (): Promise<ConfigLanguage> => (await studio()).configLanguage();
  const lensChanges = new vscode.EventEmitter<void>();
  const withLanguage = (document: vscode.TextDocument, use: (loaded: ConfigLanguage) => void): void => {
    if (isTrainingConfig(document)) void language().then(use);
  };
  const schemaChanges = new vscode.EventEmitter<vscode.Uri>();
  const schema = once(async () => {
    const loaded = (await language()).schema;
    loaded.onDidChange((uri) => schemaChanges.fire(uri));
    return loaded;
  });
  const lenses = once(async () => {
    const loaded = await language();
    loaded.lenses.onDidChange(() => lensChanges.fire());
    return loaded.lenses;
  });
  for (const document of vscode.workspace.textDocuments)
    withLanguage(document, ({ diagnostics }) => diagnostics.check(document, 0));
  return [
    new vscode.Disposable(() => lensChanges.dispose()),
    new vscode.Disposable(() => schemaChanges.dispose()),
    vscode.workspace.registerTextDocumentContentProvider(schemes.schema, {
      onDidChange: schemaChanges.event,
      provideTextDocumentContent: async () => (await schema()).text(),
    }),
    vscode.workspace.onDidOpenTextDocument((document) =>
      withLanguage(document, ({ diagnostics }) => diagnostics.check(document, 0)),
    ),
    vscode.workspace.onDidChangeTextDocument(({ document }) =>
      withLanguage(document, ({ diagnostics }) => diagnostics.check(document)),
    ),
    vscode.workspace.onDidCloseTextDocument((document) =>
      withLanguage(document, ({ diagnostics }) => diagnostics.close(document)),
    ),
    vscode.languages.registerCompletionItemProvider(
      selector,
      {
        provideCompletionItems: async (document, position) =>
          (await language()).completePaths(document, position),
      },
      '"',
      '/',
    ),
    vscode.languages.registerCodeActionsProvider(
      selector,
      {
        provideCodeActions: async (document, range, context) =>
          (await language()).quickFixes(document, range, context),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: lensChanges.event,
      provideCodeLenses: async (document) => (await lenses()).provide(document),
    }),
  ];
}

function isTrainingConfig(document: vscode.TextDocument): boolean {
  return documentSchemes.includes(document.uri.scheme) && document.uri.path.endsWith(trainingConfigSuffix);
}
