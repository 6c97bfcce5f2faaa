/** What the editor knows about training configs, together: made when the first one is opened. */
import type * as vscode from 'vscode';
import { toStudioError } from '../../protocol/wire/errors';
import type { Services } from '../services';
import { ConfigDiagnostics } from './diagnostics';
import { ConfigLenses } from './lens';
import { completePaths } from './pathCompletion';
import { quickFixes } from './quickFixes';
import { SchemaDocument } from './schemaDocument';
import { taskList } from './tasks';

export interface ConfigLanguage {
  readonly diagnostics: ConfigDiagnostics;
  readonly lenses: ConfigLenses;
  /** What VS Code's JSON support completes, explains and checks by. */
  readonly schema: SchemaDocument;
  completePaths(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.CompletionItem[]>;
  quickFixes(
    document: vscode.TextDocument,
    range: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]>;
}

export function createConfigLanguage(services: Services): ConfigLanguage {
  const tasks = taskList(services);
  const diagnostics = new ConfigDiagnostics(services);
  const lenses = new ConfigLenses(services);
  const schema = new SchemaDocument(services, tasks);
  services.context.subscriptions.push(diagnostics, lenses, schema);
  /** Help comes unasked while one types: a backend that does not run must not pop up messages. */
  const quietly = async <T>(work: () => Promise<T[]>): Promise<T[]> => {
    try {
      return await work();
    } catch (error) {
      services.log.warn(`no help for the training config: ${toStudioError(error).message}`);
      return [];
    }
  };
  return {
    diagnostics,
    lenses,
    schema,
    completePaths: (document, position) =>
      quietly(async () => completePaths(document, position, await tasks())),
    quickFixes: (document, range, context) =>
      quietly(async () => {
        const findings = await diagnostics.found(document);
        if (findings.length === 0) return [];
        const { diagnostics: shown } = context;
        return quickFixes({ document, range, diagnostics: shown, findings, tasks: await tasks() });
      }),
  };
}
